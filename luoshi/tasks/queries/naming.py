"""From what somebody types to a unit or a selector."""

from datetime import date

from django.utils.translation import gettext as _

from luoshi.directives.queries import get_unit_index
from luoshi.directives.rules import UnitIndex, match_name
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.orgs.rules import Access
from luoshi.tasks.rules.duties import DutyRow


class NameReader:
    """Reads the names typed into one form; the index of units is loaded once, and only when a name needs it."""

    def __init__(self, access: Access, *, home: Unit, today: date) -> None:
        self.access, self.home, self.today = access, home, today
        self._index: UnitIndex | None = None

    def read(self, name: str, *, role: str) -> DutyRow:
        """The unit or selector that is meant, as a row. Raises UnknownUnit, which says what might be meant."""
        try:
            return DutyRow(role, parse_unit(name, self.access).pk, name)
        except UnknownUnit as unknown:
            match = match_name(name, index=self.index, scope_path=self.home.path or "")
            if match.unit_id or match.selector:
                return DutyRow(role, match.unit_id, name, match.selector or "")
            offered = [self.index.units[pk] for pk, _score in match.candidates if pk in self.index.units]
            if not offered:
                raise
            names = "、".join(unit.short_name or unit.name for unit in offered)
            raise UnknownUnit(f"{unknown.sentence} {_('Perhaps:')} {names}") from unknown

    @property
    def index(self) -> UnitIndex:
        if self._index is None:
            self._index = get_unit_index(self.home, today=self.today)
        return self._index

"""What stands around the proposals of a review, each read only when a template shows it."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from luoshi.core.policy import get_policy
from luoshi.directives.models import Directive, Goal, Proposal
from luoshi.directives.queries import (
    HEADING_LENGTH,
    LostName,
    count_selected,
    get_columns,
    get_replaced_for,
    list_goals,
    list_lost_names,
    list_predecessors,
    may_change,
)
from luoshi.directives.rules import UnitIndex
from luoshi.directives.rules.burden import Limits, Note, count_units, find_burdens, is_own
from luoshi.directives.rules.versions import Known, find_superseded
from luoshi.orgs.middleware import SignedRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COLUMN_ROLES: dict[str, "StrOrPromise"] = {
    "text": _("the task itself"),
    "lead": _("lead unit"),
    "joint": _("jointly responsible"),
    "co": _("co-unit"),
    "guide": _("guiding unit"),
    "verifier": _("verifying unit"),
    "due": _("due"),
    "people": _("people"),
    "serial": _("serial number"),
    "": _("nothing: leave it out"),
}


class Panels:
    """Names, columns, goals, versions and notes of one directive, as the reader may see and answer them."""

    def __init__(
        self, request: SignedRequest, directive: Directive, proposals: list[Proposal], *, index: UnitIndex,
        may_edit: bool,
    ) -> None:  # fmt: skip
        self.request, self.directive, self.proposals = request, directive, proposals
        self.index, self.may_edit = index, may_edit

    @cached_property
    def replaced(self) -> Directive | None:
        """The directive that this one replaces, where the reader may see it."""
        return get_replaced_for(self.request.access, self.directive)

    @cached_property
    def lost(self) -> list[LostName]:
        """Names that matched no unit, each once."""
        return list_lost_names(self.proposals) if self.may_edit else []

    @cached_property
    def may_remember(self) -> bool:
        """May the reader keep a name as a unit's alias?"""
        return may_change(self.request.access, self.directive, verb="remember")

    @cached_property
    def goals(self) -> list[Goal]:
        """The document's own indicators: all during review, the accepted ones afterwards."""
        found = list_goals(self.directive)
        return found if self.may_edit else [goal for goal in found if goal.state == "accepted"]

    @cached_property
    def headings(self) -> list[str]:
        """Table headings that nobody could read yet, each once."""
        if not self.may_edit:
            return []
        unread = dict.fromkeys(
            heading.strip()
            for table in self.directive.tables
            for heading, role in zip(table["headings"], table["roles"], strict=False)
            if not role and heading.strip() and len(heading.strip()) <= HEADING_LENGTH
        )
        known = get_columns(self.directive.unit) if unread else {}
        return [heading for heading in unread if heading not in known]

    @property
    def column_roles(self) -> dict[str, "StrOrPromise"]:
        """What a column may be read as."""
        return COLUMN_ROLES

    @cached_property
    def predecessors(self) -> list[Directive]:
        """Earlier directives of the unit that this one may replace."""
        return list_predecessors(self.directive.unit, before=self.directive) if self.may_edit else []

    @cached_property
    def suggested(self) -> tuple[Directive, str] | None:
        """The directive that the text says it replaces, with the words that say so."""
        if self.directive.supersedes_id or not self.predecessors:
            return None
        known = [Known(d.pk, d.title, d.number) for d in self.predecessors]
        found = find_superseded(self.directive.text, title=self.directive.title, known=known)
        return (next(d for d in self.predecessors if d.pk == found[0]), found[1]) if found else None

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What the document will cost those below, when it is the unit's own and may still be changed."""
        unit, policy = self.directive.unit, get_policy()
        if not self.may_edit or not is_own(self.directive.issuer, names=(unit.name, unit.short_name)):
            return ()
        named = [(u["unit"] or 0, u["selector"]) for p in self.proposals for u in p.units]
        sizes = count_selected(self.index, self.proposals, scope_path=unit.path or "")
        limits = Limits(policy.paper_length, policy.special_paper_length)
        single = sorted({u["start"] for p in self.proposals for u in p.units if u["start"] and not u["selector"]})
        return find_burdens(
            self.directive.text, title=self.directive.title, units=count_units(named, sizes=sizes), limits=limits,
            mentions=single,
        )  # fmt: skip

"""Setting the table of lights: a new row, so that every table that ever held stays readable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from luoshi.core.actions import hold_journal, record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.orgs.models import Person
from luoshi.progress.models.following import LightTable
from luoshi.progress.queries.tables import FAULT_SENTENCES, forget_table, get_newest
from luoshi.progress.rules.palettes import changed_lines, find_faults, palette_of


class SenselessTable(Refusal):
    """A table in which the colours contradict each other."""

    status = 422
    sentence = gettext_lazy("The table contradicts itself.")


class NoTableReason(Refusal):
    """A change for everybody without a reason."""

    status = 422
    sentence = gettext_lazy("Say why the lights change: everybody whose light turns will ask.")


class SameTable(Refusal):
    """Nothing would change."""

    sentence = gettext_lazy("This is the table that holds already.")


@dataclass(frozen=True, slots=True)
class TableGiven:
    """A table as somebody filled it in: palette, colour of each line, numbers, and how a caught-up month shows."""

    palette: str
    colours: Mapping[str, str]
    numbers: Mapping[str, int]
    caught_up: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Only what differs from the palette."""
        return changed_lines(self.palette, self.colours)

    @property
    def policy_fields(self) -> dict[str, Any]:
        """The table as fields of the policy."""
        lines = tuple(sorted(self.lines))
        return {"palette": self.palette, "light_lines": lines, "caught_up": self.caught_up, **self.numbers}


def check_table(given: TableGiven) -> None:
    """Raises SenselessTable."""
    palette = palette_of(given.palette, given.lines)
    numbers = given.numbers
    faults = find_faults(palette, behind_yellow=numbers["behind_yellow"], behind_red=numbers["behind_red"])
    if faults:
        raise SenselessTable(FAULT_SENTENCES[faults[0]])


def set_table(given: TableGiven, *, reason: str, base: int, by: Person, now: datetime) -> LightTable:
    """Let this table hold from now on. `base` is the key of the table that was edited, 0 for the preset.

    Raises SenselessTable, NoTableReason, SameTable, EditConflict.
    """
    check_table(given)
    if not reason.strip():
        raise NoTableReason
    with transaction.atomic():
        hold_journal()
        held = get_newest()
        if (held.pk if held else 0) != base:
            raise EditConflict
        table = LightTable(
            made_at=now, made_by=by, palette=given.palette, lines=dict(given.lines), reason=reason.strip(),
            thresholds={**given.numbers, "caught_up": given.caught_up},
        )  # fmt: skip
        if held and _told(held) == _told(table):
            raise SameTable
        table.save()
        record_entry(
            "set_light_table", by=by, now=now, subject=table, before=_told(held) if held else {}, after=_told(table),
            reason=table.reason,
        )  # fmt: skip
        transaction.on_commit(forget_table)
    forget_table()
    return table


def _told(table: LightTable) -> dict[str, Any]:
    return {"palette": table.palette, "lines": table.lines, "thresholds": table.thresholds}

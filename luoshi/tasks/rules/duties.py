"""What each unit owes in a task: rows as typed or as read from a directive, one role for each unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from luoshi.tasks.rules.states import DutyRole

STRENGTH = (DutyRole.LEAD, DutyRole.JOINT, DutyRole.CO, DutyRole.GUIDE, DutyRole.VERIFIER)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One duty: a unit, or a selector (各乡镇), or a name that matched nothing, with its own text and date."""

    role: str
    unit_id: int | None = None
    name: str = ""
    selector: str = ""
    text: str = ""
    due_date: date | None = None


def merge_duties(rows: Iterable[DutyRow]) -> list[DutyRow]:
    """Each unit once among the doers, in its strongest role: who is named lead and co leads. The order is kept."""
    found: dict[object, DutyRow] = {}
    for row in rows:
        # Guiding or verifying is another matter than doing, so a unit may hold that beside its part in the work.
        aside = row.role if row.role in (DutyRole.GUIDE, DutyRole.VERIFIER) else "doing"
        key = (row.unit_id or row.selector or row.name, aside)
        kept = found.get(key)
        if kept is None or STRENGTH.index(DutyRole(row.role)) < STRENGTH.index(DutyRole(kept.role)):
            found[key] = row
    return list(found.values())


def read_duties(units: Iterable[Mapping[str, Any]]) -> list[DutyRow]:
    """The duties of a proposal, from its list of units as stored."""
    return merge_duties(
        DutyRow(
            role=str(unit["role"]),
            unit_id=unit.get("unit"),
            name=str(unit.get("name", ""))[:120],
            selector=str(unit.get("selector") or "")[:120],
        )
        for unit in units
        if unit.get("unit") or unit.get("selector") or unit.get("name")
    )


def name_one_lead(rows: Iterable[DutyRow], *, unit_id: int) -> list[DutyRow]:
    """The unit leads and the other leading or jointly responsible units work with it."""
    return [
        DutyRow(_role_beside(row, unit_id), row.unit_id, row.name, row.selector, row.text, row.due_date) for row in rows
    ]


def _role_beside(row: DutyRow, unit_id: int) -> str:
    if row.role not in (DutyRole.LEAD, DutyRole.JOINT, DutyRole.CO):
        return row.role
    return DutyRole.LEAD if row.unit_id == unit_id else DutyRole.CO

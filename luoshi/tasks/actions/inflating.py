"""Going on where more is asked than was asked from above: only with a reason, and the reason is kept.

Every act that asks units for something calls one of these: giving down (list_raises, keep_raises), dispatch and edits
of what was dispatched (let_pass). The rule behind them is one, rules.inflation.find_raises.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from luoshi.core.errors import Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.batches import Giving
from luoshi.tasks.models import Inflation, InflationSight, Task
from luoshi.tasks.queries.growing import Growth, explain_growth, list_growth
from luoshi.tasks.queries.inflating import covers_all, get_asked, get_limits, list_given
from luoshi.tasks.rules.cascade import ParentFacts, Share
from luoshi.tasks.rules.inflation import Raise, find_raises

JOURNALLED = 500  # lines in an entry; the rows hold them all


class UnexplainedInflation(Refusal):
    """More is asked of the parts than was asked from above, and nobody says why; `lines` say what."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        super().__init__(_("More is asked than was asked from above. Say why, or take it back. ") + " ".join(lines))


def list_raises(
    task: Task, shares: Sequence[Share], *, facts: ParentFacts, giving: Giving, cadence: str | None = None
) -> tuple[Raise, ...]:
    """In what the shares ask for more than the task does."""
    asked = get_asked(task, facts, today=giving.today)
    needs_all = asked.less and asked.summed
    return find_raises(
        asked, list_given(task, shares, cadence=cadence), limits=get_limits(), given_before=facts.given_value,
        is_all=not needs_all or covers_all(shares, given=facts.given),
    )  # fmt: skip


def keep_raises(
    task: Task, raises: Sequence[Raise], *, parts: Mapping[int, int], reason: str, giving: Giving
) -> list[dict[str, object]]:
    """Store what is let pass, one row a part and kind, for use inside an action; the lines for its entry.

    `parts` are the new tasks by unit.
    """
    rows = [(raised, None if raised.part is None else parts[raised.part], giving.owner) for raised in raises]
    _write(task, rows, reason=reason, by=giving.by, now=giving.now)
    return _lines(raises, key="unit")


def let_pass(
    tasks: Sequence[Task], *, by: Person, now: datetime, today: date, reason: str = "",
    changes: Mapping[int, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """For use inside an action that dispatches the tasks, or (`changes`: fields by task) changes dispatched ones.

    Where that asks more of units than was asked from above, it is stored with the reason; the notes for the entry are
    returned, none where nothing more is asked. To be called before the change is written. Raises UnexplainedInflation.
    """
    found = [growth for growth in list_growth(tasks, today=today, changes=changes) if growth.raises]
    if not found:
        return {}
    if not reason.strip():
        raise UnexplainedInflation(explain_growth(found))
    return keep_growth(found, reason=reason, by=by, now=now)


def keep_growth(found: Sequence[Growth], *, reason: str, by: Person, now: datetime) -> dict[str, Any]:
    """Store what was found, with its reason, for use inside an action; the notes for its entry."""
    for growth in found:
        rows = [(raised, raised.part, growth.giver_of(raised.part)) for raised in growth.raises]
        _write(growth.parent, rows, reason=reason.strip(), by=by, now=now)
    return {"reason": reason.strip(), "inflation": [line for g in found for line in _lines(g.raises)][:JOURNALLED]}


def mark_seen(person: Person, *, last: int) -> None:
    """The person has looked through what was let pass, up to the row of this key; a note for them alone, no entry."""
    sight, is_new = InflationSight.objects.get_or_create(person=person, defaults={"last": last})
    if not is_new:
        InflationSight.objects.filter(pk=sight.pk, last__lt=last).update(last=last)


def _write(
    task: Task, rows: Sequence[tuple[Raise, int | None, Unit]], *, reason: str, by: Person, now: datetime
) -> None:
    Inflation.objects.bulk_create(
        [
            Inflation(
                task=task, part_id=part, unit=unit, kind=r.kind.value, figure=r.figure, was=r.was[:200],
                now=r.now[:200], reason=reason, by=by, at=now,
            )
            for r, part, unit in rows
        ],
        batch_size=1000,
    )  # fmt: skip


def _lines(raises: Sequence[Raise], *, key: str = "part") -> list[dict[str, object]]:
    return [
        {"kind": r.kind.value, key: r.part, "figure": r.figure, "was": r.was, "now": r.now} for r in raises[:JOURNALLED]
    ]

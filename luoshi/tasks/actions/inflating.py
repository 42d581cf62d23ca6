"""Going on where more is asked than was asked from above: only with a reason, and the reason is kept."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from luoshi.core.errors import Refusal
from luoshi.orgs.models import Unit
from luoshi.tasks.actions.batches import Giving
from luoshi.tasks.models import Inflation, Task
from luoshi.tasks.queries.inflating import covers_all, explain_raises, get_asked, get_limits, list_given
from luoshi.tasks.rules.cascade import ParentFacts, Share
from luoshi.tasks.rules.inflation import Raise, find_raises


class UnexplainedInflation(Refusal):
    """More is asked of the parts than was asked from above, and nobody says why; `raises` are what."""

    def __init__(self, raises: Sequence[Raise], *, units: Mapping[int, Unit]) -> None:
        self.raises = raises
        lines = explain_raises(raises, names={pk: str(unit) for pk, unit in units.items()})
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
    Inflation.objects.bulk_create(
        [
            Inflation(
                task=task, part_id=None if r.part is None else parts[r.part], unit=giving.owner, kind=r.kind.value,
                figure=r.figure, was=r.was[:200], now=r.now[:200], reason=reason, by=giving.by, at=giving.now,
            )
            for r in raises
        ],
        batch_size=1000,
    )  # fmt: skip
    return [
        {"kind": r.kind.value, "unit": r.part, "figure": r.figure, "was": r.was, "now": r.now} for r in raises[:500]
    ]

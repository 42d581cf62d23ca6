"""How concrete a directive is: of its tasks, how many say who, by when, how much, and how one sees that it is done.

0 to 100: the mean of five shares, each told with its count, so that the figure can be gone over line by line. It is
about a paper, never about a unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from luoshi.tasks.rules.linter.facts import LintFacts
from luoshi.tasks.rules.linter.what import RESULTS
from luoshi.tasks.rules.states import DOING, LEADING

HUNDRED = Decimal(100)
TENTH = Decimal("0.1")
PARTS = ("owner", "date", "number", "standard", "result")


@dataclass(frozen=True, slots=True)
class Measured:
    """One part of the score: how many of the tasks have it."""

    part: str
    count: int
    of: int

    @property
    def percent(self) -> Decimal:
        return (HUNDRED * self.count / self.of).quantize(TENTH, ROUND_HALF_UP) if self.of else Decimal(0)


@dataclass(frozen=True, slots=True)
class Concreteness:
    """The score of a directive with the lines it comes from; None where there is no task to speak of."""

    score: Decimal | None
    parts: tuple[Measured, ...]


def concreteness(tasks: Iterable[LintFacts]) -> Concreteness:
    """Score the tasks of one directive together."""
    marks = [_marks(facts) for facts in tasks]
    parts = tuple(Measured(part, sum(m[n] for m in marks), len(marks)) for n, part in enumerate(PARTS))
    if not marks:
        return Concreteness(None, parts)
    share = Decimal(sum(p.count for p in parts)) / (len(PARTS) * len(marks))
    return Concreteness((HUNDRED * share).quantize(TENTH, ROUND_HALF_UP), parts)


def _marks(facts: LintFacts) -> tuple[bool, ...]:
    doing = [d for d in facts.duties if d.role in DOING and (d.unit_id is not None or d.selector or d.name)]
    leading = [d for d in doing if d.role in LEADING]
    return (
        len(leading) == 1 or any(d.role == "lead" for d in leading),
        facts.due_date is not None or (facts.review_date is not None and bool(facts.cadence)),
        facts.target_value is not None,
        bool(facts.standard.strip()),
        bool(RESULTS.search(facts.standard) or RESULTS.search(facts.requirement)),
    )

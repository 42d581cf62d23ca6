"""盘点会: which few tasks a leader looks at, and in which order. Pure rules.

| # | what decides                    | order                                                     |
|---|---------------------------------|-----------------------------------------------------------|
| 1 | red and critical                | first                                                     |
| 2 | decisions that wait for somebody | more open questions first, those past their day counted   |
| 3 | the light                       | red, yellow, then the rest                                |
| 4 | the tier                        | critical, key, routine                                    |
| 5 | something named that blocks it  | before what nobody says anything of                       |
| 6 | the due date                    | earlier first, undated last                               |

Only what is red, what is critical and not fine, and what waits for a decision comes in at all. Of one tree one task is
listed, at the place of the worst in it: the task above all that fit, else the top, with the worst parts named under it.
At most twelve: a stocktake that looks at everything decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST = 12
PARTS = 5
RED, YELLOW = 1, 2
CRITICAL, KEY = 1, 2


class Why(StrEnum):
    """Why a task is in the pack."""

    RED_CRITICAL = "red_critical"
    WAITS = "waits"
    RED = "red"
    CRITICAL = "critical"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task as the choice needs it; `light` is its code, `path` its line in the tree, `top_id` the top of that."""

    task_id: int
    path: str
    tier: int
    light: int
    open_questions: int = 0
    late_questions: int = 0
    is_blocked: bool = False
    due_date: date | None = None
    top_id: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A task of the pack, why it is there, and the worst of its parts that would be there too."""

    task_id: int
    why: Why
    parts: tuple[int, ...] = ()


def why(candidate: Candidate) -> Why | None:
    """Why the rule takes a task in; None where it does not."""
    if candidate.light == RED and candidate.tier == CRITICAL:
        return Why.RED_CRITICAL
    if candidate.open_questions:
        return Why.WAITS
    if candidate.light == RED:
        return Why.RED
    return Why.CRITICAL if candidate.tier == CRITICAL and candidate.light == YELLOW else None


def choose(candidates: Iterable[Candidate], *, most: int = MOST) -> list[Chosen]:
    """The tasks of a pack in their order."""
    trees: dict[int, list[Candidate]] = {}
    for candidate in sorted((c for c in candidates if why(c)), key=_place):
        trees.setdefault(candidate.top_id or candidate.task_id, []).append(candidate)
    return [_choose_of(top, tree) for top, tree in list(trees.items())[:most]]


def _choose_of(top: int, tree: Sequence[Candidate]) -> Chosen:
    """What stands for one tree, of which these fit, the worst first."""
    above = next((c.task_id for c in tree if all(other.path.startswith(c.path) for other in tree)), top)
    parts = tuple(c.task_id for c in tree if c.task_id != above)
    return Chosen(above, why(tree[0]) or Why.CHOSEN, parts[:PARTS])


def _place(candidate: Candidate) -> tuple[bool, int, int, int, bool, date, int]:
    return (
        not (candidate.light == RED and candidate.tier == CRITICAL),
        -(candidate.open_questions + candidate.late_questions),
        candidate.light if candidate.light in (RED, YELLOW) else YELLOW + 1,
        candidate.tier,
        not candidate.is_blocked,
        candidate.due_date or date.max,
        candidate.task_id,
    )


def reorder(held: Sequence[int], *, kept: Iterable[int], added: Iterable[int] = (), most: int = MOST) -> list[int]:
    """The pack after somebody edited it: what is kept in its given order, then what was added, each once."""
    known = set(held)
    wanted = [*(pk for pk in kept if pk in known), *added]
    return list(dict.fromkeys(wanted))[:most]


class RulingFault(StrEnum):
    """Why a decision cannot be recorded as it is."""

    NO_WORDS = "no_words"
    NO_UNIT = "no_unit"
    NO_DATE = "no_date"
    PAST = "past"
    NO_QUESTION = "no_question"


def fault_of_ruling(
    kind: str, *, text: str, unit_id: int | None, due: date | None, question_id: int | None, today: date
) -> RulingFault | None:
    """What is missing: a task needs its unit and day, an answer its question, all of them words."""
    if not text.strip():
        return RulingFault.NO_WORDS
    if kind == "answer":
        return RulingFault.NO_QUESTION if question_id is None else None
    if kind != "task":
        return None
    if unit_id is None:
        return RulingFault.NO_UNIT
    if due is None:
        return RulingFault.NO_DATE
    return RulingFault.PAST if due < today else None

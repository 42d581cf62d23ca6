"""转办、分办、并办: who proposes, who must consent, who decides, when a task changes hands. Pure rules.

| kind     | proposed by                         | consent of                          | decided by               |
|----------|-------------------------------------|-------------------------------------|--------------------------|
| transfer | the unit that leads, or the decider | the unit that is to take it over,   | office or head of whom   |
|          |                                     | unless a common superior orders it  | asked for the task       |
| split    | the unit that leads, or the decider | nobody: the sums are guarded        | the same                 |
| merge    | the unit that leads, or the decider | nobody                              | who decides on both      |

A common superior is who decides on the task and stands above the unit that is to take it over. Each needs a reason,
and nobody decides what they proposed for the unit that leads (domain handbook §1.2 rows 4 and 9, §5.2 推诿).
"""

from dataclasses import dataclass
from enum import StrEnum

from luoshi.orgs.rules import Access, Role

SUPERIORS = (Role.OFFICE, Role.HEAD)
CONSENTING = (Role.HEAD, Role.HANDLER, Role.OFFICE)


class Kind(StrEnum):
    """How a task changes hands."""

    TRANSFER = "transfer"
    SPLIT = "split"
    MERGE = "merge"


class ChangeFault(StrEnum):
    """Why a change of hands cannot be proposed as it is."""

    NO_REASON = "no_reason"
    NO_UNIT = "no_unit"
    SAME_UNIT = "same_unit"
    NO_TASK = "no_task"
    NO_PARTS = "no_parts"
    NO_CONSENT = "no_consent"


class Stage(StrEnum):
    """What a change waits for."""

    CONSENT = "consent"
    DECISION = "decision"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change of hands as its rules need it; `by_decider`: whoever proposed it decides on the task."""

    kind: str
    state: str
    by_id: int
    to_unit_id: int | None = None
    to_path: str = ""
    has_consent: bool = False


def fault_of_change(
    kind: str, *, reason: str, unit_id: int, to_unit_id: int | None, into_id: int | None, task_id: int, parts: int
) -> ChangeFault | None:
    """What is wrong with a proposal."""
    if not reason.strip():
        return ChangeFault.NO_REASON
    if kind == Kind.TRANSFER:
        if to_unit_id is None:
            return ChangeFault.NO_UNIT
        return ChangeFault.SAME_UNIT if to_unit_id == unit_id else None
    if kind == Kind.MERGE:
        return ChangeFault.NO_TASK if into_id is None or into_id == task_id else None
    return ChangeFault.NO_PARTS if parts < 1 else None


def is_common_superior(access: Access, *, to_path: str, decides: bool) -> bool:
    """Does this person decide on the task and stand above the unit that is to take it over?"""
    return decides and access.oversees(to_path, roles=SUPERIORS)


def needs_consent(access: Access, *, kind: str, to_path: str, decides: bool) -> bool:
    """Must the unit that takes it over agree, when this person decides?"""
    return kind == Kind.TRANSFER and not is_common_superior(access, to_path=to_path, decides=decides)


def may_consent(access: Access, facts: ChangeFacts) -> bool:
    """Whoever works for the unit that is to take it over, but not who proposed it."""
    if access.admin or facts.kind != Kind.TRANSFER or facts.to_unit_id is None or access.person_id == facts.by_id:
        return False
    return access.sits_in(facts.to_unit_id, roles=CONSENTING)


def stage_of(facts: ChangeFacts) -> Stage:
    """What an open change waits for first: the consent of a transfer, then the decision."""
    if facts.state not in ("proposed", "consented"):
        return Stage.DONE
    return Stage.CONSENT if facts.kind == Kind.TRANSFER and not facts.has_consent else Stage.DECISION


def is_shirked(changes: int, *, most: int) -> bool:
    """推诿: the lead changed more often than a task's lead should."""
    return changes > most

"""Who may do what to a task, in whose name, and the one next step for a person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from luoshi.orgs.rules import Access, Role
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, DOING, LEADING, STEPS, DutyRole, State, is_lawful

DECIDERS = (Role.OFFICE, Role.HEAD)
DRAFTERS = (Role.OFFICE, Role.HEAD, Role.SPONSOR)
DOERS = (Role.HEAD, Role.HANDLER)
CHECKERS = (Role.HEAD, Role.HANDLER, Role.OFFICE)
NAMERS = (Role.HEAD, Role.OFFICE)


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """A duty as access needs it; `unit_id` is None and `path` empty for a selector or an unmatched name."""

    unit_id: int | None
    path: str
    role: str
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task as access needs it. `is_done` is set by callers who know that the last report says 100 %."""

    owner_id: int
    owner_path: str
    state: str
    duties: tuple[DutyFacts, ...] = ()
    sponsor_id: int | None = None
    has_children: bool = False
    parent_lead_paths: tuple[str, ...] = ()
    is_done: bool = False

    def units(self, roles: Iterable[str]) -> list[int]:
        """The matched units that hold a duty of one of the roles, as written."""
        wanted = frozenset(roles)
        return [d.unit_id for d in self.duties if d.unit_id is not None and d.role in wanted]

    @property
    def lacks_lead(self) -> bool:
        """Several units share the work and none leads it."""
        doing = [d for d in self.duties if d.role in DOING and d.unit_id is not None]
        return len(doing) > 1 and not any(d.role == DutyRole.LEAD for d in doing)


def may_see(access: Access, facts: TaskFacts) -> bool:
    """Twin of TaskQuerySet.visible_to: who oversees the owner, a unit with a duty, or one that leads the parent."""
    if access.admin or facts.sponsor_id == access.person_id:
        return True
    paths = (facts.owner_path, *(d.path for d in facts.duties if d.unit_id is not None), *facts.parent_lead_paths)
    return any(access.oversees(path) for path in paths)


def may(access: Access, facts: TaskFacts, verb: str) -> bool:
    """May this person do this to the task, whatever its state? An administrator only sees."""
    if verb == "see":
        return may_see(access, facts)
    return not access.admin and _GATES[verb](access, facts)


def _may_draft(access: Access, facts: TaskFacts) -> bool:
    return access.oversees(facts.owner_path, roles=DRAFTERS) or access.sits_in(facts.owner_id, roles=[Role.HANDLER])


def _may_do(access: Access, facts: TaskFacts) -> bool:
    return any(access.sits_in(unit, roles=DOERS) for unit in facts.units(DOING))


def _may_lead(access: Access, facts: TaskFacts) -> bool:
    return any(access.sits_in(unit, roles=DOERS) for unit in facts.units(LEADING))


def _may_cascade(access: Access, facts: TaskFacts) -> bool:
    return _may_lead(access, facts) or access.oversees(facts.owner_path, roles=DECIDERS)


def _may_verify(access: Access, facts: TaskFacts) -> bool:
    if access.oversees(facts.owner_path, roles=[Role.OFFICE]):
        return True
    doing = set(facts.units(DOING))
    checkers = {facts.owner_id, *facts.units([DutyRole.VERIFIER])} - doing
    return any(access.sits_in(unit, roles=CHECKERS) for unit in checkers)


def _may_decide(access: Access, facts: TaskFacts) -> bool:
    if access.oversees(facts.owner_path, roles=DECIDERS):
        return True
    return facts.owner_id not in facts.units(DOING) and access.sits_in(facts.owner_id, roles=DOERS)


def _may_name_handler(access: Access, facts: TaskFacts) -> bool:
    return any(access.sits_in(unit, roles=NAMERS) for unit in facts.units(DOING))


def _may_answer_above(access: Access, facts: TaskFacts) -> bool:
    """Lead what another unit asked for: nobody objects to what they ask of themselves."""
    return facts.owner_id not in facts.units(LEADING) and _may_lead(access, facts)


def _may_change_hands(access: Access, facts: TaskFacts) -> bool:
    """Who leads the work proposes, who decides on it orders."""
    return _may_lead(access, facts) or _may_decide(access, facts)


_GATES: dict[str, Callable[[Access, TaskFacts], bool]] = {
    "draft": _may_draft,
    "steer": _may_draft,
    "dispatch": _may_draft,
    "name_lead": _may_draft,
    "withdraw": _may_draft,
    "acknowledge": _may_do,
    "report": _may_do,
    "plan": _may_lead,
    "extend": _may_lead,
    "submit": _may_lead,
    "cascade": _may_cascade,
    "verify": _may_verify,
    "return": _may_verify,
    "complete": _may_decide,
    "close": _may_decide,
    "reopen": _may_decide,
    "decide_extension": _may_decide,
    "adapt": _may_answer_above,
    "decide_adaptation": _may_decide,
    "tie": _may_answer_above,
    "name_handler": _may_name_handler,
    "place": _may_draft,
    "recall": _may_draft,
    "recall_parts": _may_cascade,
    "ask_coordination": _may_do,
    "ask_pause": _may_lead,
    "decide_pause": _may_decide,
    "suspend": _may_decide,
    "resume": _may_decide,
    "change_hands": _may_change_hands,
    "decide_change": _may_decide,
    "transfer": _may_decide,
    "merge": _may_decide,
}
_UNOFFERED = ("steer", "return", "complete", "transfer", "merge")  # steps that another step takes
_OFFERED = tuple(verb for verb in STEPS if verb not in _UNOFFERED)


def waits_for_acknowledgement(access: Access, facts: TaskFacts) -> bool:
    """Does a unit in which this person works still owe its 签收?"""
    return facts.state in ACTIVE and any(
        d.unit_id is not None and d.role in DOING and not d.acknowledged and access.sits_in(d.unit_id, roles=DOERS)
        for d in facts.duties
    )


def lawful_steps(access: Access, facts: TaskFacts) -> tuple[str, ...]:
    """Every step this person may take now, in the order of the task's life."""
    found = [verb for verb in _OFFERED if is_lawful(facts.state, verb) and may(access, facts, verb)]
    if "acknowledge" in found and not waits_for_acknowledgement(access, facts):
        found.remove("acknowledge")
    if "name_lead" in found and not facts.lacks_lead:
        found.remove("name_lead")
    if "recall" in found and not is_recallable(facts):
        found.remove("recall")
    if "recall_parts" in found and not facts.has_children:
        found.remove("recall_parts")
    return tuple(found)


def is_recallable(facts: TaskFacts) -> bool:
    """Has no unit taken note of it or given it down?"""
    return not facts.has_children and not any(d.acknowledged for d in facts.duties if d.role in DOING)


def primary_step(access: Access, facts: TaskFacts) -> str | None:
    """The one next lawful step for this person; None when the task waits for somebody else."""
    lawful = lawful_steps(access, facts)
    return next((verb for verb in _next_steps(facts) if verb in lawful), None)


def _next_steps(facts: TaskFacts) -> tuple[str, ...]:
    """What a task in this state waits for, the first that the person may do counts."""
    if facts.state in BEFORE_DISPATCH:
        return ("name_lead", "dispatch")
    if facts.state in (State.SUBMITTED, State.UNDER_VERIFICATION):
        return ("verify", "acknowledge")
    if facts.state == State.COMPLETED:
        return ("close",)
    onward = ("submit", "report") if facts.is_done else ("report", "submit")
    no_doer = not facts.units(DOING)
    return ("acknowledge", *(("cascade",) if no_doer else ()), *onward)


def acting_unit_id(access: Access, facts: TaskFacts, verb: str) -> int | None:
    """The unit in whose name a person who may do this acts: the doing unit, the checking unit, or the owner."""
    if verb in _BY_DOERS:
        unit = _doing_unit(access, facts, verb)
        if unit is not None or verb not in ("cascade", "change_hands"):
            return unit
    if verb in ("verify", "return"):
        return _checking_unit(access, facts)
    return facts.owner_id if may(access, facts, verb) else None


_BY_DOERS = frozenset(
    "acknowledge report plan extend submit cascade adapt tie ask_coordination ask_pause change_hands".split()
)


def _doing_unit(access: Access, facts: TaskFacts, verb: str) -> int | None:
    roles = DOING if verb in ("acknowledge", "report", "ask_coordination") else LEADING
    mine = [
        d for d in facts.duties if d.role in roles and d.unit_id is not None and access.sits_in(d.unit_id, roles=DOERS)
    ]
    mine.sort(key=lambda d: (verb == "acknowledge" and d.acknowledged, roles.index(DutyRole(d.role))))
    return mine[0].unit_id if mine else None


def _checking_unit(access: Access, facts: TaskFacts) -> int | None:
    doing = set(facts.units(DOING))
    checkers = [*facts.units([DutyRole.VERIFIER]), facts.owner_id]
    own = (unit for unit in checkers if unit not in doing and access.sits_in(unit, roles=CHECKERS))
    offices = sorted(
        (s for s in access.seats if s.role == Role.OFFICE and facts.owner_path.startswith(s.path)),
        key=lambda s: (s.unit_id in doing, -len(s.path)),
    )
    return next(own, offices[0].unit_id if offices else None)

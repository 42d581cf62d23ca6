"""Who may do what, when: the table of steps, and the cast before one task."""

import pytest

from luoshi.orgs.rules import Access, Seat
from luoshi.tasks.rules.access import (
    DutyFacts,
    TaskFacts,
    acting_unit_id,
    lawful_steps,
    may,
    primary_step,
)
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, ENDED, MOVES, STEPS, NotLawful, State, is_lawful, step

COUNTY, DEPARTMENT, OTHER, TOWN, FOREIGN = 1, 2, 3, 4, 9
PATHS = {COUNTY: "01", DEPARTMENT: "0102", OTHER: "0103", TOWN: "0104", FOREIGN: "09"}


def seat(role: str, unit: int) -> Seat:
    return Seat(role=role, unit_id=unit, path=PATHS[unit], home="01" if unit != FOREIGN else "09")


CAST = {
    "leader": Access(1, (seat("head", COUNTY),)),
    "sponsor": Access(2, (seat("sponsor", COUNTY),)),
    "office": Access(3, (seat("office", COUNTY),)),
    "observer": Access(4, (seat("observer", COUNTY),)),
    "depthead": Access(5, (seat("head", DEPARTMENT),)),
    "deptclerk": Access(6, (seat("handler", DEPARTMENT),)),
    "otherclerk": Access(7, (seat("handler", OTHER),)),
    "townclerk": Access(8, (seat("handler", TOWN),)),
    "outsider": Access(9, (seat("office", FOREIGN),)),
    "admin": Access(10, (), admin=True),
}


def facts(state: str = "in_progress", *, owner: int = COUNTY, acknowledged: bool = True, **fields: object) -> TaskFacts:
    duties = (
        DutyFacts(DEPARTMENT, PATHS[DEPARTMENT], "lead", acknowledged),
        DutyFacts(OTHER, PATHS[OTHER], "co", acknowledged),
    )
    return TaskFacts(owner, PATHS[owner], state, **{"duties": duties, **fields})  # type: ignore[arg-type]


WHO_MAY = {
    "see": "leader sponsor office observer depthead deptclerk otherclerk admin",
    "draft": "leader sponsor office",
    "dispatch": "leader sponsor office",
    "name_lead": "leader sponsor office",
    "withdraw": "leader sponsor office",
    "acknowledge": "depthead deptclerk otherclerk",
    "report": "depthead deptclerk otherclerk",
    "plan": "depthead deptclerk",
    "extend": "depthead deptclerk",
    "submit": "depthead deptclerk",
    "cascade": "leader office depthead deptclerk",
    "verify": "leader office",
    "close": "leader office",
    "reopen": "leader office",
    "decide_extension": "leader office",
    "ask_coordination": "depthead deptclerk otherclerk",
    "ask_pause": "depthead deptclerk",
    "decide_pause": "leader office",
    "suspend": "leader office",
    "resume": "leader office",
    "change_hands": "leader office depthead deptclerk",
    "decide_change": "leader office",
}


@pytest.mark.parametrize("verb", WHO_MAY)
@pytest.mark.parametrize("name", CAST)
def test_each_of_the_cast_may_do_what_the_matrix_says(name: str, verb: str) -> None:
    assert may(CAST[name], facts(), verb) == (name in WHO_MAY[verb].split())


PART = {  # a township's part of the department's task: the department asks and checks, the county office may too
    "see": "leader sponsor office observer depthead deptclerk townclerk admin",
    "acknowledge": "townclerk",
    "report": "townclerk",
    "submit": "townclerk",
    "verify": "office depthead deptclerk",
    "close": "leader office depthead deptclerk",
    "dispatch": "leader sponsor office depthead deptclerk",
}


@pytest.mark.parametrize("verb", PART)
@pytest.mark.parametrize("name", CAST)
def test_department_checks_the_part_that_it_gave_down(name: str, verb: str) -> None:
    part = TaskFacts(DEPARTMENT, PATHS[DEPARTMENT], "submitted", (DutyFacts(TOWN, PATHS[TOWN], "lead"),))
    assert may(CAST[name], part, verb) == (name in PART[verb].split())


def test_unit_that_does_its_own_task_does_not_verify_it() -> None:
    own = TaskFacts(DEPARTMENT, PATHS[DEPARTMENT], "submitted", (DutyFacts(DEPARTMENT, PATHS[DEPARTMENT], "lead"),))
    assert not may(CAST["deptclerk"], own, "verify")
    assert not may(CAST["deptclerk"], own, "close")
    assert may(CAST["office"], own, "verify")


def test_named_verifier_verifies_unless_it_does_the_work() -> None:
    checker = DutyFacts(OTHER, PATHS[OTHER], "verifier")
    doer = DutyFacts(DEPARTMENT, PATHS[DEPARTMENT], "lead")
    assert may(CAST["otherclerk"], facts("submitted", duties=(doer, checker)), "verify")
    both = (doer, checker, DutyFacts(OTHER, PATHS[OTHER], "co"))
    assert not may(CAST["otherclerk"], facts("submitted", duties=both), "verify")


def test_unit_that_leads_the_parent_sees_the_part() -> None:
    part = TaskFacts(COUNTY, PATHS[COUNTY], "dispatched", (DutyFacts(TOWN, PATHS[TOWN], "lead"),))
    led = TaskFacts(COUNTY, PATHS[COUNTY], "dispatched", part.duties, parent_lead_paths=(PATHS[DEPARTMENT],))
    assert not may(CAST["deptclerk"], part, "see")
    assert may(CAST["deptclerk"], led, "see")


def test_administrator_with_a_post_still_decides_nothing() -> None:
    admin = Access(10, (seat("office", COUNTY),), admin=True)
    assert [verb for verb in STEPS if may(admin, facts(), verb)] == []


PRIMARY = [  # state, who, further facts, the one step
    ("registered", "office", {}, "dispatch"),
    ("registered", "deptclerk", {}, None),
    ("dispatched", "deptclerk", {"acknowledged": False}, "acknowledge"),
    ("dispatched", "otherclerk", {"acknowledged": False}, "acknowledge"),
    ("dispatched", "office", {"acknowledged": False}, None),
    ("acknowledged", "deptclerk", {}, "report"),
    ("in_progress", "deptclerk", {}, "report"),
    ("in_progress", "deptclerk", {"is_done": True}, "submit"),
    ("in_progress", "otherclerk", {"is_done": True}, "report"),
    ("returned", "deptclerk", {}, "report"),
    ("submitted", "office", {}, "verify"),
    ("submitted", "deptclerk", {}, None),
    ("completed", "office", {}, "close"),
    ("completed", "deptclerk", {}, None),
    ("closed", "office", {}, None),
    ("withdrawn", "office", {}, None),
    ("in_progress", "observer", {}, None),
    ("in_progress", "admin", {}, None),
]


@pytest.mark.parametrize(("state", "name", "further", "verb"), PRIMARY)
def test_primary_step_is_the_next_lawful_one(state: str, name: str, further: dict[str, bool], verb: str | None) -> None:
    assert primary_step(CAST[name], facts(state, **further)) == verb  # type: ignore[arg-type]


def test_joint_task_asks_for_a_lead_before_dispatch() -> None:
    joint = (DutyFacts(DEPARTMENT, PATHS[DEPARTMENT], "joint"), DutyFacts(OTHER, PATHS[OTHER], "joint"))
    assert primary_step(CAST["office"], facts("registered", duties=joint)) == "name_lead"
    assert primary_step(CAST["office"], facts("registered", duties=joint[:1])) == "dispatch"


def test_task_of_a_group_asks_to_be_given_down() -> None:
    assert primary_step(CAST["office"], facts("dispatched", duties=(DutyFacts(None, "", "lead"),))) == "cascade"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", STEPS)
def test_step_leads_where_the_table_says_or_is_refused(state: State, verb: str) -> None:
    found = STEPS[verb]
    if state not in found.sources:
        with pytest.raises(NotLawful):
            step(state, verb)
        return
    stays = found.target is None or state not in MOVES.get(verb, found.sources)
    assert step(state, verb) == (state if stays else found.target)


def test_closed_work_cannot_be_reported_or_withdrawn() -> None:
    assert not [
        (s, v) for s in ENDED for v in ("report", "submit", "withdraw", "dispatch", "cascade") if is_lawful(s, v)
    ]


def test_every_lawful_step_is_allowed_and_starts_here() -> None:
    for state in BEFORE_DISPATCH + ACTIVE + ENDED:
        for access in CAST.values():
            for verb in lawful_steps(access, facts(state)):
                assert is_lawful(state, verb)
                assert may(access, facts(state), verb)


ACTING = [
    ("deptclerk", "report", DEPARTMENT),
    ("otherclerk", "report", OTHER),
    ("otherclerk", "submit", None),
    ("deptclerk", "cascade", DEPARTMENT),
    ("office", "cascade", COUNTY),
    ("office", "verify", COUNTY),
    ("office", "dispatch", COUNTY),
    ("deptclerk", "dispatch", None),
]


@pytest.mark.parametrize(("name", "verb", "unit"), ACTING)
def test_person_acts_in_the_name_of_the_unit_concerned(name: str, verb: str, unit: int | None) -> None:
    assert acting_unit_id(CAST[name], facts(), verb) == unit

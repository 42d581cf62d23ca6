"""Asking for a decision: whom, until when, and whose lateness it is; and days on which a clock stands still."""

from datetime import date

import pytest

from luoshi.core.rules.workdays import Calendar
from luoshi.orgs.rules import Access, Seat
from luoshi.supervision.rules.coordination import (
    AskFault,
    Party,
    PauseSpan,
    Question,
    Timeliness,
    fault_of_passing,
    fault_of_question,
    may_answer,
    may_take_back,
    moved_date,
    needed_after_passing,
    span_of_pause,
    standing_of,
)

TODAY = date(2026, 11, 23)  # a Monday
ASKING, ASKED, ME, LEADER = 1, 2, 10, 20


@pytest.mark.parametrize(
    ("party", "question", "needed", "fault"),
    [
        (Party(unit_id=ASKED), "谁出资", TODAY, None),
        (Party(person_id=LEADER), "谁出资", TODAY, None),
        (Party(unit_id=ASKED), "  ", TODAY, AskFault.NO_QUESTION),
        (Party(), "谁出资", TODAY, AskFault.NOBODY),
        (Party(unit_id=ASKING), "谁出资", TODAY, AskFault.SELF),
        (Party(person_id=ME), "谁出资", TODAY, AskFault.SELF),
        (Party(unit_id=ASKED), "谁出资", date(2026, 11, 22), AskFault.PAST),
    ],
)
def test_question_needs_words_somebody_else_and_a_day_to_come(
    party: Party, question: str, needed: date, fault: AskFault | None
) -> None:
    found = fault_of_question(party, question=question, needed=needed, today=TODAY, asking_unit=ASKING, by=ME)
    assert found == fault


FIRST, SECOND, THIRD = Party(unit_id=ASKED), Party(unit_id=3), Party(person_id=LEADER)


@pytest.mark.parametrize(
    ("party", "chain", "fault"),
    [
        (SECOND, [FIRST], None),
        (THIRD, [FIRST, SECOND], None),
        (FIRST, [FIRST, SECOND], AskFault.AGAIN),
        (Party(unit_id=5, person_id=LEADER), [FIRST, THIRD], AskFault.AGAIN),
        (Party(unit_id=ASKING), [FIRST], AskFault.SELF),
        (Party(unit_id=6), [FIRST, SECOND, THIRD], AskFault.TOO_OFTEN),
        (Party(), [FIRST], AskFault.NOBODY),
    ],
)
def test_question_never_goes_back_and_is_passed_on_twice_at_most(
    party: Party, chain: list[Party], fault: AskFault | None
) -> None:
    assert fault_of_passing(party, chain=chain, asking_unit=ASKING, most=2) == fault


def test_whoever_gets_a_question_late_has_two_working_days() -> None:
    friday = date(2026, 11, 27)
    assert needed_after_passing(TODAY, today=friday, calendar=Calendar()) == date(2026, 12, 1)
    assert needed_after_passing(date(2026, 12, 20), today=friday, calendar=Calendar()) == date(2026, 12, 20)


def seat(role: str, unit: int) -> Access:
    return Access(99, (Seat(role, unit, f"{unit:02d}", "01"),))


OF_UNIT = Question(ASKING, ME, FIRST)
OF_LEADER = Question(ASKING, ME, THIRD, seats=(7,))


@pytest.mark.parametrize(
    ("access", "question", "allowed"),
    [
        (seat("handler", ASKED), OF_UNIT, True),
        (seat("observer", ASKED), OF_UNIT, False),
        (seat("head", 7), OF_UNIT, False),
        (Access(LEADER), OF_LEADER, True),
        (seat("office", 7), OF_LEADER, True),
        (seat("head", 7), OF_LEADER, False),
        (Access(99, seat("handler", ASKED).seats, admin=True), OF_UNIT, False),
        (seat("handler", ASKED), Question(ASKING, ME, FIRST, "answered"), False),
    ],
)
def test_asked_answers_or_the_office_of_the_leader_asked(access: Access, question: Question, allowed: bool) -> None:
    assert may_answer(access, question) == allowed


def test_only_the_asking_unit_takes_its_question_back() -> None:
    assert may_take_back(seat("handler", ASKING), OF_UNIT)
    assert not may_take_back(seat("handler", ASKED), OF_UNIT)
    assert not may_take_back(seat("handler", ASKING), Question(ASKING, ME, FIRST, "answered"))


@pytest.mark.parametrize(
    ("state", "ended", "today", "stands"),
    [
        ("open", None, TODAY, Timeliness.OPEN),
        ("open", None, date(2026, 11, 24), Timeliness.LATE),
        ("answered", TODAY, date(2027, 1, 1), Timeliness.IN_TIME),
        ("answered", date(2026, 11, 24), date(2027, 1, 1), Timeliness.ANSWERED_LATE),
        ("passed_on", date(2026, 11, 24), date(2027, 1, 1), Timeliness.ANSWERED_LATE),
        ("withdrawn", date(2026, 12, 24), date(2027, 1, 1), Timeliness.OFF),
    ],
)
def test_late_is_only_who_let_the_day_pass(state: str, ended: date | None, today: date, stands: Timeliness) -> None:
    assert standing_of(state=state, needed=TODAY, ended=ended, today=today) == stands


def test_pause_ends_with_the_answer_or_after_its_last_day() -> None:
    until = date(2026, 12, 10)
    assert span_of_pause(from_date=TODAY, until=until, ends=date(2026, 11, 29)).days == 6
    assert span_of_pause(from_date=TODAY, until=until, ends=date(2027, 2, 1)).days == 18
    assert span_of_pause(from_date=TODAY, until=until, ends=TODAY).days == 0


def test_dates_still_to_come_move_and_passed_ones_stay() -> None:
    span = PauseSpan(TODAY, date(2026, 11, 29))
    assert moved_date(TODAY, span=span) == date(2026, 11, 29)
    assert moved_date(date(2026, 11, 22), span=span) == date(2026, 11, 22)
    assert moved_date(None, span=span) is None

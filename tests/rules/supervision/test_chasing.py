"""Which step of chasing is due: level by level, stopped by action, never by reading (domain handbook §1.3)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from luoshi.core.rules.workdays import Calendar
from luoshi.supervision.rules.chasing import (
    Instrument,
    LadderFacts,
    LastSpell,
    Owed,
    RungFacts,
    Spell,
    Told,
    Trigger,
    climb,
    due_step,
    is_settled,
    next_step,
)
from luoshi.supervision.rules.ladders import PRESETS, LadderFault, fault_of_ladder

PLAIN = Calendar()
DUE = date(2026, 11, 20)  # a Friday
COUNTY = PRESETS["county"]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def number_due(owed: Owed, today: date, *, ladder: LadderFacts = COUNTY, **state: object) -> int | None:
    found = due_step(ladder, owed, today=today, calendar=PLAIN, **state)  # type: ignore[arg-type]
    return found.rung.number if found else None


@pytest.mark.parametrize(
    ("owed", "today", "number"),
    [
        (Owed(due_date=DUE), day("11-16"), None),  # four working days before
        (Owed(due_date=DUE), day("11-17"), 2),
        (Owed(due_date=DUE), day("11-20"), 2),
        (Owed(due_date=DUE), day("11-21"), None),  # Saturday: not yet a working day late
        (Owed(due_date=DUE), day("11-23"), 4),
        (Owed(receipt_date=day("11-18")), day("11-18"), None),
        (Owed(receipt_date=day("11-18")), day("11-19"), 1),
        (Owed(silent_date=day("11-25")), day("11-25"), None),
        (Owed(silent_date=day("11-25")), day("11-26"), 3),
        (Owed(due_date=DUE, receipt_date=day("11-10")), day("11-23"), 4),  # the gravest thing owed counts
        (Owed(due_date=DUE, silent_date=day("11-10")), day("11-20"), 3),
        (Owed(due_date=DUE, urgency=1), day("11-23"), 5),  # 特急 starts at the supervision letter
        (Owed(due_date=DUE, urgency=1), day("11-19"), 2),  # but nothing is owed before the date
        (Owed(due_date=DUE, urgency=2), day("11-23"), 4),
        (Owed(due_date=DUE, is_still=True), day("11-30"), None),
        (Owed(), day("11-30"), None),
    ],
)
def test_a_chase_starts_at_the_gravest_thing_owed(owed: Owed, today: date, number: int | None) -> None:
    assert number_due(owed, today) == number


@pytest.mark.parametrize(
    ("spell", "today", "number"),
    [
        (Spell(4, day("11-23")), day("11-23"), None),  # one step a day
        (Spell(4, day("11-23")), day("11-27"), None),
        (Spell(4, day("11-23")), day("11-30"), 5),  # five working days of grace
        (Spell(4, day("11-23"), new_limit=day("12-01")), day("12-07"), None),  # counted from the new limit
        (Spell(4, day("11-23"), new_limit=day("12-01")), day("12-08"), 5),
        (Spell(4, day("11-23"), is_awaiting=True), day("12-30"), None),  # it waits for a yes, not for time
        (Spell(5, day("11-30")), day("12-14"), 6),
        (Spell(8, day("11-30")), day("12-30"), None),  # the end of the ladder
        (Spell(2, day("11-17")), day("11-20"), None),  # a reminder before the date does not climb before it
        (Spell(2, day("11-17")), day("11-23"), 4),
        (Spell(1, day("11-10")), day("11-23"), 4),
    ],
)
def test_a_chase_climbs_level_by_level_with_grace(spell: Spell, today: date, number: int | None) -> None:
    assert number_due(Owed(due_date=DUE), today, spell=spell) == number


def test_silence_after_a_reminder_leads_to_the_chasing_note() -> None:
    owed, spell = Owed(silent_date=day("11-05")), Spell(3, day("11-06"))
    assert number_due(owed, day("11-10"), spell=spell) is None
    assert number_due(owed, day("11-11"), spell=spell) == 4


def test_action_leaves_in_peace_for_the_quiet_days_and_then_starts_anew() -> None:
    owed = Owed(due_date=DUE, acted_date=day("11-25"))
    assert number_due(owed, day("12-01")) is None
    assert number_due(owed, day("12-02")) == 4
    for acted in (day("11-19"), DUE):
        by_the_date = Owed(due_date=DUE, acted_date=acted)
        assert number_due(by_the_date, day("11-23")) == 4, "what was done before the date is no answer to its passing"


def test_a_chase_that_recurs_starts_one_step_higher() -> None:
    owed = Owed(due_date=DUE, acted_date=day("11-25"))
    assert number_due(owed, day("12-02"), last=LastSpell(4, day("11-25"))) == 5
    assert number_due(owed, day("12-02"), last=LastSpell(2, day("11-18"))) == 4, "only a reminder went before"
    late = Owed(due_date=DUE + timedelta(days=60))
    assert number_due(late, date(2027, 1, 20), last=LastSpell(4, day("11-25"))) == 4, "that is long ago"
    silent = Owed(silent_date=day("11-25"))
    assert number_due(silent, day("11-26"), last=LastSpell(3, day("11-02"))) == 4
    near = Owed(due_date=DUE)
    assert number_due(near, day("11-18"), last=LastSpell(2, day("11-02"))) == 2, "a near date is no recurrence"


@pytest.mark.parametrize(
    ("preset", "owed", "number"),
    [
        ("sanming", Owed(behind_date=day("11-16")), 1),
        ("sanming", Owed(behind_date=day("11-16"), urgency=2), 2),
        ("sanming", Owed(behind_date=day("11-16"), urgency=1), 3),
        ("suqian", Owed(due_date=day("11-25")), 1),
        ("suqian", Owed(due_date=day("11-25"), behind_date=day("11-10")), 2),
        ("suqian", Owed(behind_date=day("11-10")), 2),
        ("suqian", Owed(due_date=day("11-10")), 3),
        ("guangyuan", Owed(behind_date=day("11-16")), 1),
        ("guangyuan", Owed(red_date=day("11-16"), behind_date=day("11-16")), 3),
    ],
)
def test_presets_start_where_their_governments_do(preset: str, owed: Owed, number: int) -> None:
    assert number_due(owed, day("11-19"), ladder=PRESETS[preset]) == number


def test_second_yellow_card_in_guangyuan_is_a_letter() -> None:
    owed = Owed(behind_date=day("11-16"), acted_date=day("10-20"))
    assert number_due(owed, day("11-19"), ladder=PRESETS["guangyuan"], last=LastSpell(1, day("10-20"))) == 2


def test_holidays_are_no_days_of_grace() -> None:
    week_off = Calendar(off=frozenset(day("11-24") + timedelta(days=n) for n in range(5)))
    spell, owed = Spell(4, day("11-23")), Owed(due_date=DUE)
    assert due_step(COUNTY, owed, today=day("12-03"), calendar=week_off, spell=spell) is None
    found = due_step(COUNTY, owed, today=day("12-04"), calendar=week_off, spell=spell)
    assert found is not None
    assert (found.rung.number, found.due_date) == (5, day("12-04"))


def test_day_that_a_step_fell_due_is_kept_after_a_standstill() -> None:
    found = due_step(COUNTY, Owed(due_date=DUE), today=day("12-10"), calendar=PLAIN)
    assert found is not None
    assert found.due_date == day("11-23")


def test_chase_is_settled_when_nothing_is_owed_any_more() -> None:
    moved = Owed(due_date=date(2027, 3, 1))
    assert is_settled(COUNTY, moved, today=day("11-23"), calendar=PLAIN)
    assert not is_settled(COUNTY, Owed(due_date=DUE), today=day("11-19"), calendar=PLAIN), "its date is near"
    assert not is_settled(COUNTY, Owed(silent_date=DUE), today=day("11-23"), calendar=PLAIN)


def test_what_comes_next_is_told_with_its_day() -> None:
    found = next_step(COUNTY, Owed(due_date=DUE), Spell(4, day("11-23")), calendar=PLAIN)
    assert found is not None
    assert (found.rung.instrument, found.due_date) == (Instrument.LETTER, day("11-30"))
    assert next_step(COUNTY, Owed(due_date=DUE), Spell(8, day("11-23")), calendar=PLAIN) is None


def test_every_step_above_the_start_is_reached_by_silence_in_order() -> None:
    for ladder in PRESETS.values():
        assert fault_of_ladder(ladder.rungs) is None
        owed = Owed(due_date=DUE, behind_date=DUE, red_date=DUE, silent_date=DUE)
        today, spell, seen = DUE, None, []
        for _ in range(200):
            today += timedelta(days=1)
            found = due_step(ladder, owed, today=today, calendar=PLAIN, spell=spell)
            if found:
                seen.append(found.rung.number)
                spell = Spell(found.rung.number, today)
        assert seen == sorted(set(seen))
        assert seen[-1] == ladder.rungs[-1].number


START = RungFacts(1, Instrument.REMINDER.value, Trigger.OVERDUE.value, 1)


@pytest.mark.parametrize(
    ("rungs", "fault"),
    [
        ([], LadderFault.EMPTY),
        ([replace(START, number=n) for n in range(1, 15)], LadderFault.TOO_LONG),
        ([replace(START, trigger=Trigger.UNANSWERED.value, grace=3)], LadderFault.NO_START),
        ([START, replace(START, number=2, trigger=Trigger.UNANSWERED.value)], LadderFault.NO_GRACE),
        ([replace(START, tells=())], LadderFault.TELLS_NOBODY),
        ([replace(START, days=999)], LadderFault.DAYS),
    ],
)
def test_ladder_that_could_not_be_climbed_is_named(rungs: list[RungFacts], fault: LadderFault) -> None:
    found = fault_of_ladder(rungs)
    assert found is not None
    assert found[0] == fault


def test_steps_by_the_same_date_come_one_after_the_other() -> None:
    ladder = LadderFacts(tuple(replace(START, number=n, days=5 * n) for n in (1, 2, 3)))
    owed = Owed(due_date=date(2026, 9, 1))
    assert number_due(owed, DUE, ladder=ladder) == 1
    assert number_due(owed, DUE, ladder=ladder, spell=Spell(1, DUE - timedelta(days=1))) == 2


def test_silence_skips_steps_without_grace() -> None:
    above = climb(COUNTY, 1)
    assert above is not None
    assert above.number == 4
    assert Told.HEAD.value in above.tells

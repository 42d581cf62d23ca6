"""Two days of the ledger: what the journal says of each field is walked back from what stands now."""

from datetime import UTC, datetime

import pytest

from luoshi.ledger.rules.comparing import Change, Field, Present, compare_task, group_steps, leads_of, plain, read_entry


def at(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC)


def task(**fields: str) -> Present:
    given = {"state": "in_progress", "due_date": "2026-12-20", "target_value": "100", "lead": "县水利局", **fields}
    return Present(task=7, created_at=at(1), **given)


def differences(present, entries, since=5, until=20):
    steps = group_steps(step for day, data in entries for step in read_entry(at(day), 7, data))
    return {(d.change, d.then, d.now) for d in compare_task(present, steps, since=at(since), until=at(until))}


MOVED = {"before": {"due_date": "2026-11-30"}, "after": {"due_date": "2026-12-10"}}
AGAIN = {"before": {"due_date": "2026-12-10"}, "after": {"due_date": "2026-12-20"}}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], set()),
        ([(10, MOVED)], {(Change.DATE, "2026-11-30", "2026-12-20")}),
        ([(10, MOVED), (12, AGAIN)], {(Change.DATE, "2026-11-30", "2026-12-20")}),
        ([(10, MOVED), (21, AGAIN)], {(Change.DATE, "2026-11-30", "2026-12-10")}),
        ([(2, MOVED), (21, AGAIN)], set()),
        ([(2, MOVED), (10, AGAIN)], {(Change.DATE, "2026-12-10", "2026-12-20")}),
    ],
)
def test_date_is_what_it_was_on_each_of_the_two_days(entries, expected):
    assert differences(task(), entries) == expected


def test_date_that_moved_there_and_back_did_not_change():
    back = {"before": {"due_date": "2026-12-25"}, "after": {"due_date": "2026-12-20"}}
    there = {"before": {"due_date": "2026-12-20"}, "after": {"due_date": "2026-12-25"}}
    assert differences(task(), [(8, there), (9, back)]) == set()


def test_figure_is_compared_as_a_number():
    same = {"before": {"target_value": "100.0000"}, "after": {"target_value": "100"}}
    more = {"before": {"target_value": "80.5000"}, "after": {"target_value": "100.0000"}}
    assert differences(task(), [(8, same)]) == set()
    assert differences(task(), [(8, more)]) == {(Change.TARGET, "80.5", "100")}


@pytest.mark.parametrize(
    ("state", "entries", "expected"),
    [
        ("closed", [(9, {"before": {"state": "submitted"}, "after": {"state": "closed"}})], Change.ENDED),
        ("closed", [(22, {"before": {"state": "submitted"}, "after": {"state": "closed"}})], None),
        ("withdrawn", [(9, {"after": {"state": "withdrawn"}, "task_ids": [7, 8]})], Change.GONE),
        ("reopened", [(9, {"before": {"state": "completed"}, "after": {"state": "reopened"}})], Change.REOPENED),
        ("closed", [(9, {"before": {"state": "completed"}, "after": {"state": "closed"}})], None),
    ],
)
def test_ending_and_reopening_are_told_apart(state, entries, expected):
    assert {change for change, _then, _now in differences(task(state=state), entries)} == {expected} - {None}


def test_task_that_came_between_is_only_added():
    new = Present(7, at(8), "in_progress", "2026-12-20", "", "县水利局")
    assert {d[0] for d in differences(new, [(10, MOVED)])} == {Change.ADDED}
    assert differences(Present(7, at(22), "draft", "", "", ""), []) == set()


def test_lead_is_read_from_the_duties_of_an_edit_and_from_a_workbook():
    edit = {"before": {"duties": ["lead: 县财政局", "co: 县水利局"]}, "after": {"duties": ["lead: 县水利局"]}}
    sheet = {"changes": {"7": {"lead": ["县财政局", "县水利局"], "target": [">=80万亩", ">=100万亩"]}}}
    assert differences(task(), [(8, edit)]) == {(Change.LEAD, "县财政局", "县水利局")}
    assert differences(task(), [(8, sheet)]) == {(Change.LEAD, "县财政局", "县水利局"), (Change.TARGET, "80", "100")}
    assert leads_of(["joint: 甲局 (2026-12-01 修路)", "joint: 乙局", "co: 丙局"]) == "甲局、乙局"


def test_changes_of_own_columns_are_no_steps():
    assert list(read_entry(at(8), 7, {"changes": [[7, 3, "甲", "乙"]]})) == []


@pytest.mark.parametrize(("value", "text"), [(None, ""), ("5.0", "5"), ("0", "0"), ("2026-11-01", "2026-11-01")])
def test_values_are_compared_in_one_form(value, text):
    assert plain(value) == text
    assert Field("lead") == "lead"

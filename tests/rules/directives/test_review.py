"""Reviewing: who may, what is accounted for, marked pieces, drafts from duties, splitting and merging."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.directives.rules import Deadline, Span, read_directive
from luoshi.directives.rules.access import may
from luoshi.directives.rules.dates import workdays
from luoshi.directives.rules.drafts import clause_roles, goal_of, limit_of, own_words, sentence_starts, units_of
from luoshi.directives.rules.review import (
    ClauseFacts,
    Mark,
    ProposalFacts,
    cells,
    clause_states,
    is_ready,
    open_notes,
    parts,
    pieces,
)
from luoshi.directives.rules.shaping import merge_units, merge_values, split_at
from luoshi.orgs.rules import Access, Seat

COUNTY, BUREAU = "00000001", "0000000100000002"
DAY = date(2026, 2, 27)


def access(role: str, *, path: str = COUNTY, unit_id: int = 1, admin: bool = False) -> Access:
    return Access(9, (Seat(role=role, unit_id=unit_id, path=path, home=COUNTY),), admin=admin)


@pytest.mark.parametrize(
    ("who", "verb", "expected"),
    [
        (access("office"), "edit", True),
        (access("head"), "confirm", True),
        (access("sponsor"), "confirm", True),
        (access("sponsor"), "remember", False),
        (access("observer"), "edit", False),
        (access("handler"), "edit", True),
        (access("handler"), "remember", False),
        (access("handler", path=BUREAU, unit_id=2), "edit", False),
        (access("head", path=BUREAU, unit_id=2), "edit", False),
        (Access(9, (), admin=True), "edit", False),
    ],
)
def test_who_may_review(who: Access, verb: str, expected: bool) -> None:
    assert may(who, unit_id=1, unit_path=COUNTY, verb=verb) is expected


CLAUSES = [
    ClauseFacts(1, 0, 10, "heading"),
    ClauseFacts(2, 10, 20, "duty"),
    ClauseFacts(3, 20, 30, "text"),
    ClauseFacts(4, 30, 40, "text", is_information=True),
    ClauseFacts(5, 40, 50, "duty"),
]


@pytest.mark.parametrize(
    ("proposals", "expected"),
    [
        ([], ["structure", "uncovered", "uncovered", "information", "uncovered"]),
        ([(12, 18, "proposed")], ["structure", "pending", "uncovered", "information", "uncovered"]),
        ([(12, 25, "accepted")], ["structure", "covered", "covered", "information", "uncovered"]),
        ([(12, 18, "dropped")], ["structure", "uncovered", "uncovered", "information", "uncovered"]),
        ([(12, 18, "information")], ["structure", "information", "uncovered", "information", "uncovered"]),
        (
            [(12, 18, "accepted"), (15, 19, "proposed")],
            ["structure", "covered", "uncovered", "information", "uncovered"],
        ),
        ([(0, 50, "accepted")], ["structure", "covered", "covered", "covered", "covered"]),
        ([(20, 20, "accepted")], ["structure", "uncovered", "uncovered", "information", "uncovered"]),
    ],
)
def test_every_clause_has_one_state(proposals: list[tuple[int, int, str]], expected: list[str]) -> None:
    facts = [ProposalFacts(n, *row) for n, row in enumerate(proposals)]
    assert list(clause_states(CLAUSES, facts).values()) == expected


@given(
    text=st.text(min_size=1, max_size=60),
    spans=st.lists(
        st.tuples(st.integers(0, 70), st.integers(0, 70), st.sampled_from(["span", "unit", "due"])), max_size=8
    ),
)
def test_pieces_are_the_text_whatever_the_marks(text: str, spans: list[tuple[int, int, str]]) -> None:
    marks = [Mark(min(a, b), max(a, b), kind, n) for n, (a, b, kind) in enumerate(spans)]
    found = pieces(text, start=0, end=len(text), marks=marks)
    assert "".join(p.text for p in found) == text
    at = 0
    for piece in found:
        over = {m.proposal for m in marks if m.start <= at < m.end}
        assert set(piece.proposals) == over
        at += len(piece.text)


def test_long_text_is_divided_at_clauses() -> None:
    clauses = [ClauseFacts(n, n * 30, n * 30 + 30, "text") for n in range(10)]
    found = parts(clauses, length=100)
    assert found == [(0, 90), (90, 180), (180, 270), (270, 300)]
    assert parts([], length=100) == [(0, 0)]


def test_hints_go_once_they_are_answered() -> None:
    notes = ["lead_to_confirm", "no_due", "open_list"]
    assert open_notes(notes, has_lead=False, has_date=False) == notes
    assert open_notes(notes, has_lead=True, has_date=True) == ["open_list"]


READY: dict[str, Any] = {
    "is_sure": True, "state": "proposed", "units": [("lead", True), ("co", True)], "has_date": True,
    "notes": ["from_prose", "each_separately", "open_list"],
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"is_sure": False}, {"state": "dropped"}, {"units": [("lead", True), ("co", False)]}, {"units": []},
        {"units": [("lead", False)]}, {"units": [("co", True)]}, {"has_date": False},
        {"units": [("joint", True)] * 2, "notes": ["lead_to_confirm"]},
        {"notes": ["count_mismatch"]}, {"notes": ["weekday_mismatch"]}, {"notes": ["horizon"]},
    ],
)  # fmt: skip
def test_what_leaves_something_to_decide_is_not_ready(change: dict[str, Any]) -> None:
    assert is_ready(**READY)
    assert not is_ready(**{**READY, **change})


def test_answered_notes_leave_nothing_to_decide() -> None:
    assert is_ready(**{**READY, "notes": ["lead_to_confirm", "no_due", "deadline_vague"]})


def due(raw: str, kind: str, day: date | None = None) -> Deadline:
    return Deadline(raw, day, kind, Span(0, 1))


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (None, (None, False, None, "no_due")),
        (due("6月底前", "fixed", date(2026, 6, 30)), (date(2026, 6, 30), False, None, "")),
        (due("持续推进", "open"), (None, True, date(2026, 12, 31), "")),
        (due("年内持续推进", "open", date(2027, 12, 31)), (None, True, date(2027, 12, 31), "")),
        (due("6月30日前报", "report", date(2026, 6, 30)), (None, False, None, "report_date")),
        (due("会后7日内", "event", date(2026, 3, 6)), (date(2026, 3, 6), False, None, "date_from_event")),
        (due("会后5个工作日内", "event"), (DAY + timedelta(days=5), False, None, "date_from_event")),
        (due("立行立改", "event"), (None, False, None, "no_due")),
        (due("中期", "horizon", date(2028, 2, 27)), (date(2028, 2, 27), False, None, "horizon")),
    ],
)
def test_dates_of_a_draft(deadline: Deadline | None, expected: tuple[Any, ...]) -> None:
    found = limit_of(deadline, day=DAY, add_workdays=lambda day, count: day + timedelta(days=count))
    assert (found.due_date, found.is_open_ended, found.review_date, found.note) == expected


@pytest.mark.parametrize(
    ("raw", "count"), [("5个工作日内", 5), ("十个工作日内", 10), ("二十五个工作日内", 25), ("5日内", 0)]
)
def test_working_days_are_counted_from_words(raw: str, count: int) -> None:
    assert workdays(raw) == count


def test_sentences_divide_outside_brackets_only() -> None:
    words = "甲。乙（丙。丁）；戊。"
    assert [words[a:] for a in sentence_starts(words)] == ["乙（丙。丁）；戊。", "戊。"]


def test_the_note_leaves_the_requirement_and_the_goal_becomes_the_standard() -> None:
    paper = (
        "问题清单\n一、断点\n问题描述：有断点。\n整改目标：断点接通。\n整改措施：排查。\n"
        "责任单位：县住建局\n责任人：戴某\n整改时限：2026年9月底前"
    )
    words = own_words(read_directive(paper).proposals[0])
    requirement, goal = goal_of(words)
    assert goal == "断点接通。"
    assert requirement == "问题描述：有断点。\n整改措施：排查。\n责任人：戴某"


def test_a_unit_inside_a_sentence_stays_in_its_words() -> None:
    paper = "某县政府常务会议纪要\n一、关于资金\n会议要求，所需资金由县财政局统筹解决，年底前到位。"
    for proposal in read_directive(paper).proposals:
        assert "县财政局" in own_words(proposal)


def test_a_sole_unit_leads() -> None:
    duty = read_directive("一、任务\n（一）修路。年底前修好。（县交通局负责）").proposals[0]
    assert [(role, m.name) for role, m in units_of(duty)] == [("lead", "县交通局")]
    shared = replace(duty, notes=())
    assert [role for role, _m in units_of(shared)] == ["joint"]


VALUES: dict[str, Any] = {
    "title": "甲", "requirement": "修路10公里。种树5棵。", "standard": "修路 ≥ 10公里；种树 ≥ 5棵", "units": [],
    "due_date": date(2026, 6, 30), "is_open_ended": False, "review_date": None, "cadence": "", "milestones": [],
    "targets": [
        {"name": "修路", "op": ">=", "value": "10", "unit": "公里"},
        {"name": "种树", "op": ">=", "value": "5", "unit": "棵"}
    ],
    "notes": [],
}  # fmt: skip


def test_splitting_sends_each_number_with_its_words() -> None:
    first, second = split_at(VALUES, at=7)
    assert (first["requirement"], first["standard"]) == ("修路10公里。", "修路 ≥ 10公里")
    assert (second["requirement"], second["standard"], second["title"]) == ("种树5棵。", "种树 ≥ 5棵", "种树5棵")
    assert split_at(VALUES, at=0) == split_at(VALUES, at=99) == []


def test_merging_keeps_the_later_date_and_makes_the_earlier_a_step() -> None:
    merged = merge_values(VALUES, {**VALUES, "title": "乙", "requirement": "建桥。", "due_date": date(2026, 9, 30)})
    assert merged["due_date"] == date(2026, 9, 30)
    assert merged["milestones"] == [{"name": "甲", "date": "2026-06-30"}]
    assert merged["requirement"].endswith("建桥。")


def test_open_ended_and_dated_merge_into_dated() -> None:
    open_ended = {**VALUES, "due_date": None, "is_open_ended": True, "review_date": date(2026, 12, 31)}
    merged = merge_values(open_ended, VALUES)
    assert (merged["due_date"], merged["is_open_ended"], merged["review_date"]) == (date(2026, 6, 30), False, None)


def test_a_unit_in_both_keeps_its_weightier_role_once() -> None:
    co, lead = {"name": "县财政局", "unit": 4, "role": "co"}, {"name": "财政局", "unit": 4, "role": "lead"}
    assert [u["role"] for u in merge_units([co], [lead])] == ["lead"]


def test_row_of_a_table_is_shown_cell_by_cell_with_its_marks() -> None:
    cut = pieces("1\t修渠\t县水利局、财政局", start=0, end=14, marks=[Mark(5, 9, "unit", 7), Mark(0, 14, "span", 7)])
    shown = cells(cut)
    assert ["".join(p.text for p in cell) for cell in shown] == ["1", "修渠", "县水利局、财政局"]
    assert [p.text for p in shown[2] if "unit" in p.kinds] == ["县水利局"]
    assert cells(pieces("一、修渠", start=0, end=4, marks=[])) == []


def test_signature_and_date_at_the_end_ask_for_nothing() -> None:
    reading = read_directive(
        "青禾县人民政府办公室关于做好防汛工作的通知\n各乡镇：\n一、修好水渠。（县水利局负责）\n"
        "青禾县人民政府办公室\n2026年11月20日\n"
    )
    roles = clause_roles(reading.clauses, issuer=reading.header.issuer)
    assert roles[-2:] == ["attachment", "attachment"], (reading.header.issuer, reading.clauses)

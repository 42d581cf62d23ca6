"""What cells of a workbook mean, where its heading stands, and which task each row is."""

from datetime import date
from decimal import Decimal

import pytest

from luoshi.ledger.rules.layouts import PRESETS, check_columns
from luoshi.ledger.rules.workbooks.cells import Words, read_cell, read_day, read_limit, split_milestones, split_target
from luoshi.ledger.rules.workbooks.fields import BY_NAME, known_headings, own_field
from luoshi.ledger.rules.workbooks.headings import find_heading
from luoshi.ledger.rules.workbooks.lines import Line, identify, read_exported, read_lines, settle_places, write_exported
from luoshi.ledger.rules.workbooks.verdicts import CHANGED, CONFLICT, ERROR, Known, as_data, as_wish, decide, read_wish

WORDS = Words({"tier": {"重点": "2", "key": "2", "2": "2"}, "kind": {}, "urgency": {}, "cadence": {}}, {}, year=2026)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)), ("2026/11/20", date(2026, 11, 20)), ("2026.11.20", date(2026, 11, 20)),
        ("2026年11月20日", date(2026, 11, 20)), ("2026年11月20日前", date(2026, 11, 20)),
        ("20261120", date(2026, 11, 20)),
        ("２０２６－１１－２０", date(2026, 11, 20)), ("46346", date(2026, 11, 20)), ("46346.0", date(2026, 11, 20)),
        ("2026-11-20 00:00:00", date(2026, 11, 20)), (" 2026年 11月 20日 ", date(2026, 11, 20)),
        ("11月底", date(2026, 11, 30)), ("2027年2月底前", date(2027, 2, 28)), ("2024年2月", date(2024, 2, 29)),
        ("2026-02-30", None), ("1899-01-01", None), ("11", None), ("长期坚持", None), ("3月5", None),
    ],
)  # fmt: skip
def test_day_is_read_as_sheets_write_it(text, day):
    assert read_day(text, year=2026) == day


@pytest.mark.parametrize(
    ("text", "day"), [("年底前", date(2026, 12, 31)), ("12月底前完成", date(2026, 12, 31)), ("长期坚持", None)]
)
def test_time_limit_in_words_is_read_as_directives_are(text, day):
    assert read_limit(text, year=2026) == day


@pytest.mark.parametrize(
    ("name", "text", "value", "code"),
    [
        ("tier", " 重点 ", "2", ""), ("tier", "ｋｅｙ", "2", ""), ("tier", "最高", "最高", "no_choice"),
        ("weight", "１．５０", "1.5", ""), ("weight", "1,000", "1000", ""), ("weight", "-1", "-1", "no_number"),
        ("weight", "1.2345", "1.2345", "no_number"), ("weight", "NaN", "NaN", "no_number"),
        ("target", "≥2.5 万亩", ">=2.5 万亩", ""), ("target", "85%", "85 %", ""),
        ("target", "若干", "若干", "no_target"),
        ("lead", "县水利局；县财政局,县水利局", "县水利局、县财政局", ""), ("title", "", "", "missing"),
        ("title", "长" * 301, "长" * 300, "too_long"), ("title", "#REF!", "#REF!", "formula_error"),
        ("title", "=1+1", "=1+1", ""), ("requirement", "一\n二", "一\n二", ""),
        ("milestones", "①2026-06-30 50% 主体完工；9月底：竣工", "2026-06-30 50% 主体完工\n2026-09-30 竣工", ""),
        ("milestones", "有序推进", "有序推进", "no_milestone"),
    ],
)  # fmt: skip
def test_cell_is_read_or_its_fault_is_named(name, text, value, code):
    assert read_cell(text, BY_NAME[name], WORDS) == (value, code)


def test_target_and_milestones_come_apart_again():
    assert split_target(">=2.5 万亩") == (">=", Decimal("2.5"), "万亩")
    assert split_milestones("2026-06-30 50% 主体完工\n2026-09-30 竣工") == [
        (date(2026, 6, 30), Decimal(50), "主体完工"), (date(2026, 9, 30), None, "竣工"),
    ]  # fmt: skip


KNOWN = known_headings([own_field(7, "片区", "text")], {"干什么": "title"})


@pytest.mark.parametrize(
    ("rows", "row", "places"),
    [
        ([{1: "2026年任务分解表"}, {1: "填报单位：县府办"}, {1: "序号", 2: "任务", 3: "牵头单位"}, {1: "1", 2: "修渠"}],
         3, {"serial": 1, "title": 2, "lead": 3}),
        ([{1: "任务", 2: "责任", 4: "片区"}, {1: "任务", 2: "牵头单位", 3: "配合单位", 4: "片区"}, {1: "修渠"}],
         2, {"title": 1, "lead": 2, "co": 3, "own:7": 4}),
        ([{3: "完成\n时限*", 1: "干什么"}, {1: "修渠"}], 1, {"title": 1, "due_date": 3}),
    ],
)  # fmt: skip
def test_heading_is_found_wherever_it_stands(rows, row, places):
    found = find_heading(list(enumerate(rows, start=1)), KNOWN)
    assert found is not None
    assert (found.row, dict(found.places)) == (row, places)


def test_table_without_a_column_for_the_task_is_none():
    assert find_heading([(1, {1: "姓名", 2: "单位"})], KNOWN) is None


def lines(*rows, adopts_groups=False):
    heading = find_heading([(1, {1: "级次", 2: "编号", 3: "任务", 4: "上级任务编号", 5: "_id"})], KNOWN)
    cells = [(n, 0, dict(enumerate(row, start=1))) for n, row in enumerate(rows, start=2)]
    return list(read_lines(cells, heading, adopts_groups=adopts_groups))


def test_row_is_known_by_its_number_else_by_its_hidden_key():
    found = identify(
        lines(("1", "A-1", "一", "", "11"), ("1", "", "二", "", "12"), ("1", "", "抄来的新行", "", "11")),
        codes={"A-1": 11},
    )
    assert [(line.task_id, line.is_new) for line in found] == [(11, False), (12, False), (None, True)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("1", "A-1", "一", "", "11"), ("1", "A-1", "一抄", "", "11")], "repeated"),
        ([("1", "A-9", "一", "", "11")], "no_task"),
        ([("1", "A-1", "一", "", "99")], "other_row"),
    ],
)
def test_number_that_cannot_be_right_is_refused(rows, code):
    assert identify(lines(*rows), codes={"A-1": 11})[-1].faults[0].code == code


def test_row_without_a_number_above_stands_under_the_row_above_it():
    found = settle_places(identify(
        lines(("1", "A-1", "一", "", ""), ("2", "", "新一", "", ""), ("3", "", "新二", "", ""),
              ("1", "", "新三", "", "")),
        codes={"A-1": 11},
    ))  # fmt: skip
    assert [line.parent for line in found] == ["top", "id:11", "row:3", "top"]


def test_lone_cell_is_the_theme_of_a_table_made_elsewhere_and_a_footnote_of_ours():
    rows = (("一、农业",), ("", "", "修渠", "", ""), ("注：以上",))
    heading = find_heading([(1, {1: "序号", 3: "任务"})], KNOWN)
    cells = [(n, 0, {c: w for c, w in enumerate(row, start=1) if w}) for n, row in enumerate(rows, start=2)]
    assert [(x.title, x.theme) for x in read_lines(cells, heading, adopts_groups=True)] == [("修渠", "一、农业")]
    assert [(x.title, x.theme) for x in read_lines(cells, heading, adopts_groups=False)] == [("修渠", "")]


def row(exported, **texts):
    return Line(2, texts, 1, "top", exported=exported, task_id=11, code="A-1")


def stands(**values):
    return Known(11, "A-1", values, may=frozenset({"content", "steer", "place"}))


def test_only_cells_that_their_editor_changed_are_wished():
    was = read_exported(write_exported(1, {"title": "修渠", "requirement": "长" * 200, "tier": "2"}))
    wish = read_wish(row(was, title="修渠", requirement="长" * 200, tier="重点"), BY_NAME.values(), WORDS)
    assert not wish.asks
    wish = read_wish(row(was, title="修 大 渠", requirement="长" * 200, tier=""), BY_NAME.values(), WORDS)
    assert dict(wish.cells) == {"title": "修 大 渠", "tier": ""}


@pytest.mark.parametrize(
    ("now", "state"),
    [({"title": "修渠"}, CHANGED), ({"title": "别人改的"}, CONFLICT), ({"title": "修大渠"}, "unchanged")],
)
def test_cell_changed_by_both_is_a_conflict_unless_both_want_the_same(now, state):
    was = read_exported(write_exported(1, {"title": "修渠"}))
    wish = read_wish(row(was, title="修大渠"), BY_NAME.values(), WORDS)
    verdict = decide(wish, stands(**now), BY_NAME)
    assert verdict.state == state
    assert decide(as_wish(2, as_data(verdict)), stands(**now), BY_NAME) == verdict


def test_long_text_changed_at_its_very_end_is_a_conflict_too():
    was = read_exported(write_exported(1, {"requirement": "长" * 300}))
    wish = read_wish(row(was, requirement="长" * 300 + "甲"), BY_NAME.values(), WORDS)
    assert decide(wish, stands(requirement="长" * 300 + "乙"), BY_NAME).state == CONFLICT
    assert decide(wish, stands(requirement="长" * 300), BY_NAME).state == CHANGED


def test_cell_that_is_not_one_s_own_to_change_is_refused():
    wish = read_wish(row(None, title="修大渠"), BY_NAME.values(), WORDS)
    known = Known(11, "A-1", {"title": "修渠"}, may=frozenset({"steer"}), why_not="settled")
    verdict = decide(wish, known, BY_NAME)
    assert (verdict.state, verdict.faults[0].code) == (ERROR, "settled")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.key)
def test_every_ready_layout_can_be_used_and_read_back(preset):
    assert check_columns(preset.columns) is None
    known = known_headings((), dict(preset.columns))
    found = find_heading([(1, {n: heading for n, (heading, _name) in enumerate(preset.columns, 1)})], known)
    assert found is not None
    assert dict(found.places) == {name: n for n, (_heading, name) in enumerate(preset.columns, start=1)}


def test_order_in_which_cells_were_kept_decides_nothing():
    """A database may give them back in an order of its own."""
    known = Known(1, "A-1", {"title": "修渠", "standard": "", "tier": "2"}, may=frozenset({"content", "steer"}))
    cells = {"tier": "1", "title": "修坝", "standard": "验收"}
    verdicts = [
        decide(as_wish(2, {**BLANK, "task": 1, "wish": dict(order)}), known, BY_NAME)
        for order in (cells.items(), reversed(cells.items()))
    ]
    assert as_data(verdicts[0]) == as_data(verdicts[1])
    assert [cell.field for cell in verdicts[0].cells] == ["title", "standard", "tier"]


BLANK = {"code": "A-1", "title": "修渠", "asked": "", "theme": "", "exported": None, "own_faults": []}

"""Patterns 37–64 of the handbook: every way in which papers say when, each with its variants and its traps."""

from datetime import date, timedelta

import pytest

from luoshi.directives.rules import Deadline, Proposal, read_directive
from luoshi.directives.rules.cadence import find_cadences
from luoshi.directives.rules.dates import plan_end_of
from luoshi.directives.rules.deadlines import find_deadlines
from luoshi.directives.rules.drafts import limit_of

ISSUED = date(2026, 2, 27)
HEAD = "青禾县人民政府关于印发工作方案的通知\n青政发〔2026〕3号\n2026年2月27日\n一、重点任务\n"

STATED = [
    # 37, 38: work that goes on
    ("年内持续推进", None, "open"),
    ("年内持续复盘更新", None, "open"),
    ("持续推进", None, "open"),
    ("长期坚持", None, "open"),
    ("长期", None, "open"),
    ("常态化推进", None, "open"),
    ("常年坚持", None, "open"),
    # 39–41: months and their parts
    ("2026年12月", "2026-12-31", "fixed"),
    ("2026 年 12 月", "2026-12-31", "fixed"),
    ("２０２６年１２月", "2026-12-31", "fixed"),
    ("二〇二六年十二月", "2026-12-31", "fixed"),
    ("二〇二六年三月底前", "2026-03-31", "fixed"),
    ("三月底前", "2026-03-31", "fixed"),
    ("十一月三十日前", "2026-11-30", "fixed"),
    ("6月底完成", "2026-06-30", "fixed"),
    ("6月底前完成", "2026-06-30", "fixed"),
    ("6月底之前", "2026-06-30", "fixed"),
    ("6月末", "2026-06-30", "fixed"),
    ("6月份", "2026-06-30", "fixed"),
    ("6月份底前", "2026-06-30", "fixed"),
    ("3月上旬前", "2026-03-10", "fixed"),
    ("3月中旬", "2026-03-20", "fixed"),
    ("4月下旬", "2026-04-30", "fixed"),
    ("5月初", "2026-05-10", "fixed"),
    # 45, 60: days
    ("4月20日（星期一）前", "2026-04-20", "fixed"),
    ("4月20日(周一)前", "2026-04-20", "fixed"),
    ("4月20日17:00前", "2026-04-20", "fixed"),
    ("4月20日下午5时前", "2026-04-20", "fixed"),
    ("4月20日下班前", "2026-04-20", "fixed"),
    ("4月20日（含）前", "2026-04-20", "fixed"),
    ("4月20日以前", "2026-04-20", "fixed"),
    ("2026.6.30", "2026-06-30", "fixed"),
    ("2026-06-30", "2026-06-30", "fixed"),
    ("2026/6", "2026-06-30", "fixed"),
    ("2026/6/15前", "2026-06-15", "fixed"),
    ("6.30前", "2026-06-30", "fixed"),
    ("6/30前", "2026-06-30", "fixed"),
    # 48, 62, 63: quarters and halves
    ("一季度", "2026-03-31", "fixed"),
    ("第一季度末", "2026-03-31", "fixed"),
    ("首季", "2026-03-31", "fixed"),
    ("二季度内", "2026-06-30", "fixed"),
    ("第3季度", "2026-09-30", "fixed"),
    ("前三季度", "2026-09-30", "fixed"),
    ("2026年第四季度前", "2026-12-31", "fixed"),
    ("上半年", "2026-06-30", "fixed"),
    ("年中", "2026-06-30", "fixed"),
    ("下半年", "2026-12-31", "fixed"),
    ("年底", "2026-12-31", "fixed"),
    ("年末", "2026-12-31", "fixed"),
    ("岁末", "2026-12-31", "fixed"),
    ("年内", "2026-12-31", "fixed"),
    ("本年度内", "2026-12-31", "fixed"),
    ("全年", "2026-12-31", "fixed"),
    # relative years
    ("今年底前", "2026-12-31", "fixed"),
    ("今年年底前", "2026-12-31", "fixed"),
    ("明年3月底前", "2027-03-31", "fixed"),
    ("次年1月底前", "2027-01-31", "fixed"),
    ("1月底前", "2027-01-31", "fixed"),
    # 58, 64: years, ranges and plans
    ("2027年", "2027-12-31", "fixed"),
    ("2027年度", "2027-12-31", "fixed"),
    ("2027年前", "2027-12-31", "fixed"),
    ("2026—2027年", "2027-12-31", "fixed"),
    ("2026年至2027年", "2027-12-31", "fixed"),
    ("2026年3月—6月", "2026-06-30", "fixed"),
    ("3月1日至6月15日", "2026-06-15", "fixed"),
    ("6-9月", "2026-09-30", "fixed"),
    ("2026年10月至2027年3月", "2027-03-31", "fixed"),
    ("“十五五”期间", "2030-12-31", "fixed"),
    ("“十五五”末", "2030-12-31", "fixed"),
    ("“十五五”时期", "2030-12-31", "fixed"),
    ("“十四五”期末", "2025-12-31", "fixed"),
    # 50, 51, 57: counted from an event
    ("会后7日内", None, "event"),
    ("会后5个工作日内", None, "event"),
    ("30个工作日内", None, "event"),
    ("收到之日起30日内", None, "event"),
    ("文件下发后10个工作日内", None, "event"),
    ("三年内", None, "event"),
    ("半年内", None, "event"),
    ("24小时内", None, "event"),
    ("急件3日", None, "class"),
    ("非急件15日", None, "class"),
    ("难件30日", None, "class"),
    # 52–54, 59, 61
    ("短期（6个月内）", None, "horizon"),
    ("中期（1—2年）", None, "horizon"),
    ("长期（3—5年）", None, "horizon"),
    ("短期攻坚", None, "horizon"),
    ("中期推进", None, "horizon"),
    ("立行立改", None, "immediate"),
    ("即知即改", None, "immediate"),
    ("立即整改", None, "immediate"),
    ("尽快", None, "vague"),
    ("适时", None, "vague"),
    ("有序推进", None, "vague"),
    ("按时间节点推进", None, "vague"),
    ("按序时进度", None, "vague"),
    # 46, 47, 49
    ("每月28日前", None, "recurring"),
    ("每季度末（6月、9月和12月底）", None, "recurring"),
    ("每半年", None, "recurring"),
    ("按季度推进", None, "recurring"),
]


def read(*, body: str = "推进改革任务。", note: str = "（县水利局负责）") -> Proposal:
    (proposal,) = read_directive(f"{HEAD}（一）{body}{note}\n").proposals
    return proposal


@pytest.mark.parametrize(("words", "day", "kind"), STATED, ids=[r[0] for r in STATED])
def test_stated_time_limit_is_read_as_the_handbook_says(words: str, day: str | None, kind: str) -> None:
    labelled = read(note=f"（责任单位：县水利局；完成时限：{words}）").due
    table = f"{HEAD}序号\t工作任务\t责任单位\t完成时限\n1\t推进改革\t县水利局\t{words}\n"
    (row,) = read_directive(table).proposals
    for due in (labelled, row.due):
        assert due is not None
        assert (str(due.date) if due.date else None, due.kind) == (day, kind)


INLINE = [
    ("2026年10月底前编制并公布清单。", "2026-10-31", "fixed"),
    ("力争6月份完成立项。", "2026-06-30", "fixed"),
    ("6月30日全面建成投用。", "2026-06-30", "fixed"),
    ("5月中旬前制定方案。", "2026-05-20", "fixed"),
    ("到2027年，建成示范区。", "2027-12-31", "fixed"),
    ("到2027年底，建成示范区。", "2027-12-31", "fixed"),
    ("到2027年6月，建成示范区。", "2027-06-30", "fixed"),
    ("至2028年末，覆盖率达到90%。", "2028-12-31", "fixed"),
    ("2026—2028年，每年改造2万户。", "2028-12-31", "fixed"),
    ("2026年3月至8月，开展集中整治。", "2026-08-31", "fixed"),
    ("自2026年3月1日至12月31日，开展专项行动。", "2026-12-31", "fixed"),
    ("2026年，改造老旧小区61个。", "2026-12-31", "fixed"),
    ("力争2026年新增泊位1200个。", "2026-12-31", "fixed"),
    ("其中2026年改造率不低于30%，2027年实现全覆盖。", "2027-12-31", "fixed"),
    ("年底前全面完成。", "2026-12-31", "fixed"),
    ("力争年内建成投用。", "2026-12-31", "fixed"),
    ("今年内建成投用。", "2026-12-31", "fixed"),
    ("当年12月底前完成结算。", "2026-12-31", "fixed"),
    ("上半年完成普查，下半年完成评估。", "2026-12-31", "fixed"),
    ("前三季度完成投资70%。", "2026-09-30", "fixed"),
    ("国庆节前建成通车。", "2026-09-30", "fixed"),
    ("“十五五”期间，建成骨干水网。", "2030-12-31", "fixed"),
    ("“十五五”末建成骨干水网。", "2030-12-31", "fixed"),
    ("本方案印发之日起三个月内制定细则。", "2026-05-27", "fixed"),
    ("本通知下发后30日内制定细则。", "2026-03-29", "fixed"),
    ("自通知印发之日起15日内制定方案。", "2026-03-14", "fixed"),
    ("2026—2027年建设服务中心6家。", "2027-12-31", "fixed"),
    ("7月至9月集中整治违法建设。", "2026-09-30", "fixed"),
    ("2026年12月发布产品目录。", "2026-12-31", "fixed"),
    ("9月报县人大审议。", "2026-09-30", "report"),
    ("自收到本通知之日起15个工作日内报备。", None, "event"),
    ("方案批复后10个工作日内启动招标。", None, "event"),
    ("三年内实现全覆盖。", None, "event"),
    ("用两年时间完成改造。", None, "event"),
    ("主汛期前完成除险加固。", None, "event"),
    ("对照问题清单立行立改。", None, "immediate"),
    ("12月31日前报县政府办公室。", "2026-12-31", "report"),
    ("7月10日前将落实方案报送县发改局。", "2026-07-10", "report"),
    ("7月10日前将完成情况书面反馈县督查室。", "2026-07-10", "report"),
    ("9月30日前制定方案并报县政府备案。", "2026-09-30", "fixed"),
    ("每月10日前更新台账。", None, "recurring"),
]


@pytest.mark.parametrize(("body", "day", "kind"), INLINE, ids=[r[0] for r in INLINE])
def test_date_inside_the_sentence_is_read_as_the_handbook_says(body: str, day: str | None, kind: str) -> None:
    due = read(body=body).due
    assert due is not None
    assert (str(due.date) if due.date else None, due.kind) == (day, kind)


NO_DATE = [
    "截至2025年底，已建成水库12座，要加强管护。",
    "截至2026年6月底的存量问题要全部销号。",
    "自2026年4月1日起，实行新的收费办法。",
    "从2026年4月起，实行新的收费办法。",
    "根据2024年度数据，优化布局。",
    "2025年，全县建成水库3座。",
    "落实《青禾县水利发展规划（2026—2030年）》部署的任务。",
    "落实《到2027年基本消除黑臭水体行动方案》。",
    "落实青政发〔2026〕12号文件精神。",
    "延续20世纪90年代的做法。",
    "2021年底前建成的水库要全面检修。",
    "2026年6月底前建成的小区一律纳入范围。",
    "第三季度、年终全面督查。",
    "持续推进改革，适时开展评估。",
    "本办法有效期至2027年12月31日。",
    "比2025年提高3个位次，巩固前期成果。",
    "对近三年内新设企业给予支持。",
    "依据2022年1月1日起施行的法律执行。",
    "2026年前三季度形势较好，继续巩固。",
]


@pytest.mark.parametrize("body", NO_DATE)
def test_state_start_title_or_inspection_is_no_deadline(body: str) -> None:
    assert read(body=body).due is None


def find(words: str, **options: object) -> tuple[Deadline, ...]:
    values: dict[str, object] = {"issued": ISSUED, "year": 2026, **options}
    return find_deadlines(words, start=0, end=len(words), **values)  # type: ignore[arg-type]


def test_several_steps_of_one_item_become_milestones_and_the_last_is_due() -> None:
    proposal = read(body="3月底前，完成方案；5月底前，完成招标；2027年6月底前，完成建设，9月底前，完成验收。")
    assert proposal.due is not None
    assert proposal.due.date == date(2027, 9, 30)
    assert [str(m.date) for m in proposal.milestones] == ["2026-03-31", "2026-05-31", "2027-06-30"]


def test_year_of_a_past_count_does_not_move_the_months_after_it() -> None:
    due = read(body="截至2025年底，已建成12座。6月底前完成检修。").due
    assert due is not None
    assert due.date == date(2026, 6, 30)


def test_plan_year_does_not_move_the_months_after_it() -> None:
    proposal = read(body="到2028年，建成体系。6月底前制定方案。")
    assert [str(d.date) for d in proposal.milestones] == ["2026-06-30"]


def test_report_stands_beside_the_date_of_the_work() -> None:
    proposal = read(body="6月底前完成排查，7月10日前将结果报送县应急局。")
    assert proposal.due is not None
    assert (proposal.due.date, proposal.due.kind) == (date(2026, 6, 30), "fixed")
    assert [(str(m.date), m.kind) for m in proposal.milestones] == [("2026-07-10", "report")]


def test_half_of_the_year_is_a_point_on_the_way() -> None:
    proposal = read(body="确保时间过半、任务过半，年底前完成全部改造。")
    assert proposal.due is not None
    assert proposal.due.date == date(2026, 12, 31)
    assert [(str(m.date), m.kind) for m in proposal.milestones] == [("2026-06-30", "trajectory")]


def test_fixed_step_of_work_that_goes_on_is_what_is_due() -> None:
    due = read(note="（责任单位：县水利局；完成时限：1个月内建账，年内持续复盘更新）").due
    assert due is not None
    assert (due.raw, due.kind) == ("1个月内", "event")


def test_planning_period_comes_from_the_title() -> None:
    assert plan_end_of("青禾县“十五五”水利发展规划") == date(2030, 12, 31)
    assert plan_end_of("青禾县低空经济行动计划（2026—2028年）") == date(2028, 12, 31)
    assert plan_end_of("青禾县工作要点") is None
    (found,) = find("规划期内", stated=True, plan_end=date(2030, 12, 31))
    assert found.date == date(2030, 12, 31)


def test_day_before_which_work_is_due_counts_unless_the_house_says_otherwise() -> None:
    words = "6月30日前完成"
    assert [d.date for d in find(words)] == [date(2026, 6, 30)]
    assert [d.date for d in find(words, before_is_inclusive=False)] == [date(2026, 6, 29)]
    assert [d.date for d in find("6月底前完成", before_is_inclusive=False)] == [date(2026, 6, 30)]


CADENCES = [
    ("每月28日前报送进度", [("monthly", 28)]),
    ("每月5日前报送", [("monthly", 5)]),
    ("每周二前报送", [("weekly", 2)]),
    ("每周五下午调度", [("weekly", 5)]),
    ("每季度末（6月、9月和12月底）报送", [("quarterly", None)]),
    ("每月调度一次；每季度通报一次；每半年评估一次", [("monthly", None), ("quarterly", None), ("semiannual", None)]),
    ("每年12月底前报送", [("annual", None)]),
    ("一月一调度、一季一通报", [("monthly", None), ("quarterly", None)]),
    ("每季度一次", [("quarterly", None)]),
    ("按月通报", [("monthly", None)]),
    ("每季度首月10日前", [("quarterly", None)]),
    ("每月工资2000元", []),
    ("每年一次性补贴5000元", []),
    ("每人每年只享受一次补贴", []),
    ("企业贴息金额每年不超过1000万元", []),
    ("持续开展，定期通报，不定期抽查", []),
]


@pytest.mark.parametrize(("words", "expected"), CADENCES, ids=[r[0] for r in CADENCES])
def test_recurrence_is_read_with_its_day(words: str, expected: list[tuple[str, int | None]]) -> None:
    assert [(c.value, c.day) for c in find_cadences(words, start=0, end=len(words))] == expected


def test_quarters_that_a_list_leaves_out_stay_readable() -> None:
    cadence = read(note="（县水利局负责，每季度末（6月、9月和12月底）报送进展）").cadence
    assert cadence is not None
    assert cadence.detail == "末（6月、9月和12月底）"


def add_workdays(day: date, count: int) -> date:
    return day + timedelta(days=count + 2 * (count // 5))


LIMITS = [
    ("会后7日内", "2026-03-06", False, "date_from_event"),
    ("会后5个工作日内", "2026-03-06", False, "date_from_event"),
    ("三个月内", "2026-05-27", False, "date_from_event"),
    ("两年内", "2028-02-27", False, "date_from_event"),
    ("半年内", "2026-08-27", False, "date_from_event"),
    ("立行立改", "2026-03-06", False, "immediate"),
    ("急件3日", None, False, "deadline_vague"),
    ("尽快", None, False, "deadline_vague"),
    ("长期坚持", None, True, ""),
    ("每季度", None, False, "no_due"),
]


@pytest.mark.parametrize(("words", "day", "is_open", "note"), LIMITS, ids=[r[0] for r in LIMITS])
def test_draft_gets_a_date_only_where_the_words_give_one(words: str, day: str | None, is_open: bool, note: str) -> None:
    (due,) = find(words, stated=True)
    limit = limit_of(due, day=ISSUED, add_workdays=add_workdays)
    assert (str(limit.due_date) if limit.due_date else None, limit.is_open_ended, limit.note) == (day, is_open, note)


def test_date_that_a_line_break_cuts_is_one_date() -> None:
    assert [d.date for d in find("2026年10\n月底前编制清单")] == [date(2026, 10, 31)]


@pytest.mark.parametrize("day", ["2月30日前", "2026年2月31日前", "9999年12月底前", "2026年13月底前", "0月0日前"])
def test_impossible_date_never_stops_the_reading(day: str) -> None:
    find(day)
    find(day, stated=True)

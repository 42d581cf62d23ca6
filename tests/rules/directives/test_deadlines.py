"""When something is due: dates in the bracket and in the sentence, open work, events, reports, cadence."""

from datetime import date

import pytest

from luoshi.directives.rules import Proposal, read_directive
from luoshi.directives.rules.cadence import find_cadence

HEAD = "青禾县人民政府关于印发工作方案的通知\n青政发〔2026〕3号\n2026年2月27日\n一、重点任务\n"


def read(*, body: str = "推进改革任务。", note: str = "（县水利局负责）") -> Proposal:
    (proposal,) = read_directive(f"{HEAD}（一）{body}{note}\n").proposals
    return proposal


IN_BRACKET = [
    ("年内持续推进", None, "open"),
    ("持续推进", None, "open"),
    ("长期坚持", None, "open"),
    ("2026年12月", "2026-12-31", "fixed"),
    ("6月底完成", "2026-06-30", "fixed"),
    ("6月底前完成", "2026-06-30", "fixed"),
    ("3月上旬前", "2026-03-10", "fixed"),
    ("3月中旬前", "2026-03-20", "fixed"),
    ("4月20日（星期一）前", "2026-04-20", "fixed"),
    ("会后7日内", None, "event"),
    ("30个工作日内", None, "event"),
    ("短期（6个月内）", None, "horizon"),
    ("立行立改", None, "immediate"),
    ("年内", "2026-12-31", "fixed"),
    ("上半年", "2026-06-30", "fixed"),
    ("第三季度", "2026-09-30", "fixed"),
    ("2027年", "2027-12-31", "fixed"),
    ("2026.9.30", "2026-09-30", "fixed"),
    ("尽快", None, "vague"),
    ("明年3月底前", "2027-03-31", "fixed"),
    ("1月底前", "2027-01-31", "fixed"),
]


@pytest.mark.parametrize(("words", "day", "kind"), IN_BRACKET, ids=[r[0] for r in IN_BRACKET])
def test_stated_time_limit_is_read(words: str, day: str | None, kind: str) -> None:
    due = read(note=f"（责任单位：县水利局；完成时限：{words}）").due
    assert due is not None
    assert (str(due.date) if due.date else None, due.kind) == (day, kind)


IN_SENTENCE = [
    ("2026年10月底前编制并公布清单。", "2026-10-31"),
    ("10月底前完成。", "2026-10-31"),
    ("到2027年，建成示范区。", "2027-12-31"),
    ("到2027年底，建成示范区。", "2027-12-31"),
    ("年底前全面完成。", "2026-12-31"),
    ("上半年完成普查。", "2026-06-30"),
    ("一季度末前拿出方案。", "2026-03-31"),
    ("2026年1月1日至12月31日，对困难企业给予支持。", "2026-12-31"),
    ("在本方案印发之日起30日内制定细则。", "2026-03-29"),
    ("“十五五”期间，建成骨干水网。", "2030-12-31"),
    ("3月底前完成方案；5月底前完成建设。", "2026-05-31"),
    ("从2026年1月1日起，实施三年培训计划。", None),
    ("2021年底前建成的水库要全面检修。", None),
    ("持续推进改革，适时开展评估。", None),
    ("本办法有效期至2027年12月31日。", None),
    ("三年内实现全覆盖。", None),
    ("第三季度、年终全面督查。", None),
]


@pytest.mark.parametrize(("body", "day"), IN_SENTENCE, ids=[r[0] for r in IN_SENTENCE])
def test_date_in_the_sentence_is_read(body: str, day: str | None) -> None:
    due = read(body=body).due
    assert (str(due.date) if due and due.date else None) == day


def test_stated_limit_goes_before_the_sentence() -> None:
    proposal = read(body="上半年完成调查。", note="（县水利局负责，2026年11月底前完成）")
    assert proposal.due is not None
    assert proposal.due.date == date(2026, 11, 30)
    assert [m.date for m in proposal.milestones] == [date(2026, 6, 30)]


def test_inspection_to_be_completed_is_a_milestone_and_an_inspection_window_is_not() -> None:
    done = read(body="3月底前完成备耕检查。", note="（县水利局负责，10月底前完成）")
    assert [m.date for m in done.milestones] == [date(2026, 3, 31)]
    window = read(body="第三季度全面检查。", note="（县水利局负责，10月底前完成）")
    assert not window.milestones


def test_several_dates_in_one_item_become_milestones() -> None:
    proposal = read(body="3月底前完成方案，5月底前开工，10月底前完工。")
    assert proposal.due is not None
    assert proposal.due.date == date(2026, 10, 31)
    assert [m.date for m in proposal.milestones] == [date(2026, 3, 31), date(2026, 5, 31)]


def test_open_work_with_a_fixed_step_is_due_at_the_step() -> None:
    proposal = read(note="（责任单位：县水利局；整改时限：2026年8月15日前，长期坚持）")
    assert proposal.due is not None
    assert proposal.due.date == date(2026, 8, 15)


def test_report_is_not_the_task() -> None:
    proposal = read(body="开展排查。", note="（县水利局负责，每月5日前报送排查情况）")
    assert proposal.due is None
    assert [m.kind for m in proposal.milestones] == ["report"]
    assert proposal.cadence is not None
    assert proposal.cadence.value == "monthly"


def test_date_of_a_report_alone_is_marked_as_a_report() -> None:
    due = read(body="12月31日前将落实情况报县政府办公室。").due
    assert due is not None
    assert (due.date, due.kind) == (date(2026, 12, 31), "report")


def test_wrong_weekday_is_flagged() -> None:
    assert "weekday_mismatch" in read(note="（县水利局负责，4月20日（星期五）前完成）").notes
    assert "weekday_mismatch" not in read(note="（县水利局负责，4月20日（星期一）前完成）").notes


def test_year_comes_from_the_title_before_the_date_of_issue() -> None:
    head = HEAD.replace("工作方案", "《2027年重点工作方案》").replace("2026年2月27日", "2026年12月28日")
    (proposal,) = read_directive(f"{head}（一）6月底前完成。（县水利局负责）\n").proposals
    assert proposal.due is not None
    assert proposal.due.date == date(2027, 6, 30)


def test_day_of_receipt_gives_the_year_where_the_paper_names_none() -> None:
    text = "一、任务\n（一）6月底前完成。（县水利局负责）\n"
    (without,) = read_directive(text).proposals
    (received,) = read_directive(text, received_date=date(2026, 1, 5)).proposals
    assert without.due is not None
    assert without.due.date is None
    assert received.due is not None
    assert received.due.date == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("每年引进10名以上人才", "annual"),
        ("每季度开展一次排查", "quarterly"),
        ("每月调度一次进度", "monthly"),
        ("每周二前报送进度", "weekly"),
        ("持续开展，定期通报", None),
        ("企业享受贴息金额每年不超过1000万元", None),
        ("每人每年只享受一次补贴", None),
    ],
)
def test_only_explicit_recurrence_is_a_cadence(words: str, value: str | None) -> None:
    found = find_cadence(words, start=0, end=len(words))
    assert (found.value if found else None) == value

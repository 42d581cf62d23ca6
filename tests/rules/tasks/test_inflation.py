"""层层加码 is found in targets, dates, reports and papers, and nowhere else."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.tasks.rules.inflation import (
    Asked,
    Given,
    Limits,
    Tier,
    find_raises,
    harder,
    new_papers,
    reports_a_year,
    whole_ratio,
)

D = Decimal
LIMITS = Limits(D("1.1"), D(10))
ABOVE = Asked(
    D(100), start_date=date(2026, 3, 1), due_date=date(2026, 12, 26), cadence="quarterly", words="建成并验收。"
)


def kinds(*parts: Given, above: Asked = ABOVE, **more: object) -> list[tuple[str, int | None, Decimal]]:
    found = find_raises(above, parts, limits=LIMITS, **more)  # type: ignore[arg-type]
    return [(str(r.kind.value), r.part, r.figure) for r in found]


def test_parts_that_sum_to_the_whole_are_no_inflation() -> None:
    assert kinds(Given(1, D(60), date(2026, 12, 26), "quarterly", "建成并验收。"), Given(2, D(40))) == []


@pytest.mark.parametrize(("total", "found"), [(110, []), (111, [("target", None, D("1.1100"))])])
def test_sum_counts_from_the_limit_on(total: int, found: list[object]) -> None:
    assert kinds(Given(1, D(total - 30)), Given(2, D(30))) == found


def test_what_others_hold_already_counts_with_the_sum() -> None:
    assert kinds(Given(1, D(60)), given_before=D(60)) == [("target", None, D("1.2000"))]


def test_rate_is_compared_part_by_part() -> None:
    rate = Asked(D(80), summed=False)
    assert kinds(Given(1, D(80)), Given(2, D(95)), above=rate) == [("target", 2, D("1.1875"))]


def test_less_is_harder_where_less_is_better() -> None:
    ceiling = Asked(D(12), less=True, summed=False)
    assert kinds(Given(1, D(10)), Given(2, D(12)), Given(3, D(14)), above=ceiling) == [("target", 1, D("1.2000"))]


def test_ceiling_given_to_some_units_only_is_not_yet_inflated() -> None:
    ceiling = Asked(D(100), less=True)
    assert kinds(Given(1, D(20)), above=ceiling, is_all=False) == []
    assert kinds(Given(1, D(20)), Given(2, D(30)), above=ceiling) == [("target", None, D("2.0000"))]


@pytest.mark.parametrize(("due", "found"), [(date(2026, 11, 26), []), (date(2026, 11, 25), [("date", 1, D(31))])])
def test_date_counts_when_more_than_a_tenth_of_the_span_is_taken(due: date, found: list[object]) -> None:
    assert kinds(Given(1, due_date=due)) == found


def test_later_date_is_no_inflation() -> None:
    assert kinds(Given(1, due_date=date(2027, 1, 1))) == []


def test_words_that_repeat_the_cadence_ask_for_nothing_more() -> None:
    monthly = Asked(D(100), cadence="monthly", words="")
    assert kinds(Given(1, cadence="monthly", words="每月20日前填报进展情况，报送台账。"), above=monthly) == [
        ("evidence", 1, D(1))
    ]


def test_more_reports_are_counted_by_cadence_and_by_words() -> None:
    assert kinds(Given(1, cadence="monthly")) == [("report", 1, D(12))]
    assert kinds(Given(1, cadence="annual")) == []
    assert kinds(Given(1, cadence="quarterly", words="各村每周向镇报送工作进展情况。"))[0] == ("report", 1, D(52))


@pytest.mark.parametrize(
    ("asked", "given_words", "papers"),
    [
        ("建成并验收。", "建成并验收，上传施工前后照片，建立台账。", ("照片", "台账")),
        ("建立台账。", "建立台账。", ()),
        ("建成。", "不得要求基层报送照片；无需建立台账。", ()),
        ("", "填写登记表。", ("登记表",)),
        ("", "与农业保险、种植补贴台账核对一致。", ()),
        ("", "现场留存照片、签到台账备查。", ("照片", "签到", "台账")),
    ],
)
def test_new_papers_are_those_not_demanded_above(asked: str, given_words: str, papers: tuple[str, ...]) -> None:
    assert new_papers(asked, given_words) == papers


def test_allowing_nothing_is_as_hard_as_can_be() -> None:
    assert harder(D(5), D(0), less=True) == D("999.99")
    assert harder(D(0), D(5), less=False) is None
    assert harder(None, D(5), less=False) is None


@given(st.decimals(1, 10**6, places=2), st.decimals(1, 10**6, places=2))
def test_more_and_less_mirror_each_other(asked: Decimal, other: Decimal) -> None:
    up, down = harder(asked, other, less=False), harder(asked, other, less=True)
    assert up is not None
    assert down is not None
    assert (up > 1) == (down < 1) or D("0.999") < up < D("1.001")


def test_chain_multiplies_what_each_tier_added() -> None:
    tiers = [Tier("省", D(100), D(110), D("1.1")), Tier("市", D(110), D(132), D("1.2")), Tier("县", D(9), None, None)]
    assert whole_ratio(tiers) == D("1.32")
    assert whole_ratio([Tier("省", None, None, None)]) is None


def test_cadence_none_makes_no_reports() -> None:
    assert [reports_a_year(c) for c in ("", "weekly", "monthly", "annual")] == [0, 52, 12, 1]

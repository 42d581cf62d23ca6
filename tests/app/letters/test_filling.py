"""Letters begun on pages: filled from the ledger, completed, approved by another, issued, found again."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from luoshi.core.policy import get_policy
from luoshi.letters.actions import draft_letter
from luoshi.letters.models import Letter
from luoshi.progress.models import Feedback
from luoshi.supervision.queries.circulars import circular_fields, get_scope, list_parties
from luoshi.supervision.queries.papers import TASK_KINDS, task_fields
from luoshi.tasks.models import Task
from tests.factories.orgs import Cast, make_unit
from tests.factories.work import make_task

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def late(cast: Cast) -> Task:
    """A task three days overdue that reached 40 percent, with a reported cause."""
    task = make_task(
        cast,
        standard="通过验收",
        due=cast.today - timedelta(days=3),
        percent="40",
        co=["QH-CZJ"],
        sponsor=cast["sponsor"],
    )
    Feedback.objects.create(
        task=task, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], at=cast.now - timedelta(days=5), period="2026-11",
        done="完成土地平整", percent=Decimal(40), cause="weather", problem="连续降雨", next_step="抢晴施工",
        next_date=date(2026, 12, 1),
    )  # fmt: skip
    return task


def fields(task: Task, kind: str, cast: Cast) -> dict[str, Any]:
    return task_fields(task, kind, today=cast.today, policy=get_policy(), chaser="林岚")


def test_order_says_who_does_what_until_when(cast: Cast, late: Task) -> None:
    given = fields(late, "order", cast)
    assert given["matter"] == "建成高标准农田"
    assert given["lead"] == "县农业农村局"
    assert given["co_units"] == "县财政局"
    assert given["leader"] == "高明"
    assert given["due_date"] == cast.today - timedelta(days=3)
    assert given["requirement"] == "建成高标准农田。\n通过验收"
    assert "remark" not in given
    assert "approver" not in given


def test_chasing_sheet_counts_the_days_and_tells_the_cause(cast: Cast, late: Task) -> None:
    given = fields(late, "chase", cast)
    assert given["days_late"] == "3"
    assert given["times"] == "1"
    assert given["cause"] == "天气：连续降雨"
    assert given["last_progress"] == "2026年11月18日，县农业农村局报告：完成土地平整（完成40%）"
    assert given["chaser"] == "林岚"


def test_reminder_says_the_gap_to_the_plan(cast: Cast) -> None:
    task = make_task(cast, percent="10", due=date(2026, 12, 20))
    given = fields(task, "reminder", cast)
    assert given["days_left"] == "27"
    assert given["percent"] == "10%"
    assert given["gap"].endswith("个百分点")


def test_feedback_sheet_says_what_was_reported_last(cast: Cast, late: Task) -> None:
    given = fields(late, "feedback", cast)
    assert given["progress"] == "完成土地平整"
    assert given["percent"] == "40%"
    assert given["next_date"] == date(2026, 12, 1)
    assert given["head"] == "孟田（局长）"


@pytest.mark.parametrize("kind", TASK_KINDS)
def test_every_kind_about_a_task_without_any_report_invents_nothing(cast: Cast, kind: str) -> None:
    given = fields(make_task(cast), kind, cast)
    assert None not in given.values()
    assert not {"progress", "last_progress", "cause", "result", "verdict", "percent"} & given.keys()


def test_circular_counts_on_time_and_late_and_names_who_lags(cast: Cast, late: Task) -> None:
    made = cast.now - timedelta(days=10)
    make_task(cast, "修渠", lead="QH-SLJ", state="completed", due=date(2026, 11, 20), completed_at=made)
    make_task(cast, "补课", lead="QH-SLJ", state="completed", due=date(2026, 11, 1), completed_at=made)
    scope = get_scope(cast.access("office"), unit=cast.unit("QH"), first=date(2026, 11, 1), last=cast.today)
    given = circular_fields("circular", scope, today=cast.today)
    assert [given[name] for name in ("total", "done", "on_time", "late")] == ["3", "2", "1", "1"]
    assert given["lagging"] == [["县农业农村局", "建成高标准农田", "3天", ""]]
    assert given["good"] == [["县水利局", "“修渠”提前7天办结。"]]
    assert ["县水利局", "2", "2", "1", "0", "50%"] in given["units"]
    assert {str(unit) for unit in list_parties(scope)} == {"县农业农村局", "县水利局"}


def test_town_answers_for_its_villages_in_a_circular(cast: Cast) -> None:
    make_task(cast, "清淤", lead="QH-T01-V01")
    make_task(cast, "巡查", lead="QH-T01-V01", joint=["QH-T01-V02"])
    scope = get_scope(cast.access("office"), unit=cast.unit("QH"), first=date(2026, 11, 1), last=cast.today)
    given = circular_fields("circular", scope, today=cast.today)
    assert [row[:2] for row in given["units"]] == [["柳河镇", "2"]]
    assert [str(unit) for unit in list_parties(scope)] == ["柳河镇"]


def test_many_addressees_are_named_together_and_listed_on_the_page(cast: Cast, signed_in: SignIn) -> None:
    county = cast.unit("QH")
    towns = [make_unit(f"QH-T{n}", f"第{n}镇", level="township", parent=county) for n in range(11, 20)]
    letter = draft_letter(
        "circular", unit=county, by=cast["office"], now=cast.now, today=cast.today, fields={}, subject=county,
        recipients=towns,
    )  # fmt: skip
    assert letter.fields["to"] == "有关乡镇（街道）"
    assert "第19镇" in signed_in("office").get(f"/letters/{letter.pk}/").content.decode()


@pytest.mark.parametrize("kind", ["special", "report", "bulletin", "minutes"])
def test_reports_over_nothing_say_zero(cast: Cast, kind: str) -> None:
    scope = get_scope(cast.access("office"), unit=cast.unit("QH"), first=date(2026, 11, 1), last=cast.today)
    assert circular_fields(kind, scope, today=cast.today)["total"] == "0"


def test_letter_goes_from_the_task_to_the_register(cast: Cast, late: Task, signed_in: SignIn) -> None:
    office, leader = signed_in("office"), signed_in("leader")
    begun = office.post(f"/tasks/{late.pk}/letter/", {"kind": "order", "unit": cast.unit("QH").pk})
    letter = Letter.objects.get()
    assert begun["Location"] == f"/letters/{letter.pk}/"
    page = office.get(f"/letters/{letter.pk}/edit/").content.decode()
    assert "县农业农村局" in page
    form = {"version": "1", "title": "督办单", "due_date": "2026-12-20", "lead": "县农业农村局", "matter": "修渠"}
    assert office.post(f"/letters/{letter.pk}/edit/", form).status_code == 302
    refused = leader.post(f"/letters/{letter.pk}/approve/", follow=True).content.decode()
    assert "具体要求" in refused
    office.post(f"/letters/{letter.pk}/edit/", {**form, "version": "2", "requirement": "按时完成"})
    leader.post(f"/letters/{letter.pk}/approve/", {"version": "3"})
    office.post(f"/letters/{letter.pk}/issue/")
    letter.refresh_from_db()
    assert letter.full_number == "青禾县督办〔2026〕1号"
    assert letter.full_number in office.get("/letters/register/").content.decode()
    assert b"".join(office.get("/letters/register/?as=xlsx").streaming_content).startswith(b"PK")
    assert letter.full_number in signed_in("deptclerk").get("/letters/").content.decode()


def test_rows_typed_with_bars_are_kept_as_cells(cast: Cast, signed_in: SignIn) -> None:
    office = signed_in("office")
    today = cast.today.isoformat()
    office.post(
        "/supervision/letters/new/",
        {"kind": "circular", "unit": cast.unit("QH").pk, "first": "2026-11-01", "last": today},
    )
    letter = Letter.objects.get()
    form = {"version": "1", "title": "通报", "period": "十一月", "total": "1", "good": "县水利局｜修渠\n县财政局|拨款"}
    office.post(f"/letters/{letter.pk}/edit/", form)
    letter.refresh_from_db()
    assert letter.fields["good"] == [["县水利局", "修渠"], ["县财政局", "拨款"]]
    office.post(f"/letters/{letter.pk}/edit/", {**form, "version": "2", "good": "\t修渠\n县财政局\t拨款"})  # pasted
    letter.refresh_from_db()
    assert letter.fields["good"] == [["", "修渠"], ["县财政局", "拨款"]]
    bad = office.post(f"/letters/{letter.pk}/edit/", {**form, "version": "3", "good": "甲|乙|丙"})
    assert bad.status_code == 422


def test_pages_of_letters_ask_little(
    cast: Cast, late: Task, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    office = signed_in("office")
    office.post(f"/tasks/{late.pk}/letter/", {"kind": "order", "unit": cast.unit("QH").pk})
    letter = Letter.objects.get()
    for path, most in (
        (f"/letters/{letter.pk}/", 16),
        ("/letters/", 12),
        ("/letters/forms/", 12),
        ("/letters/register/", 12),
    ):
        with django_assert_max_num_queries(most):
            assert office.get(path).status_code == 200

"""The report form, the reports of a task, and evidence behind the gate."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.core.clock import today  # noqa: TID251 - pages read the real clock, so their tasks are dated from it
from luoshi.progress.actions import report_progress
from luoshi.progress.models import DayPercent, Evidence, Feedback, Standing
from luoshi.progress.queries import get_trajectory
from luoshi.progress.rules.hints import Hint
from luoshi.progress.rules.periods import current_period
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import add_milestone, make_task

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SEEN = [hint.value for hint in Hint]


@pytest.fixture(autouse=True)
def files(tmp_path, settings):  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


def open_task(cast: Cast, **fields: object) -> Task:
    """A task that is due a month from the day on which the test runs."""
    day = today()
    return make_task(cast, start=day - timedelta(days=30), due=day + timedelta(days=30), **fields)


def typed(**changes: object) -> dict[str, object]:
    period = current_period("", today())
    return {"period": period, "done": "已建成3200亩", "percent": "40", "next_step": "完成二标段", **changes}


def page(task: Task) -> str:
    return f"/tasks/{task.pk}/report/"


def test_report_is_saved_from_the_form(cast: Cast, signed_in: SignIn) -> None:
    task = open_task(cast)
    milestone = add_milestone(task, "完成招标", today(), percent=30)
    data = typed(problem="缺资金", cause="funds", ask="请拨付", asked_name="县财政局", milestones=[milestone.pk],
                 evidence=[SimpleUploadedFile("初验.pdf", b"1"), SimpleUploadedFile("照片.jpg", b"2")])  # fmt: skip
    response = signed_in("deptclerk").post(page(task), data)
    assert response.status_code == 302
    feedback = Feedback.objects.get()
    assert (feedback.unit, feedback.asked_unit) == (cast.unit("QH-NYJ"), cast.unit("QH-CZJ"))
    assert Evidence.objects.count() == 2
    assert Standing.objects.get(task=task).percent == 40
    milestone.refresh_from_db()
    assert milestone.done_date == today()


def test_form_fills_in_what_was_reported_last(cast: Cast, signed_in: SignIn) -> None:
    task = open_task(cast)
    client = signed_in("deptclerk")
    client.post(page(task), typed(problem="雨季停工", cause="weather"))
    html = client.get(page(task)).content.decode()
    assert 'value="40"' in html
    assert html.count("雨季停工") >= 2
    assert f'<option value="{current_period("", today())}" selected>' in html


def test_hints_are_shown_once_and_the_same_report_is_saved_on_the_second_try(cast: Cast, signed_in: SignIn) -> None:
    task = open_task(cast)
    client = signed_in("deptclerk")
    data = typed(done="高度重视，有序推进")
    response = client.post(page(task), data)
    assert response.status_code == 200
    html = response.content.decode()
    assert 'name="seen" value="empty_words"' in html
    assert "高度重视，有序推进" in html
    assert not Feedback.objects.exists()
    assert client.post(page(task), {**data, "seen": ["empty_words"]}).status_code == 302


def test_hints_come_while_typing(cast: Cast, signed_in: SignIn) -> None:
    task = open_task(cast)
    html = signed_in("deptclerk").post(f"{page(task)}hints/", typed(done="有序推进")).content.decode()
    assert 'value="empty_words"' in html
    assert "<html" not in html


def test_hints_name_the_figures_that_do_not_agree(cast: Cast, signed_in: SignIn) -> None:
    task = open_task(cast, target_op=">=", target_value=Decimal(12000), target_unit="亩")
    client = signed_in("deptclerk")
    html = client.post(f"{page(task)}hints/", typed(percent="60")).content.decode()
    assert 'value="no_value"' in html
    assert "60%" in html
    assert "12,000亩" in html
    html = client.post(f"{page(task)}hints/", typed(percent="100", value="9000")).content.decode()
    assert 'value="value_below_target"' in html
    assert "9,000亩" in html
    assert "75%" in html
    limit = open_task(cast, target_op="<=", target_value=Decimal(3), target_unit="%")
    assert "no_value" not in client.post(f"{page(limit)}hints/", typed(percent="100")).content.decode()


def test_what_cannot_be_read_is_said_beside_it_and_nothing_typed_is_lost(cast: Cast, signed_in: SignIn) -> None:
    task = open_task(cast)
    for changes in ({"percent": "101"}, {"asked_name": "县外星局"}, {"period": "1999-01"}, {"cause": "mood"}):
        response = signed_in("deptclerk").post(page(task), typed(seen=SEEN, **changes))
        html = response.content.decode()
        assert "has-error" in html
        assert "已建成3200亩" in html
    response = signed_in("deptclerk").post(page(task), typed(seen=SEEN, asked_name="县财政局"))
    assert response.status_code == 409
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("deptclerk", 200), ("depthead", 200), ("office", 403), ("leader", 403), ("observer", 403), ("admin", 403),
        ("townclerk", 404), ("outsider", 404),
    ],
)  # fmt: skip
def test_only_who_works_in_a_doing_unit_reports(cast: Cast, signed_in: SignIn, who: str, status: int) -> None:
    task = open_task(cast)
    assert signed_in(who).get(page(task)).status_code == status
    assert signed_in(who).post(page(task), typed(seen=SEEN)).status_code == (302 if status == 200 else status)


def test_report_of_finished_work_is_refused_readably(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in("deptclerk").get(page(open_task(cast, state="closed")))
    assert response.status_code == 409
    assert "refusal" in response.content.decode()


def test_evidence_is_a_download_for_those_who_see_its_task(cast: Cast, signed_in: SignIn) -> None:
    task = open_task(cast)
    report_progress(
        task, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, today=TODAY, period="2026-11", done="1",
        files=[SimpleUploadedFile("<b>初验</b>.html", b"<script>1</script>")],
    )  # fmt: skip
    address = f"/tasks/evidence/{Evidence.objects.get().pk}/"
    response = signed_in("office").get(address)
    assert b"".join(response.streaming_content) == b"<script>1</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert signed_in("outsider").get(address).status_code == 404
    assert signed_in("townclerk").get(address).status_code == 404


def test_reports_page_costs_the_same_for_one_and_for_many(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Callable
) -> None:
    task = open_task(cast)
    for n in range(25):
        report_progress(
            Task.objects.get(pk=task.pk), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, today=TODAY,
            period="2026-11", done=f"{n}亩", percent=Decimal(n),
        )  # fmt: skip
    client = signed_in("office")
    with django_assert_max_num_queries(18):
        html = client.get(f"/tasks/{task.pk}/reports/").content.decode()
    assert "24亩" in html
    clerk = signed_in("deptclerk")
    with django_assert_max_num_queries(20):
        assert clerk.get(page(task)).status_code == 200


def test_trajectory_holds_the_plan_and_every_day_of_change(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    task = make_task(cast, start=date(2026, 1, 1), due=date(2026, 12, 31))
    for month, percent in ((3, 10), (6, 40), (9, 40)):
        DayPercent.objects.create(task=task, date=date(2026, month, 1), percent=percent)
    with django_assert_max_num_queries(3):
        series = get_trajectory(task, today=TODAY)
    assert series.planned_line == "0.0,200.0 640.0,0.0"
    assert [row[2] for row in series.rows] == [None, 10, 40, 40, None]
    assert series.actual_line.split()[-1].split(",")[1] == "120.0"


def test_task_without_dates_or_reports_has_nothing_to_draw(cast: Cast) -> None:
    task = make_task(cast, start=None, due=None)
    assert not get_trajectory(task, today=TODAY)

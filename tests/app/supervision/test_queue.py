"""The queues, each the twin of a gate, and the forms they lead to."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luoshi.core.clock import today  # noqa: TID251 - pages read the real clock, so their tasks are dated from it
from luoshi.progress.models import Standing
from luoshi.progress.rules.periods import next_report_date
from luoshi.supervision.actions import request_extension, submit_task
from luoshi.supervision.models import Extension, Submission
from luoshi.supervision.queries.queue import _QUEUES
from luoshi.tasks.models import Task
from luoshi.tasks.queries import list_task_facts
from luoshi.tasks.rules.access import may
from tests.factories.orgs import CAST, NOW, TODAY, Cast
from tests.factories.work import add_duty, make_task

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
PEOPLE = [row[0] for row in CAST]


def submitted(cast: Cast, **fields: object) -> Task:
    task = make_task(cast, **fields)
    submit_task(task, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, result="建成")
    return task


@pytest.fixture
def work(cast: Cast) -> None:
    """Tasks of every owner and every shape that the gates tell apart."""
    for owner, lead, co in [
        ("QH", "QH-NYJ", ()), ("QH", "QH-NYJ", ("QH-CZJ",)), ("QH", "QH", ()), ("QH", "QH-NYJ", ("QH",)),
        ("QH-NYJ", "QH-T01", ()), ("QH-NYJ", "QH-NYJ", ()), ("QH-T01", "QH-T01-V01", ()), ("BS", "BS-CZJ", ()),
    ]:  # fmt: skip
        for state in ("in_progress", "submitted", "completed"):
            task = make_task(cast, owner=owner, lead=lead, co=co, state=state)
            if lead != "QH-CZJ":
                add_duty(task, cast.unit("QH-CZJ"), "verifier", at=None)
            by = cast["townclerk"] if lead == "QH-T01" else cast["deptclerk"]
            if state == "submitted":
                Submission.objects.create(task=task, unit=cast.unit(lead), by=by, at=NOW, result="建成")
            Extension.objects.create(
                task=task, unit=cast.unit(lead), requested_by=by, requested_at=NOW, from_date=task.due_date,
                to_date=task.due_date + timedelta(days=9), cause="land", reason="征地", progress="一半",
            )  # fmt: skip
        make_task(cast, owner=owner, lead=(), joint=["QH-NYJ", "QH-CZJ"])
        make_task(cast, owner=owner, lead="QH-T01", joint=["QH-NYJ"])


@pytest.mark.parametrize("who", PEOPLE)
def test_queue_holds_exactly_what_its_gate_allows(cast: Cast, work: None, who: str) -> None:
    access = cast.access(who)
    tasks = list(Task.objects.select_related("owner"))
    facts = list_task_facts(tasks)
    own = set(Submission.objects.filter(by=cast[who]).values_list("task_id", flat=True))

    def allowed(verb: str, *states: str) -> set[int]:
        return {t.pk for t in tasks if may(access, facts[t.pk], verb) and (not states or t.state in states)}

    found = {tab: set(query(access, TODAY).values_list("pk", flat=True)) for tab, query in _QUEUES.items()}
    assert found["verify"] == allowed("verify", "submitted") - own
    assert found["close"] == allowed("close", "completed")
    assert found["extensions"] == allowed("decide_extension", "in_progress", "submitted") & set(
        Extension.objects.values_list("task_id", flat=True)
    )
    assert found["no_lead"] == {pk for pk in allowed("name_lead", "in_progress") if facts[pk].lacks_lead}


def test_overdue_and_silent_work_is_listed(cast: Cast) -> None:
    late = make_task(cast, due=TODAY - timedelta(days=1))
    in_time = submitted(cast, due=TODAY)
    Task.objects.filter(pk=in_time.pk).update(due_date=TODAY - timedelta(days=1))
    Standing.objects.filter(task=in_time).update(submitted_date=TODAY - timedelta(days=1))
    access = cast.access("office")
    assert [t.pk for t in _QUEUES["overdue"](access, TODAY)] == [late.pk]


@pytest.mark.parametrize("today_", [date(2026, 11, 22), date(2026, 11, 28), date(2026, 12, 31), date(2026, 2, 28)])
def test_silent_work_is_that_whose_report_day_has_passed(cast: Cast, today_: date) -> None:
    """The queue is the twin of the rule, for every cadence, day, beginning and last report."""
    tasks = []
    for cadence in ("", "weekly", "monthly", "quarterly", "annual"):
        for day in (None, 5, 31):
            for start in (0, 3, 400):
                for last in (None, 3, 40):
                    at = None if last is None else datetime.combine(today_ - timedelta(days=last), time(1), tzinfo=UTC)
                    task = make_task(
                        cast, f"{cadence}{day}", cadence=cadence, last_at=at, percent=None if last is None else 1,
                        start=today_ - timedelta(days=start), due=today_ + timedelta(days=400),
                    )  # fmt: skip
                    Task.objects.filter(pk=task.pk).update(cadence_day=day)
                    tasks.append((task.pk, cadence, day, today_ - timedelta(days=start), at and at.date()))
    expected = set()
    for pk, cadence, day, start, last_day in tasks:
        due = next_report_date(cadence, cadence_day=day, last_at=last_day, today=today_, start=start)
        if due and due < today_:
            expected.add(pk)
    assert set(_QUEUES["silent"](cast.access("office"), today_).values_list("pk", flat=True)) == expected
    assert expected


def test_queue_page_opens_the_first_tab_with_work_and_costs_the_same_for_many(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("office")
    submitted(cast)
    with CaptureQueriesContext(
        connection,
    ) as few:
        html = client.get("/supervision/").content.decode()
    for n in range(30):
        submitted(cast, title=f"事项{n}")
    with CaptureQueriesContext(connection) as many:
        html = client.get("/supervision/?tab=verify").content.decode()
    assert "事项29" in html
    assert html.count("/verify/") == 31
    assert len(many) <= len(few) <= 26


@pytest.mark.parametrize("who", ["office", "leader", "deptclerk", "observer", "admin", "outsider"])
def test_every_tab_opens_for_everybody(cast: Cast, work: None, signed_in: SignIn, who: str) -> None:
    client = signed_in(who)
    for tab in (*_QUEUES, "nonsense"):
        response = client.get(f"/supervision/?tab={tab}")
        assert response.status_code == 200
        if who in ("outsider", "admin"):
            assert ("/verify/" in response.content.decode()) is (who == "outsider" and tab in ("verify", "nonsense"))
    assert client.get("/supervision/verifications/").status_code == 200


def test_whole_way_through_the_forms(cast: Cast, signed_in: SignIn) -> None:
    day = today()
    task = make_task(cast, start=day - timedelta(days=9), due=day + timedelta(days=9), percent=90)
    base = f"/tasks/{task.pk}"
    clerk, office = signed_in("deptclerk"), signed_in("office")
    assert clerk.post(f"{base}/submit/", {"result": ""}).status_code == 422
    assert clerk.post(f"{base}/submit/", {"result": "建成12000亩"}).status_code == 302
    html = office.get(f"{base}/verify/").content.decode()
    assert "建成12000亩" in html
    number = Submission.objects.get().pk
    data = {"submission": number, "method": "visit", "result": "returned", "opinion": "渠道未通水"}
    assert office.post(f"{base}/verify/", {**data, "opinion": ""}).status_code == 422
    assert office.post(f"{base}/verify/", data).status_code == 302
    assert clerk.post(f"{base}/submit/", {"result": "渠道已通水"}).status_code == 302
    stale = office.post(f"{base}/verify/", {**data, "result": "passed"})
    assert stale.status_code == 409
    assert "渠道未通水" in stale.content.decode()
    number = Submission.objects.latest("pk").pk
    assert office.post(f"{base}/verify/", {**data, "submission": number, "result": "passed"}).status_code == 302
    assert clerk.get(f"{base}/close/").status_code == 403
    assert office.get(f"{base}/close/").status_code == 200
    assert office.post(f"{base}/close/").status_code == 302
    assert office.post(f"{base}/close/").status_code == 409
    assert office.get(f"{base}/reopen/").status_code == 200
    assert office.post(f"{base}/reopen/", {"reason": "渠道又断流"}).status_code == 302
    task.refresh_from_db()
    assert task.state == "reopened"
    assert "渠道未通水" in office.get("/supervision/verifications/").content.decode()


def test_extension_through_the_forms(cast: Cast, signed_in: SignIn) -> None:
    due = today() + timedelta(days=9)
    task = make_task(cast, due=due)
    later, granted = due + timedelta(days=60), due + timedelta(days=30)
    clerk, office = signed_in("deptclerk"), signed_in("office")
    data = {"to_date": later.isoformat(), "cause": "land", "reason": "征地未批", "progress": "一半"}
    assert clerk.post(f"/tasks/{task.pk}/extend/", {**data, "to_date": due.isoformat()}).status_code == 409
    assert clerk.post(f"/tasks/{task.pk}/extend/", data).status_code == 302
    page = f"/extensions/{Extension.objects.get().pk}/decide/"
    assert clerk.get(page).status_code == 403
    assert signed_in("outsider").get(page).status_code == 404
    assert "征地未批" in office.get(page).content.decode()
    answer = {"decision": "approved", "granted_date": granted.isoformat(), "opinion": ""}
    assert office.post(page, answer).status_code == 302
    task.refresh_from_db()
    assert (task.due_date, task.original_due_date) == (granted, due)
    assert office.post(page, answer).status_code == 409
    assert office.get(page).status_code == 200
    assert "note-warning" in clerk.get(f"/tasks/{task.pk}/extend/").content.decode()


def test_doer_who_also_sits_in_the_office_is_told_that_another_verifies(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, lead="QH-NYJ")
    submit_task(task, unit=cast.unit("QH-NYJ"), by=cast["office"], now=NOW, result="建成")
    html = signed_in("office").get(f"/tasks/{task.pk}/verify/").content.decode()
    assert "note-warning" in html
    data = {"submission": Submission.objects.get().pk, "method": "visit", "result": "passed", "opinion": "好"}
    assert signed_in("office").post(f"/tasks/{task.pk}/verify/", data).status_code == 403
    assert signed_in("officeclerk").post(f"/tasks/{task.pk}/verify/", data).status_code == 302


def test_request_is_listed_with_the_date_it_asks_for(cast: Cast, signed_in: SignIn) -> None:
    due = TODAY + timedelta(days=9)
    task = make_task(cast, due=due)
    request_extension(
        task, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, to_date=due + timedelta(days=9), cause="land",
        reason="征地", progress="一半",
    )  # fmt: skip
    html = signed_in("office").get("/supervision/?tab=extensions").content.decode()
    assert (due + timedelta(days=9)).isoformat() in html
    assert f"/extensions/{Extension.objects.get().pk}/decide/" in html

"""The page of what happens by itself; the holidays of a year pasted from the official notice and asked for in time."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luoshi.core import (
    clock,  # noqa: TID251 - the page reads the real clock
    clockwork,
)
from luoshi.core.clockwork import registry
from luoshi.core.models import CalendarDay, Entry, Run
from luoshi.core.queries import get_calendar, list_unknown_years
from luoshi.notices.models import Notice
from luoshi.schedule.jobs import ask_for_holidays
from tests.factories.orgs import Cast
from tests.rules.core.test_holidays import NOTICE

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def failing() -> Iterator[str]:
    """One routine that always fails, and nothing else."""

    def fail(moment: datetime) -> None:
        raise ConnectionError("no route to the mail server")

    kept = dict(registry._routines)
    registry._routines.clear()
    clockwork.daily("mail", time(0), fail, label="发送邮件")
    yield "mail"
    registry._routines.clear()
    registry._routines.update(kept)


def test_page_says_what_failed_and_lets_it_be_tried_again(cast: Cast, signed_in: SignIn, failing: str) -> None:
    office = signed_in("office")
    html = office.get("/routines/").content.decode()
    assert "没有进程掌管时钟" in html
    clockwork.hold_lease("clockwork", holder="host1:17:ab", now=clock.now())
    with pytest.raises(ConnectionError):
        clockwork.run_due(clock.now())
    html = office.get("/routines/").content.decode()
    assert "没有进程掌管时钟" not in html
    assert "host1:17" in html
    assert "失败1次" in html
    assert "no route to the mail server" in html
    Run.objects.update(state="failed")
    run = Run.objects.get()
    assert f"/routines/{run.pk}/again/" in office.get("/routines/").content.decode()
    assert office.post(f"/routines/{run.pk}/again/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("waiting", 0)
    assert Entry.objects.latest("seq").verb == "run_again"
    assert office.post(f"/routines/{run.pk}/again/").status_code == 409


def test_standstill_is_late(cast: Cast, signed_in: SignIn, failing: str) -> None:
    done = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
    Run.objects.create(routine="mail", due_at=done, state="done")
    assert "迟了" in signed_in("admin").get("/routines/").content.decode()


def test_page_keeps_its_query_budget(cast: Cast, signed_in: SignIn, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = signed_in("office")
    clockwork.plan_due(clock.now())
    client.get("/routines/")
    with django_assert_max_num_queries(12):
        client.get("/routines/")


def test_notice_is_read_shown_and_then_entered(cast: Cast, signed_in: SignIn) -> None:
    office, typed = signed_in("office"), {"text": NOTICE.replace("2026", "2027")}
    assert "2027年的节假日还没有录入" in office.get("/calendar/days/?year=2027").content.decode()
    shown = office.post("/calendar/days/notice/?year=2027", typed)
    assert "国庆节" in shown.content.decode()
    assert not CalendarDay.objects.filter(day__year=2027).exists()
    assert office.post("/calendar/days/notice/?year=2027", {**typed, "confirm": "1"}).status_code == 302
    assert CalendarDay.objects.get(day=date(2027, 10, 1)).name == "国庆节"
    assert get_calendar(date(2027, 3, 1), date(2027, 3, 2)).knows(2027)
    assert Entry.objects.latest("seq").verb == "set_calendar_list"
    assert office.post("/calendar/days/notice/?year=2027", {"text": "没有日期"}).status_code == 422


def test_holidays_are_asked_for_on_mondays_of_late_autumn(cast: Cast) -> None:
    assert list_unknown_years(date(2026, 10, 30)) == ()
    assert list_unknown_years(date(2026, 11, 2)) == (2027,)
    zone = timezone.get_default_timezone()
    for day, told in ((9, 3), (10, 0), (16, 0)):  # the very same that waits unread is not said again
        before = Notice.objects.count()
        ask_for_holidays(datetime(2026, 11, day, 9, tzinfo=zone))
        assert Notice.objects.count() - before == told, day
    told = {"office", "officeclerk", "outsider"}
    assert {notice.person.username for notice in Notice.objects.all()} == {cast.people[who].username for who in told}


def test_only_those_on_top_see_what_happens_by_itself(cast: Cast, signed_in: SignIn) -> None:
    for who, status in (("office", 200), ("leader", 200), ("admin", 200), ("townhead", 403), ("deptclerk", 403)):
        assert signed_in(who).get("/routines/").status_code == status, who
    assert signed_in("townhead").post("/calendar/days/notice/", {"text": NOTICE}).status_code == 403
    assert signed_in("townhead").post("/routines/1/again/").status_code == 403

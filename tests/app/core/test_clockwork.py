"""Routines: each moment once and in order, made good for after a standstill, tried again after a failure."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from luoshi.core import clockwork
from luoshi.core.clockwork import registry
from luoshi.core.models import CalendarDay, Run

pytestmark = pytest.mark.django_db
ZONE = timezone.get_default_timezone()


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


class Book:
    """Writes down each call, and fails as often as it is told."""

    def __init__(self) -> None:
        self.calls: list[datetime] = []
        self.failures = 0

    def __call__(self, moment: datetime) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError("the mail server is away")
        self.calls.append(moment)

    @property
    def days(self) -> list[str]:
        return [f"{moment:%m-%d %H:%M}" for moment in self.calls]


@pytest.fixture
def book() -> Iterator[Book]:
    """An empty registry for the test's own routines."""
    kept = dict(registry._routines)
    registry._routines.clear()
    yield Book()
    registry._routines.clear()
    registry._routines.update(kept)


def test_routine_begins_with_the_latest_moment_and_goes_on_once_a_day(book: Book) -> None:
    clockwork.daily("tell", time(7, 30), book)
    assert clockwork.run_due(at(2)) == 1
    assert clockwork.run_due(at(2, 23)) == 0
    assert clockwork.run_due(at(3, 7)) == 0
    assert clockwork.run_due(at(3, 7, 30)) == 1
    assert book.days == ["03-02 07:30", "03-03 07:30"]


def test_missed_days_are_made_good_for_in_order_across_routines(book: Book) -> None:
    clockwork.daily("late", time(9), book)
    clockwork.daily("early", time(8), book)
    clockwork.daily("news", time(10), book, catch_up="latest")
    clockwork.run_due(at(2))
    book.calls.clear()
    clockwork.run_due(at(5))
    assert book.days == [
        "03-03 08:00", "03-03 09:00", "03-04 08:00", "03-04 09:00", "03-05 08:00", "03-05 09:00", "03-05 10:00",
    ]  # fmt: skip


def test_working_days_follow_the_editable_calendar(book: Book) -> None:
    clockwork.daily("chase", time(8), book, workdays_only=True)
    CalendarDay.objects.create(day=at(4).date(), is_workday=False, name="停电")
    CalendarDay.objects.create(day=at(7).date(), is_workday=True)
    clockwork.run_due(at(2))
    clockwork.run_due(at(9))
    assert book.days == [f"03-0{n} 08:00" for n in (2, 3, 5, 6, 7, 9)]


def test_minutes_are_made_good_for_only_at_the_latest(book: Book) -> None:
    clockwork.every("send", 5, book)
    for moment in (at(2, 12, 3), at(2, 12, 4), at(2, 12, 5), at(3, 8, 59)):
        clockwork.run_due(moment)
    assert book.days == ["03-02 12:00", "03-02 12:05", "03-03 08:55"]


def test_hour_that_is_changed_makes_no_second_time_on_that_day(book: Book, settings) -> None:  # type: ignore[no-untyped-def]
    clockwork.daily("tell", time(7), book)
    clockwork.run_due(at(2))
    settings.ROUTINE_HOURS = {"tell": time(11)}
    clockwork.run_due(at(2))
    clockwork.run_due(at(3))
    assert book.days == ["03-02 07:00", "03-03 11:00"]


def test_failure_is_noted_and_tried_again_before_later_days(book: Book) -> None:
    clockwork.daily("tell", time(7), book)
    book.failures = 2
    with pytest.raises(ValueError, match="away"):
        clockwork.run_due(at(2))
    run = Run.objects.get()
    assert (run.state, run.attempts, run.error) == ("waiting", 1, "ValueError: the mail server is away")
    assert clockwork.run_due(at(2)) == 0, "it waits a while before it tries again"
    with pytest.raises(ValueError, match="away"):
        clockwork.run_due(at(2, 12, 1))
    assert clockwork.run_due(at(2, 12, 3)) == 0
    assert clockwork.run_due(at(3)) == 2
    assert not Run.objects.exclude(error="").exists()
    assert book.days == ["03-02 07:00", "03-03 07:00"]


def test_given_up_after_many_attempts_and_later_days_go_on(book: Book) -> None:
    clockwork.daily("tell", time(7), book)
    book.failures = 7
    moment = at(2)
    for _ in range(7):
        with pytest.raises(ValueError, match="away"):
            clockwork.run_due(moment)
        moment += timedelta(hours=6)
    assert [run.state for run in Run.objects.all()] == ["failed", "waiting"]
    clockwork.run_due(moment)
    assert book.days == ["03-03 07:00"]


def test_run_of_a_dead_worker_is_free_after_its_time(book: Book) -> None:
    clockwork.daily("tell", time(7), book)
    clockwork.plan_due(at(2))
    Run.objects.update(state="running", holder="gone", until=at(2, 12, 2), attempts=1)
    assert clockwork.run_due(at(2, 12, 1)) == 0
    assert clockwork.run_due(at(2, 12, 2)) == 1
    assert Run.objects.get().attempts == 2


def test_one_holds_the_lease_until_it_lapses_or_is_given_back() -> None:
    assert clockwork.hold_lease("clockwork", holder="a", now=at(2))
    assert not clockwork.hold_lease("clockwork", holder="b", now=at(2))
    assert clockwork.hold_lease("clockwork", holder="a", now=at(2) + timedelta(seconds=20))
    assert not clockwork.hold_lease("clockwork", holder="b", now=at(2) + timedelta(seconds=49))
    assert clockwork.hold_lease("clockwork", holder="b", now=at(2) + timedelta(seconds=50))
    assert not clockwork.hold_lease("clockwork", holder="a", now=at(2) + timedelta(seconds=51))
    clockwork.release_lease("clockwork", holder="b", now=at(2) + timedelta(seconds=52))
    assert clockwork.hold_lease("clockwork", holder="a", now=at(2) + timedelta(seconds=52))


def test_atomic_routine_takes_effect_with_its_mark_or_not_at_all(book: Book) -> None:
    def write(moment: datetime) -> None:
        CalendarDay.objects.create(day=moment.date(), is_workday=False)
        if book.failures:
            book.failures -= 1
            Run.objects.update(holder="another", attempts=9)  # it lapsed, and another worker has it

    clockwork.daily("write", time(7), write, atomic=True)
    book.failures = 1
    assert clockwork.run_due(at(2)) == 0
    assert not CalendarDay.objects.filter(day=at(2).date()).exists()
    assert clockwork.run_due(at(3)) == 2
    assert CalendarDay.objects.filter(day__in=[at(2).date(), at(3).date()]).count() == 2


def test_old_runs_are_dropped_but_the_newest_stays(book: Book) -> None:
    clockwork.every("send", 60, book)
    clockwork.daily("tell", time(7), book)
    for day in (2, 3, 9):
        clockwork.run_due(at(day))
    clockwork.prune_runs(at(9))
    assert Run.objects.filter(routine="send").count() == 1
    assert Run.objects.filter(routine="tell").count() == 8
    assert clockwork.run_due(at(9)) == 0

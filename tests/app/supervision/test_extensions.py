"""More time: asked for in time, answered definitely, the original date kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from luoshi.core.models import Entry
from luoshi.notices.models import Notice
from luoshi.supervision.actions import AlreadyAsked, AlreadyDecided, BadDate, MissingWords, decide_extension
from luoshi.supervision.actions.extensions import AskerMayNotDecide, request_extension
from luoshi.supervision.models import Extension
from luoshi.supervision.queries import count_extensions
from luoshi.tasks.actions import UnlawfulStep
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
DUE, LATER, GRANTED = date(2026, 12, 20), date(2027, 3, 31), date(2027, 2, 28)


def ask(cast: Cast, task: Task, **given: object) -> Extension:
    fields = {"to_date": LATER, "cause": "land", "reason": "征地手续未批", "progress": "已建成3200亩", **given}
    fresh = Task.objects.get(pk=task.pk)
    return request_extension(fresh, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW, **fields)


def answer(cast: Cast, extension: Extension, granted: date | None = GRANTED, **given: object) -> None:
    fields = {"approve": True, "opinion": "同意", "by": cast["office"], "now": NOW, **given}
    decide_extension(Extension.objects.get(pk=extension.pk), granted_date=granted, **fields)


def test_approved_extension_moves_the_due_date_and_keeps_the_original_forever(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    answer(cast, ask(cast, task))
    task.refresh_from_db()
    assert (task.due_date, task.original_due_date) == (GRANTED, DUE)
    answer(cast, ask(cast, task), granted=LATER)
    task.refresh_from_db()
    assert (task.due_date, task.original_due_date) == (LATER, DUE)
    assert count_extensions(task).approved == 2


def test_refused_extension_changes_no_date_and_needs_a_reason(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    extension = ask(cast, task)
    with pytest.raises(MissingWords):
        answer(cast, extension, None, approve=False, opinion="")
    answer(cast, extension, LATER, approve=False, opinion="不同意，倒排工期")
    task.refresh_from_db()
    extension.refresh_from_db()
    assert (task.due_date, extension.state, extension.granted_date) == (DUE, "refused", None)


@pytest.mark.parametrize("due", [TODAY, TODAY - timedelta(days=1)])
def test_time_is_not_asked_for_on_or_after_the_due_date(cast: Cast, due: date) -> None:
    with pytest.raises(BadDate):
        ask(cast, make_task(cast, due=due))


def test_request_without_reason_progress_or_later_date_is_refused(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    for given in ({"reason": " "}, {"progress": ""}):
        with pytest.raises(MissingWords):
            ask(cast, task, **given)
    with pytest.raises(BadDate):
        ask(cast, task, to_date=DUE)
    with pytest.raises(BadDate):
        ask(cast, make_task(cast, due=None))
    assert not Extension.objects.exists()


def test_second_open_request_is_refused_and_the_database_holds_it(cast: Cast) -> None:
    task = make_task(cast, due=DUE)
    first = ask(cast, task)
    with pytest.raises(AlreadyAsked):
        ask(cast, task)
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_asker_does_not_answer_and_an_answer_is_given_once(cast: Cast) -> None:
    extension = ask(cast, make_task(cast, due=DUE))
    with pytest.raises(AskerMayNotDecide):
        answer(cast, extension, by=cast["deptclerk"])
    answer(cast, extension)
    with pytest.raises(AlreadyDecided):
        answer(cast, extension, approve=False, opinion="不同意")


def test_approval_needs_a_definite_later_date(cast: Cast) -> None:
    extension = ask(cast, make_task(cast, due=DUE))
    with pytest.raises(MissingWords):
        answer(cast, extension, None)
    with pytest.raises(BadDate):
        answer(cast, extension, DUE)


def test_closed_work_gets_no_more_time(cast: Cast) -> None:
    with pytest.raises(UnlawfulStep):
        ask(cast, make_task(cast, due=DUE, state="closed"))
    task = make_task(cast, due=DUE)
    extension = ask(cast, task)
    Task.objects.filter(pk=task.pk).update(state="closed")
    with pytest.raises(UnlawfulStep):
        answer(cast, extension)
    assert Extension.objects.get(pk=extension.pk).state == "requested"


def test_request_and_answer_are_told_and_recorded(cast: Cast) -> None:
    extension = ask(cast, make_task(cast, due=DUE))
    assert Notice.objects.filter(person=cast["office"], url=f"/extensions/{extension.pk}/decide/").exists()
    answer(cast, extension)
    assert Notice.objects.filter(person=cast["deptclerk"], text__contains="2027-02-28").exists()
    entry = Entry.objects.latest("seq")
    assert entry.data["before"] == {"due_date": "2026-12-20"}
    assert entry.data["after"] == {"due_date": "2027-02-28"}


def test_date_asked_for_says_that_its_year_has_no_holidays_yet(cast: Cast, signed_in: Any) -> None:
    extension = ask(cast, make_task(cast, due=DUE), to_date=date(2028, 3, 1))
    client = signed_in("office")
    page = client.get(f"/extensions/{extension.pk}/decide/").content.decode()
    assert "/calendar/days/?year=2028" in page

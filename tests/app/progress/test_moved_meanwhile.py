"""A report on a task that somebody moved after it was read adds to what stands above it now."""

from decimal import Decimal

from luoshi.progress.actions import report_progress
from luoshi.progress.models import Standing
from luoshi.tasks.actions.placing import place_task
from luoshi.tasks.models import Task
from tests.app.progress.histories import find_all_drifts
from tests.factories.work import make_task


def test_report_on_a_moved_task_counts_in_its_new_place(cast):
    old, new = make_task(cast, "原来的", state="in_progress"), make_task(cast, "现在的", state="in_progress")
    part = make_task(cast, "部分", lead="QH-NYJ", parent=old, state="in_progress")
    before = Task.objects.get(pk=part.pk)
    place_task(Task.objects.get(pk=part.pk), under=new, by=cast["office"], now=cast.now)
    report_progress(
        before, unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=cast.now, today=cast.today, period="2026-11",
        done="推进", percent=Decimal(40),
    )  # fmt: skip
    assert Standing.objects.get(task=new).percent == 40
    assert Standing.objects.get(task=old).percent is None
    assert find_all_drifts() == []

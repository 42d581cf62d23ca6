"""What follows for progress when a part's target was adapted, or divided with a unit that was split off."""

from datetime import date

from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.progress.actions.standings import keep_standings, settle
from luoshi.progress.models import Standing
from luoshi.progress.rules.rollup import percent_said
from luoshi.tasks.models import Task


def keep_adapted(entry: Entry) -> None:
    """Listener: the value reached is another share of the new target, and the part may weigh otherwise above."""
    changed = entry.data.get("after") or {}
    if "target_value" in changed:
        _measure_again(int(entry.subject_id), today=timezone.localtime(entry.at).date())
    if "weight" in changed:
        keep_standings(entry)


def keep_divided(entry: Entry) -> None:
    """Listener: the same for parts that kept some of their target. New parts count; a duty that passed changes none."""
    for part in entry.data.get("left") or {}:
        _measure_again(int(part), today=timezone.localtime(entry.at).date())
    if entry.data.get("left") or entry.data.get("parts"):
        keep_standings(entry)


def _measure_again(pk: int, *, today: date) -> None:
    task = Task.objects.get(pk=pk)
    standing = Standing.objects.filter(task=task).first()
    if standing is not None and standing.value is not None:
        own = percent_said(None, value=standing.value, op=task.target_op, target=task.target_value)
        settle(task, today=today, own_percent=own)

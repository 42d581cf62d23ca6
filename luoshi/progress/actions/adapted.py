"""What follows for progress when a part's target was adapted."""

from django.utils import timezone

from luoshi.core.models import Entry
from luoshi.progress.actions.standings import keep_standings, settle
from luoshi.progress.models import Standing
from luoshi.progress.rules.rollup import percent_said
from luoshi.tasks.models import Task


def keep_adapted(entry: Entry) -> None:
    """Listener: the value reached is another share of the new target, and the part may weigh otherwise above."""
    changed = entry.data.get("after") or {}
    if "target_value" not in changed:
        return
    task = Task.objects.get(pk=entry.subject_id)
    standing = Standing.objects.filter(task=task).first()
    if standing is not None and standing.value is not None:
        own = percent_said(None, value=standing.value, op=task.target_op, target=task.target_value)
        settle(task, today=timezone.localtime(entry.at).date(), own_percent=own)
    if "weight" in changed:
        keep_standings(entry)

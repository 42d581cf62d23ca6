"""Noting for each task of an act on several that the act was about it too, so that its own history tells."""

from luoshi.core.events import subscribe
from luoshi.core.models import Entry
from luoshi.tasks.models import TaskEntry

SEVERAL = ("open_tasks", "edit_tasks", "dispatch_tasks", "withdraw_task", "steer_tasks", "undo_steering",
           "take_clocks", "place_tasks", "recall_dispatch", "recall_parts", "allot", "tie_task",
           "follow_units", "apply_workbook", "decide_change", "decide_pause", "end_pause")  # fmt: skip


def mention_tasks(entry: Entry) -> None:
    """Note the tasks that the entry names besides its subject."""
    own = int(entry.subject_id) if entry.subject_type == "task" else 0
    rows = [TaskEntry(task_id=pk, entry_id=entry.seq) for pk in {*entry.data.get("task_ids", ())} - {own}]
    TaskEntry.objects.bulk_create(rows, batch_size=10_000)


def listen() -> None:
    """Hear of every act on several tasks."""
    for verb in SEVERAL:
        subscribe(verb, mention_tasks)

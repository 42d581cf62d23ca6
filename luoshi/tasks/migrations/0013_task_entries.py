"""Which tasks an entry of the journal speaks of besides its subject; what is in the journal already is noted too."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def note_earlier(apps: Any, _editor: Any) -> None:
    entries, rows = apps.get_model("core", "Entry").objects, apps.get_model("tasks", "TaskEntry")
    standing = set(apps.get_model("tasks", "Task").objects.values_list("pk", flat=True)) if entries.exists() else set()
    for entry in entries.filter(data__has_key="task_ids").iterator(chunk_size=500):
        own = int(entry.subject_id) if entry.subject_type == "task" else 0
        named = {*entry.data["task_ids"]} & standing - {own}
        rows.objects.bulk_create([rows(task_id=pk, entry_id=entry.seq) for pk in named], batch_size=10_000)


class Migration(migrations.Migration):
    dependencies = [("core", "0004_seed_calendar"), ("tasks", "0012_inflation_sight")]

    operations = [
        migrations.CreateModel(
            name="TaskEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.entry",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tasks.task"
                    ),
                ),
            ],
            options={
                "verbose_name": "task in a journal entry",
                "verbose_name_plural": "tasks in journal entries",
                "constraints": [models.UniqueConstraint(fields=("task", "entry"), name="task_entry_once")],
            },
        ),
        migrations.RunPython(note_earlier, migrations.RunPython.noop),
    ]

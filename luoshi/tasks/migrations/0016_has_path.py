"""Tasks know whether a milestone may plan a percent; the path of a task is read in order from one index."""

import django.db.models.deletion
from django.db import migrations, models


def mark(apps, _editor):
    planned = apps.get_model("tasks", "Milestone").objects.filter(percent__isnull=False).order_by().values("task")
    apps.get_model("tasks", "Task").objects.filter(pk__in=planned).update(has_path=True)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0015_hard_days")]
    operations = [
        migrations.AddField(
            model_name="task", name="has_path", field=models.BooleanField(default=False, editable=False)
        ),
        migrations.RemoveIndex(model_name="milestone", name="milestone_path"),
        migrations.AlterField(
            model_name="milestone",
            name="task",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="tasks.task"
            ),
        ),
        migrations.AddIndex(
            model_name="milestone", index=models.Index(fields=["task", "due_date", "id"], name="milestone_path")
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]

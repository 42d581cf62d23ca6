"""An index for the ledger by tier; the parts of a task have theirs in the order of their keys."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0009_ledger_paging")]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="parent",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="children", to="tasks.task",
            ),
        ),
        migrations.AddIndex(
            model_name="task", index=models.Index(fields=["phase", "tier", "id"], name="task_by_phase_tier")
        ),
    ]  # fmt: skip

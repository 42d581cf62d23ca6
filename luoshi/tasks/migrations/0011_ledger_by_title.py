"""An index for the ledger by title."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0010_ledger_by_tier")]

    operations = [
        migrations.AddIndex(
            model_name="task", index=models.Index(fields=["phase", "title", "id"], name="task_by_phase_title")
        ),
    ]

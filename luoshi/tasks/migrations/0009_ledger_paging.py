"""Indexes for the ledger's pages: the top of the tree by due date, and the parts of a task in order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0008_inflation_says_who")]

    operations = [
        migrations.AddIndex(model_name="task", index=models.Index(fields=["parent", "id"], name="task_by_parent")),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("parent__isnull", True)), fields=["due_date", "id"], name="task_top_by_due"
            ),
        ),
    ]

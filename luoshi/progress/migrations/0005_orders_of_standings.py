"""Indexes for the ledger by progress and by last word, and for the few reports that ask something."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0004_readings"), ("tasks", "0011_ledger_by_title")]

    operations = [
        migrations.AlterField(
            model_name="feedback",
            name="asked_unit",
            field=models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="orgs.unit", verbose_name="asked of",
            ),
        ),
        migrations.AddIndex(
            model_name="feedback",
            index=models.Index(
                condition=models.Q(("asked_unit__isnull", False)), fields=["asked_unit", "at"], name="feedback_asked"
            ),
        ),
        migrations.AddIndex(
            model_name="standing", index=models.Index(fields=["percent", "task"], name="standing_by_percent")
        ),
        migrations.AddIndex(
            model_name="standing", index=models.Index(fields=["last_at", "task"], name="standing_by_last")
        ),
    ]  # fmt: skip

"""An index of the red months that may still be caught up: few of many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0008_evidence_uses_objects")]
    operations = [
        migrations.AddIndex(
            model_name="monthlight",
            index=models.Index(
                condition=models.Q(("caught_up_date__isnull", True), ("light", 1)),
                fields=["task"],
                name="month_red_not_caught_up",
            ),
        ),
    ]

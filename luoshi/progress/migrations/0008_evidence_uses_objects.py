"""A report's evidence is a version of an object from now on; the files stay where they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0007_evidence_objects")]
    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="progress.exhibitversion"
            ),
        ),
        migrations.RemoveField(model_name="evidence", name="file"),
        migrations.RemoveField(model_name="evidence", name="name"),
        migrations.RemoveField(model_name="evidence", name="sha256"),
        migrations.RemoveField(model_name="evidence", name="size"),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("feedback", "version"), name="evidence_once_a_report"),
        ),
    ]

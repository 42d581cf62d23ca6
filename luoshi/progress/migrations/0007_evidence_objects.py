"""Evidence becomes objects of their own: each file kept so far is the first version of one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BATCH = 500


def keep_as_objects(apps, _editor):
    """One object for each file of a unit; the same file used again is the same object."""
    Evidence = apps.get_model("progress", "Evidence")
    Exhibit = apps.get_model("progress", "Exhibit")
    Version = apps.get_model("progress", "ExhibitVersion")
    known = {}
    rows = Evidence.objects.select_related("feedback").order_by("pk")
    for evidence in rows.iterator(chunk_size=BATCH):
        said = evidence.feedback
        key = (said.unit_id, evidence.sha256)
        if key not in known:
            exhibit = Exhibit.objects.create(
                unit_id=said.unit_id, title=evidence.name, kept_by_id=said.by_id, kept_at=said.at
            )
            known[key] = Version.objects.create(
                exhibit=exhibit, number=1, file=evidence.file.name, name=evidence.name, size=evidence.size,
                sha256=evidence.sha256, by_id=said.by_id, at=said.at,
            ).pk  # fmt: skip
        Evidence.objects.filter(pk=evidence.pk).update(version_id=known[key])
    _drop_doubles(Evidence)


def _drop_doubles(evidence):
    """A report that carried one file twice keeps it once."""
    seen = set()
    for pk, feedback, version in evidence.objects.order_by("pk").values_list("pk", "feedback_id", "version_id"):
        if (feedback, version) in seen:
            evidence.objects.filter(pk=pk).delete()
        seen.add((feedback, version))


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0004_days_of_units"),
        ("progress", "0006_turns_months_obstacles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Exhibit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="evidence")),
                ("expires_date", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("kept_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("kept_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="exhibits", to="orgs.unit", verbose_name="keeping unit")),
            ],
            options={"verbose_name": "piece of evidence", "verbose_name_plural": "evidence", "ordering": ["-kept_at", "-id"]},
        ),
        migrations.CreateModel(
            name="ExhibitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("file", models.FileField(upload_to="evidence/%Y/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("at", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("exhibit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="progress.exhibit")),
            ],
            options={
                "verbose_name": "version of a piece of evidence",
                "verbose_name_plural": "versions of evidence",
                "ordering": ["exhibit", "-number"],
            },
        ),
        migrations.AddIndex(
            model_name="exhibit", index=models.Index(fields=["unit", "-kept_at"], name="exhibit_of_unit")
        ),
        migrations.AddIndex(
            model_name="exhibit",
            index=models.Index(
                condition=models.Q(("expires_date__isnull", False)), fields=["unit", "expires_date"], name="exhibit_expiring"
            ),
        ),
        migrations.AddConstraint(
            model_name="exhibitversion",
            constraint=models.UniqueConstraint(fields=("exhibit", "number"), name="exhibit_version_once"),
        ),
        migrations.AddConstraint(
            model_name="exhibitversion",
            constraint=models.UniqueConstraint(fields=("exhibit", "sha256"), name="exhibit_file_once"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="version",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="progress.exhibitversion"
            ),
        ),
        migrations.RunPython(keep_as_objects, migrations.RunPython.noop),
    ]

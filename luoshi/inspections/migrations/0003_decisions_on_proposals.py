import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0002_visit_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decided",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("body", models.CharField(max_length=120, verbose_name="who decided it")),
                ("decided_date", models.DateField(verbose_name="decided on")),
                ("is_adopted", models.BooleanField(verbose_name="adopted")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="what was decided")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number of the paper")),
                ("at", models.DateTimeField(verbose_name="recorded")),
                (
                    "advised",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decided",
                        to="inspections.advised",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a proposal",
                "verbose_name_plural": "decisions on proposals",
                "ordering": ["advised"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_adopted", True), models.Q(("words", ""), _negated=True), _connector="OR"
                        ),
                        name="declined_proposal_says_why",
                    )
                ],
            },
        ),
    ]

"""What was let pass says who gave down, and what stood on both sides."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0003_sheet_of_figures"),
        ("tasks", "0007_searching"),
    ]

    operations = [
        migrations.AddField(
            model_name="inflation",
            name="unit",
            field=models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgs.unit",
                verbose_name="given down by",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="inflation",
            name="was",
            field=models.CharField(blank=True, max_length=200, verbose_name="asked from above"),
        ),
        migrations.AddField(
            model_name="inflation",
            name="now",
            field=models.CharField(blank=True, max_length=200, verbose_name="asked of the part"),
        ),
    ]

"""Addresses and secrets of robots lie sealed."""

from django.db import migrations

from luoshi.core.sealing import SealedField


def seal_all(apps, _schema_editor):
    """What is read as it is, is written sealed."""
    robots = apps.get_model("notices", "Robot").objects
    for robot in robots.exclude(address="").iterator():
        robot.save(update_fields=["address", "secret"])


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_squashed_0006_deliveries_by_day")]

    operations = [
        migrations.AlterField("robot", "address", SealedField(max_length=500, verbose_name="address")),
        migrations.AlterField(
            "robot", "secret", SealedField(blank=True, max_length=200, verbose_name="signing secret")
        ),
        migrations.RunPython(seal_all, migrations.RunPython.noop, elidable=True),
    ]

"""Seed the working-day calendar with the public holidays that are known; later years are entered by hand."""

from datetime import date, timedelta

import chinese_calendar
from django.db import migrations

SATURDAY = 5


def known_days():
    day = date(2024, 1, 1)
    while True:
        try:
            worked, (_, name) = chinese_calendar.is_workday(day), chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return
        if worked != (day.weekday() < SATURDAY):
            yield day, worked, chinese_calendar.Holiday(name).chinese if name else ""
        day += timedelta(days=1)


def seed(apps, schema_editor):
    table = apps.get_model("core", "CalendarDay")
    table.objects.bulk_create(table(day=day, is_workday=worked, name=name) for day, worked, name in known_days())


class Migration(migrations.Migration):
    dependencies = [("core", "0003_seal_journal")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]

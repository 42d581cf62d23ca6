"""What the other townships do in the journey of indicators: they take their parts and give two months of readings.

`python -m tests.pages.townships TASK FIRST SECOND` runs beside the browser and calls the actions, as clerks would.
"""

import csv
import os
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

SHEET = Path(__file__).with_name("employment.csv")
BROWSER = "QH-T01"  # whose clerk sits at the browser


def read_sheet() -> list[dict[str, str]]:
    """The sheet worked out by hand, the sum last."""
    return list(csv.DictReader(SHEET.read_text(encoding="utf-8").splitlines()))


def work(task: int, periods: list[str]) -> None:
    from luoshi.core.clock import now, today
    from luoshi.orgs.models import Post
    from luoshi.progress.actions.readings import ReadingRow, record_readings
    from luoshi.tasks.actions import acknowledge_task
    from luoshi.tasks.models import Allotment, Task

    for row in read_sheet():
        if row["code"] in ("SUM", BROWSER):
            continue
        part = Task.objects.select_related("owner").get(parent=task, duties__unit__code=row["code"])
        posts = Post.objects.held_on(today()).filter(unit__code=row["code"], role__in=["handler", "head"])
        post = posts.select_related("unit", "person").order_by("-role").first()
        assert post is not None, row["code"]
        acknowledge_task(part, unit=post.unit, by=post.person, now=now())
        allotment = Allotment.objects.select_related("indicator__task", "task__owner").get(task=part)
        allotment.task.refresh_from_db()
        for period, value in zip(periods, (row["first"], row["second"]), strict=True):
            if value:
                reading = ReadingRow(allotment, period, Decimal(value), source="参保比对")
                record_readings(
                    [reading], unit=post.unit, by=post.person, now=now() + timedelta(seconds=1), today=today()
                )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    work(int(sys.argv[1]), sys.argv[2:4])

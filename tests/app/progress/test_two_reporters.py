"""Two who report on sibling tasks at once."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from luoshi.core.queries import find_journal_faults
from luoshi.progress.actions import recompute_standings, report_progress
from luoshi.progress.models import Standing
from luoshi.tasks.actions import cascade_task
from luoshi.tasks.models import Task
from luoshi.tasks.rules.cascade import Share
from tests.factories.orgs import NOW, TODAY, make_cast
from tests.factories.work import make_task

ROUNDS = 8


@pytest.mark.usefixtures("own_database")
def test_two_reporters_and_a_cascade_under_one_root_end_equal_to_a_recompute() -> None:
    cast = make_cast()
    root = make_task(cast, "根", expected=2)
    branch = make_task(cast, "枝", parent=root, expected=2, standard="建成")
    leaves = [make_task(cast, f"叶{n}", parent=branch, weight=Decimal(n)) for n in (1, 3)]
    together = Barrier(3)

    def report(leaf: Task) -> None:
        try:
            for n in range(ROUNDS):
                together.wait(30)
                report_progress(
                    Task.objects.get(pk=leaf.pk), unit=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW,
                    today=TODAY, period="2026-11", done=f"{n}亩", percent=Decimal(n * 7 % 101),
                )  # fmt: skip
        finally:
            connection.close()

    def give_down() -> None:
        towns = ["QH-T01", "QH-T02", "QH-T03", "QH-T01-V01", "QH-T01-V02", "QH-SLJ", "QH-CZJ"]
        try:
            for n in range(ROUNDS):
                together.wait(30)
                if n < len(towns):
                    share = Share(cast.unit(towns[n]).pk, standard="建成")
                    part = Task.objects.get(pk=branch.pk)
                    cascade_task(part, shares=[share], owner=cast.unit("QH-NYJ"), by=cast["deptclerk"], now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(report, leaf) for leaf in leaves] + [threads.submit(give_down)]:
            done.result(60)
    assert recompute_standings(check=True) == []
    found = Standing.objects.get(task=root)
    assert (found.percent, found.reported, found.expected) == (Decimal((ROUNDS - 1) * 7), 2, 9)
    assert find_journal_faults() == []

"""Any history of deeds leaves standings and tallies as a recomputation from nothing would have them.

`LUOSHI_HISTORIES` says how many histories are drawn for each way of adding up (default 25, on PostgreSQL 10).
"""

import os
from random import Random

import pytest
from django.db import connection, transaction

from luoshi.tasks.rules.indicators import OverUnits
from tests.app.progress.histories import History, find_all_drifts, make_tree
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("LUOSHI_HISTORIES", "25" if connection.vendor == "sqlite" else "10"))
STEPS = 10


@pytest.mark.parametrize("operator", list(OverUnits))
def test_any_history_comes_to_what_a_recomputation_finds(cast: Cast, operator: OverUnits) -> None:
    indicator = make_tree(cast, operator.value, is_main=operator is not OverUnits.RATIO)
    deeds = 0
    for seed in range(HISTORIES):
        history = History(cast, indicator, Random(f"{operator} {seed}"))
        with transaction.atomic():
            history.run(STEPS)
            assert find_all_drifts() == [], (seed, history.done)
            transaction.set_rollback(True)
        deeds += sum(" " not in deed for deed in history.done)
    assert deeds > HISTORIES * STEPS / 3  # most histories do something

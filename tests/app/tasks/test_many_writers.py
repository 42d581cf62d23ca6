"""Sixteen processes report, read, move, cancel, give down, suspend, steer and chase in one tree; nothing drifts."""

import json
from collections import Counter

from django.db import connection

from tests.app.conftest import OwnDatabase

LEAST = 60  # deeds that were not refused: below it the writers hardly met


def test_many_writers_of_one_tree_leave_what_a_recomputation_finds(own_database: OwnDatabase) -> None:
    writers = 16 if connection.vendor == "postgresql" else 8
    process = "tests.app.tasks.writers_process"
    own_database.run("-m", process, "seed")
    found = json.loads(own_database.run("-m", process, "write", str(writers)))
    assert found["failed"] == [], "\n\n".join(found["failed"])
    deeds = Counter(deed for deed in found["done"] if " " not in deed)
    assert sum(deeds.values()) >= LEAST * writers / 16, deeds
    assert {"read", "report", "place", "withdraw"} <= set(deeds)
    assert json.loads(own_database.run("-m", process, "look")) == {"drifts": [], "faults": [], "crooked": []}

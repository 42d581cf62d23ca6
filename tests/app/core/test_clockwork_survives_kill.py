"""kill -9 of the processes at the clock, again and again: each effect of each routine once, in order."""

import json
from itertools import product

from tests.app.conftest import OwnDatabase
from tests.app.core.clockwork_process import BATCHES, DAYS, ROUTINES

CLOCK = ("-m", "tests.app.core.clockwork_process")
KILLS = 20


def test_killed_processes_leave_each_effect_once_and_in_order(own_database: OwnDatabase) -> None:
    own_database.environment["LUOSHI_CLOCKWORK_LEASE"] = "0.5"
    own_database.run(*CLOCK, "seed")
    killed = int(own_database.run(*CLOCK, "storm", "7", str(KILLS)))
    found = json.loads(own_database.run(*CLOCK, "look"))
    assert killed == KILLS
    assert found["runs"] == {"done": (DAYS + 1) * len(ROUTINES)}
    assert found["again"] > 0, "no kill met a routine at work"
    assert found["processes"] > 1
    effects = [(name, batch) for name, batch in found["effects"]]
    assert len(effects) == len(set(effects)) == DAYS * len(ROUTINES) * BATCHES
    for routine in ROUTINES:
        own = [effect for effect in effects if effect[0].startswith(routine)]
        days = sorted({name for name, _batch in own})
        assert own == list(product(days, range(BATCHES))), "out of order"

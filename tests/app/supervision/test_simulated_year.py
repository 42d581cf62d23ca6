"""A year goes by with workers killed in the middle of their routines: each step that was due was taken once, in order.

What stands is compared with year_oracle.py. LUOSHI_YEAR=4000,361,50 lives the whole year of 4,000 tasks with 50 kills.
"""

import json
import os
from collections import Counter
from itertools import pairwise

from tests.app.conftest import OwnDatabase
from tests.app.supervision.year_oracle import Oracle
from tests.app.supervision.year_story import tell

SEED = 3
TASKS, DAYS, KILLS = (int(figure) for figure in os.environ.get("LUOSHI_YEAR", "60,60,6").split(","))
YEAR = ("-m", "tests.app.supervision.year_process")


def test_everything_due_in_a_year_happens_once_and_in_order(own_database: OwnDatabase) -> None:
    figures = (str(SEED), str(TASKS), str(DAYS))
    own_database.run(*YEAR, "seed", *figures)
    killed = int(own_database.run(*YEAR, "live", *figures, str(KILLS)))
    found = json.loads(own_database.run(*YEAR, "look"))
    right = Oracle(tell(SEED, jobs=TASKS, days=DAYS)).live()

    assert killed == KILLS
    assert set(found["runs"]) == {"done"}
    assert found["faults"] == []
    turns = {(code, period): (closes, state) for code, period, closes, state in found["turns"]}
    assert turns == {key: (str(closes), state) for key, (closes, state) in right.turns.items()}
    months = {(code, month): tuple(rest) for code, month, *rest in found["months"]}
    assert months == {
        (code, str(month)): (colour, reason, str(caught) if caught else None)
        for (code, month), (colour, reason, caught) in right.months.items()
    }
    steps = {(code, opened, rung): tuple(rest) for code, opened, rung, *rest in found["steps"]}
    assert steps == {(code, str(opened), rung): rest for (code, opened, rung), rest in right.steps.items()}
    assert len(found["steps"]) == len(right.steps)
    assert len(found["turns"]) == len(right.turns)
    assert len(found["months"]) == len(right.months)
    told = Counter((who, day, code) for who, day, code in found["notices"] if code)
    assert told == Counter({(who, str(day), code): n for (who, day, code), n in right.notices.items()})
    asked = {(who, day) for who, day, code in found["notices"] if not code}
    assert asked == {(who, str(day)) for who, day in right.asked}
    made = [day for *_chase, day, _state in found["steps"]]
    assert all(before <= later for before, later in pairwise(made)), "out of order"
    _is_worth_it(right)
    print(
        f"{TASKS} tasks, {DAYS} days, {killed} kills ({found['again']} runs begun again): {len(steps)} steps, "
        f"{len(turns)} turns, {len(months)} months, {sum(told.values())} notices, {found['entries']} entries"
    )


def _is_worth_it(right: Oracle) -> None:
    """The year had something of everything, or the comparison says little."""
    assert {rung for _code, _opened, rung in right.steps} >= {1, 2, 3, 4, 5}
    assert {state for *_dates, state in right.steps.values()} == {"sent", "awaiting", "refused", "overtaken"}
    assert {state for _closes, state in right.turns.values()} >= {"on_time", "late", "missing"}
    assert {colour for colour, *_rest in right.months.values()} == {"red", "yellow", "green"}
    assert any(caught for *_light, caught in right.months.values())

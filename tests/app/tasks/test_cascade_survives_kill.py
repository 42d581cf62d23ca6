"""kill -9 in the middle of giving a task down to 5,000 units leaves all of it or nothing."""

import json
import os
import signal
from typing import Any

from tests.app.conftest import OwnDatabase

UNITS = 5000
MOMENTS = (0.02, 0.7, 1.0)  # of the statements of a whole cascade; the last is just before the commit
GIVING = ("-m", "tests.app.tasks.giving_process")


def give_and_kill(database: OwnDatabase, code: str, *, after: int) -> bool:
    """Start giving and kill the process after so many statements; whether it had already said that all is done."""
    with database.start(*GIVING, "give", code) as process:
        assert process.stdout is not None
        seen, line = 0, ""
        for line in process.stdout:
            seen += line.startswith("statement")
            if seen >= after or line.startswith("given"):
                break
        os.kill(process.pid, signal.SIGKILL)
        rest = line + process.stdout.read()
    assert process.returncode == -signal.SIGKILL or "given" in rest
    return "given" in rest


def look(database: OwnDatabase) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(database.run(*GIVING, "look"))
    return found


def check_whole(found: dict[str, Any]) -> int:
    """All or nothing for every parent, and everything that belongs to a part beside it; how many were given."""
    given = [code for code, parts in found["parts"].items() if parts]
    assert set(found["parts"].values()) <= {0, UNITS}
    assert found["duties"] == found["standings"] == found["numbers"] == len(given) * UNITS
    assert found["entries"] == len(given)
    assert found["without_path"] == 0
    assert found["faults"] == []
    return len(given)


def test_killed_cascade_leaves_all_or_nothing(own_database: OwnDatabase) -> None:
    own_database.run(*GIVING, "seed", str(len(MOMENTS) + 1))
    codes = sorted(look(own_database)["parts"])
    statements = own_database.run(*GIVING, "give", codes[0]).count("statement")
    given = check_whole(look(own_database))
    assert given == 1
    for code, moment in zip(codes[1:], MOMENTS, strict=True):
        said = give_and_kill(own_database, code, after=max(1, int(statements * moment)))
        found = check_whole(look(own_database))
        assert given + said <= found <= given + 1
        given = found
    assert given < len(codes), "no kill came in time"

"""One change for many tasks of the ledger: what is asked, row by row, and whether the rows are still as they were."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from luoshi.tasks.rules.steering import Steer

MOST = 2000  # tasks that one change takes in
MOST_MOVES = 200
MOST_DAYS = 3660


class Bulk(StrEnum):
    """What may be changed besides what steers a task."""

    OWN = "own"
    PLACE = "place"


WHAT = frozenset({*Steer, *Bulk})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be changed, as it was typed; `column` is the own column meant."""

    what: str
    text: str = ""
    column: int | None = None


def fingerprint(rows: Iterable[tuple[int, int, str, str]]) -> str:
    """What a preview showed, in short: task, version, before and after of each row that will change."""
    lines = "\n".join("\t".join(map(str, row)) for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()[:32]

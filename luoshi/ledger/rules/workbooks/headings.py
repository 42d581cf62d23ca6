"""Finding the heading of a table: seldom the first row, sometimes two with merged cells, columns in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luoshi.ledger.rules.workbooks.fields import plain_heading

LOOKED_AT = 30
HEADING_LENGTH = 40

Cells = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """The last row of the heading, which field each column holds, and the headings of columns that are not known."""

    row: int
    places: Mapping[str, int]
    strange: Mapping[int, str]


def find_heading(rows: Sequence[tuple[int, Cells]], known: Mapping[str, str]) -> Heading | None:
    """The heading among the first rows: that which names most fields; None when no row names the task."""
    best: tuple[int, Heading] | None = None
    for place, (number, cells) in enumerate(rows[:LOOKED_AT]):
        over = rows[place - 1][1] if place else {}
        for words in (cells, {**over, **cells}):
            found = _read(number, words, known)
            if "title" in found.places and (best is None or len(found.places) > best[0]):
                best = len(found.places), found
    return best[1] if best else None


def _read(number: int, cells: Cells, known: Mapping[str, str]) -> Heading:
    places: dict[str, int] = {}
    strange: dict[int, str] = {}
    for column, words in sorted(cells.items()):
        name = known.get(plain_heading(words))
        if name and name not in places:
            places[name] = column
        else:
            strange[column] = " ".join(words.split())[:HEADING_LENGTH]
    return Heading(number, places, strange)

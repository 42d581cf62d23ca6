"""Whole small papers in the notations of ministries, provinces, counties, townships and companies, read as written.

Each file of notations/ is a paper; behind the line of dashes stands what must be read from it, a line a duty:
outline | first words | units by role | date | cadence | targets. A paper with nothing there holds no duty.
"""

from datetime import date
from pathlib import Path

import pytest

from luoshi.directives.rules import Proposal, read_directive

PAPERS = sorted((Path(__file__).parent / "notations").glob("*.txt"))
ROLES = {"L": "lead", "C": "co", "J": "joint", "G": "guide", "V": "verifier"}
DASHES = "\n-----\n"


def line_of(found: Proposal) -> str:
    named = ((letter, getattr(found, role)) for letter, role in ROLES.items())
    units = " ".join(f"{letter}:" + "、".join(m.name for m in mentions) for letter, mentions in named if mentions)
    day = str(found.due.date or found.due.kind) if found.due else ""
    targets = " ".join(f"{t.op}{t.value.normalize():f}{t.unit}" for t in found.targets)
    cadence = found.cadence.value if found.cadence else ""
    words = "".join(found.text.split())[:12]
    return " | ".join((found.outline, words, units, day, cadence, targets))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.stem)
def test_paper_is_read_as_its_notation_says(paper: Path) -> None:
    text, _dashes, expected = paper.read_text("utf-8").partition(DASHES)
    found = read_directive(text + "\n", received_date=date(2026, 3, 1)).proposals
    assert [line_of(p) for p in found] == expected.split("\n")[:-1]


def test_every_notation_is_there() -> None:
    assert len(PAPERS) >= 40

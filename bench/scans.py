"""`python -m bench.scans FOLDER`: how well roles survive printing and scanning, on pages dense with duties.

FOLDER holds texts of directives (*.txt, one paragraph a line). Of each text the page of whole paragraphs with most
duty brackets is drawn, worn as a scanner and a clerk wear it, read through the fence and compared with the reading of
the clean words.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from luoshi.directives.rules import read_directive
from luoshi.papers.fence import read_fenced
from tests.factories.scans import CLEAN, HEAVY, LIGHT, MEDIUM, ROWS, draw_page, worn, wrap

STRENGTHS = {"clean": CLEAN, "light": LIGHT, "medium": MEDIUM, "heavy": HEAVY}
MARKS = ("牵头", "负责", "配合", "责任单位", "责任部门", "参与")
RECEIVED = date(2026, 1, 5)

Role = tuple[str, str, str]


@dataclass(frozen=True)
class Page:
    """Whole paragraphs that fill one page."""

    name: str
    paragraphs: tuple[str, ...]

    @property
    def brackets(self) -> int:
        """How many brackets name who does it."""
        pieces = (piece.split("）")[0] for row in self.paragraphs for piece in row.split("（")[1:])
        return sum(any(mark in piece for mark in MARKS) for piece in pieces)


def pages_of(path: Path) -> Iterator[Page]:
    """Every page that could begin with one of a text's paragraphs."""
    rows = [row.strip() for row in path.read_text(encoding="utf-8").splitlines() if row.strip()]
    for start in range(len(rows)):
        taken: list[str] = []
        height = 0
        for row in rows[start:]:
            height += len(wrap(row))
            if height > ROWS:
                break
            taken.append(row)
        if taken:
            yield Page(path.stem, tuple(taken))


def roles_in(text: str) -> Counter[Role]:
    """Who does what, as read: the item's number, the part, the unit's name."""
    found: Counter[Role] = Counter()
    for proposal in read_directive(text, received_date=RECEIVED).proposals:
        parts = {"lead": proposal.lead, "co": proposal.co, "duty": proposal.joint, "guide": proposal.guide}
        found.update((proposal.outline, part, unit.name) for part, units in parts.items() for unit in units)
    return found


def f1(expected: Counter[Role], found: Counter[Role]) -> float:
    """The harmonic mean of how many were found and how many of the found are right."""
    both = (expected & found).total()
    return 2 * both / (expected.total() + found.total()) if both else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--strength", choices=STRENGTHS, action="append")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    texts = sorted(path for path in options.folder.rglob("*.txt") if "negatives" not in path.parts)
    best = [max(pages_of(path), key=lambda page: page.brackets) for path in texts]
    chosen = sorted(best, key=lambda page: -page.brackets)[: options.pages]
    print(f"{'page':34} {'wear':8} {'brackets':>8} {'roles':>6} {'F1':>7} {'wrong characters':>17} {'seconds':>8}")
    for strength in options.strength or STRENGTHS:
        for page in chosen:
            measure(page, strength, options.verbose)


def measure(page: Page, strength: str, verbose: bool) -> None:
    clean = "\n".join(page.paragraphs)
    picture = draw_page([line for row in page.paragraphs for line in wrap(row)])
    scan = worn(picture, STRENGTHS[strength], seed=len(clean))
    started = time.monotonic()
    read = read_fenced(scan, name="page.jpg").text
    seconds = time.monotonic() - started
    expected, found = roles_in(clean), roles_in(read)
    wrong = Levenshtein.normalized_distance("".join(clean.split()), "".join(read.split()))
    print(f"{page.name:34} {strength:8} {page.brackets:8} {expected.total():6} {f1(expected, found):7.3f} "
          f"{wrong:17.2%} {seconds:8.1f}", flush=True)  # fmt: skip
    if verbose:
        print(
            "  missing", *sorted((expected - found).elements()), "\n  added  ", *sorted((found - expected).elements())
        )
        for op in Levenshtein.editops("".join(clean.split()), "".join(read.split())):
            a, b = "".join(clean.split()), "".join(read.split())
            at = f"{a[max(0, op.src_pos - 6) : op.src_pos + 6]!r} {b[max(0, op.dest_pos - 6) : op.dest_pos + 6]!r}"
            print("   ", op.tag, at)


if __name__ == "__main__":
    main()

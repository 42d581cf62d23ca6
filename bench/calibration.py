"""`python -m bench.calibration FOLDER`: are fields as often right as the reader claims, on labelled papers?

FOLDER holds texts/NAME.txt and gold/NAME.jsonl: one labelled duty a line with text_start, lead, co, duty, guide,
deadline, cadence and targets. Each paper is read as it is, and then again with its signs disturbed (seeded):
punctuation dropped, spaces put in, brackets swapped or lost, lines joined and cut. What was never seen in that shape
tests the claim.
"""

import argparse
import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from luoshi.directives.rules import Evidence, Proposal, read_directive
from luoshi.directives.rules.confidence import CLAIMED, SURE

Gold = dict[str, Any]
KEY_LENGTH = 8
MARKS = "，。；、：,;:"


def fold(words: str) -> str:
    """What two transcriptions of the same words share: letters, digits and characters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", words or ""))


def drop_marks(text: str, chance: random.Random) -> str:
    return "".join(c for c in text if c not in MARKS or chance.random() > 0.03)


def add_spaces(text: str, chance: random.Random) -> str:
    return "".join(c + (" " if chance.random() < 0.02 and c != "\n" else "") for c in text)


def swap_brackets(text: str, chance: random.Random) -> str:
    def swapped(c: str) -> str:
        roll = chance.random()
        if c not in "（）()〔〕" or roll > 0.3:
            return c
        return "" if roll < 0.03 else {"（": "(", "）": ")", "(": "【", ")": "】"}.get(c, c)

    return "".join(map(swapped, text))


def move_lines(text: str, chance: random.Random) -> str:
    found = []
    for line in text.splitlines():
        cut = chance.randrange(1, len(line)) if len(line) > 30 and chance.random() < 0.3 else len(line)
        found.append(line[:cut] + ("\n" + line[cut:] if cut < len(line) else ""))
    return "".join(line + ("" if chance.random() < 0.05 else "\n") for line in found)


DISTURBANCES: dict[str, Callable[[str, random.Random], str]] = {
    "as it is": lambda text, _chance: text,
    "punctuation dropped": drop_marks,
    "spaces put in": add_spaces,
    "brackets swapped": swap_brackets,
    "lines joined and cut": move_lines,
}


def paired(gold: list[Gold], proposals: tuple[Proposal, ...]) -> Iterator[tuple[Proposal, Gold]]:
    """Each proposal with its label, in order; one that no label speaks of with an empty one."""
    texts = [(fold(p.text), fold(p.title)) for p in proposals]
    labels: dict[int, Gold] = {}
    start = 0
    for row in gold:
        key = fold(row["text_start"])[:KEY_LENGTH]
        places = [*range(start, len(texts)), *range(start)]
        fits = (i for i in places if i not in labels and any(key in t[: KEY_LENGTH + 30] for t in texts[i]))
        hit = next(fits, None)
        if hit is not None:
            labels[hit], start = row, hit + 1
    return ((p, labels.get(i, {})) for i, p in enumerate(proposals))


def is_right(evidence: Evidence, proposal: Proposal, gold: Gold) -> bool:
    """Does the label say the same of this field?"""
    match evidence.field:
        case "work":
            return bool(gold) and fold(proposal.text).startswith(fold(gold["text_start"])[:KEY_LENGTH])
        case "due":
            day = proposal.due.date if proposal.due else None
            return bool(gold) and gold["deadline"] == (day.isoformat() if day else None)
        case "cadence":
            return bool(gold) and proposal.cadence is not None and gold["cadence"] == proposal.cadence.value
        case "target":
            return evidence.value.rsplit(" ", 2)[1:] in [
                [t.get("op", "="), f"{t['value']}{t['unit']}".replace(".0", "")] for t in gold.get("targets") or []
            ]
    role = "duty" if evidence.field == "joint" else evidence.field
    named = [*(gold.get(role) or []), *((gold.get("implied_duty") or []) if role == "co" else [])]
    return fold(evidence.value) in map(fold, named)


class Tally:
    """How many fields of each kind were claimed, shown as sure, and right."""

    def __init__(self) -> None:
        self.seen: Counter[tuple[str, str]] = Counter()
        self.right: Counter[tuple[str, str]] = Counter()
        self.sure = self.sure_right = 0
        self.wrong: list[str] = []

    def add(self, evidence: Evidence, *, right: bool, where: str) -> None:
        key = (evidence.kind, evidence.field)
        self.seen[key] += 1
        self.right[key] += right
        if evidence.sure:
            self.sure += 1
            self.sure_right += right
            if not right:
                self.wrong.append(f"{where}: {evidence.field} {evidence.value}")

    @property
    def share(self) -> float:
        return self.sure_right / self.sure if self.sure else 1.0

    def rows(self) -> Iterator[str]:
        for kind, claimed in CLAIMED.items():
            for (found, field), seen in sorted(self.seen.items()):
                if found == kind:
                    yield f"{kind:14} {field:9} {claimed:8.2f} {self.right[found, field] / seen:8.3f} {seen:7}"


def measure(folder: Path, rounds: int) -> dict[str, Tally]:
    """Read every labelled paper under every disturbance."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for path in sorted((folder / "gold").glob("*.jsonl")):
        gold = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        text = (folder / "texts" / f"{path.stem}.txt").read_text("utf-8")
        for name, disturb in DISTURBANCES.items():
            for seed in range(1 if name == "as it is" else rounds):
                reading = read_directive(disturb(text, random.Random(f"{path.stem} {name} {seed}")))
                for proposal, label in paired(gold, reading.proposals):
                    for evidence in proposal.evidence:
                        right = is_right(evidence, proposal, label)
                        tallies[name].add(evidence, right=right, where=f"{path.stem} {proposal.outline}")
    return tallies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="seeds for each disturbance")
    parser.add_argument("--verbose", action="store_true", help="name the fields that were sure and wrong")
    options = parser.parse_args()
    everything = Tally()
    for name, tally in measure(options.folder, options.rounds).items():
        print(f"\n{name}: {tally.sure} of {sum(tally.seen.values())} fields sure, {tally.share:.4f} of them right")
        print(f"{'evidence':14} {'field':9} {'claimed':>8} {'actual':>8} {'fields':>7}")
        print(*tally.rows(), sep="\n")
        if options.verbose:
            print(*tally.wrong, sep="\n")
        everything.sure += tally.sure
        everything.sure_right += tally.sure_right
    print(f"\nsure {everything.sure}, right {everything.share:.4f} of them; the claim is at least {SURE}")


if __name__ == "__main__":
    main()

"""Drawing lots that anybody can draw again: `pps-systematic-1`.

Numbers come from SHA-256 of "seed:label:counter", so that they are the same in every version of every language.

Within a stratum of N units (in the order of their ids) of which n are drawn, unit i with risk weight w has the
inclusion probability

    p(i) = share · n/N + (1 - share) · n · w(i)/Σw,   never above 1: what is above goes to the others in proportion,

kept as whole parts of 10^9 that add up to exactly n · 10^9. The units are put into a random order and drawn
systematically: a random start u below 10^9, then whoever covers u, u + 10^9, … of the running sum. So exactly n are
drawn, each with exactly its p(i) (Madow 1949). Who was inspected within the months set apart is left out of the
frame unless red; so is who was chosen by name, on whom no draw is spent. A draw keeps who was left out and why, so that
it is drawn again as it was. Inspectors are a simple random sample of those not barred.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

T = TypeVar("T")
SCALE = 10**9
METHOD = "pps-systematic-1"
SIMPLE = "simple-random-1"
_WORD = 2**64


class LeftOut(StrEnum):
    """Why a unit of a stratum is not drawn from."""

    CHOSEN = "chosen"
    LATELY = "inspected_lately"
    OTHER = "other_stratum"


def why_left_out(*, is_chosen: bool, is_elsewhere: bool, was_inspected: bool, is_red: bool) -> str:
    """Chosen by name it is in already, red or not; it is drawn from one stratum alone, the first that has it; inspected
    lately it has rest unless it is red.
    """
    if is_chosen:
        return LeftOut.CHOSEN
    if is_elsewhere:
        return LeftOut.OTHER
    return LeftOut.LATELY if was_inspected and not is_red else ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the frame: its risk weight, and why it is left out if it is."""

    id: int
    weight: int
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """One unit after the draw: its inclusion probability in parts of SCALE, and whether it was drawn."""

    id: int
    chance: int
    drawn: bool


class Numbers:
    """An endless row of whole numbers from a seed; `below` is free of bias."""

    def __init__(self, seed: str, label: str) -> None:
        self._head = f"{seed}:{label}:"
        self._count = 0

    def below(self, bound: int) -> int:
        """A whole number from 0 up to but without the bound, each alike."""
        limit = _WORD - _WORD % bound
        while True:
            digest = hashlib.sha256(f"{self._head}{self._count}".encode()).digest()
            self._count += 1
            word = int.from_bytes(digest[:8], "big")
            if word < limit:
                return word % bound

    def shuffled(self, rows: Sequence[T]) -> list[T]:
        """The rows in a random order (Fisher and Yates)."""
        found = list(rows)
        for last in range(len(found) - 1, 0, -1):
            other = self.below(last + 1)
            found[last], found[other] = found[other], found[last]
        return found


def chances(weights: Sequence[int], *, size: int, random_percent: int) -> list[int]:
    """The inclusion probability of each, in parts of SCALE; together exactly `size` (or all) times SCALE."""
    size = min(size, len(weights))
    exact: list[Fraction] = [Fraction(0)] * len(weights)
    open_places, left = list(range(len(weights))), Fraction(size)
    while open_places and left > 0:
        shares = _shares([weights[i] for i in open_places], random_percent)
        full = [i for i, share in zip(open_places, shares, strict=True) if share * left >= 1]
        if not full:
            for i, share in zip(open_places, shares, strict=True):
                exact[i] = share * left
            break
        for i in full:
            exact[i] = Fraction(1)
        left -= len(full)
        open_places = [i for i in open_places if i not in set(full)]
    return _whole(exact, total=size * SCALE)


def _shares(weights: Sequence[int], random_percent: int) -> list[Fraction]:
    """What part of one draw falls to each: pure chance and risk, mixed; they add up to 1."""
    total, count = sum(weights), len(weights)
    even = Fraction(random_percent, 100) if total else Fraction(1)
    return [even / count + (1 - even) * (Fraction(w, total) if total else 0) for w in weights]


def _whole(exact: Sequence[Fraction], *, total: int) -> list[int]:
    """Rounded down to parts of SCALE; what is lacking goes to the largest remainders, the first first."""
    floors = [int(p * SCALE) for p in exact]
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i] * SCALE, i))
    for i in order[: total - sum(floors)]:
        floors[i] += 1
    return floors


def draw(units: Sequence[Unit], *, size: int, random_percent: int, seed: str, label: str) -> list[Pick]:
    """Draw `size` of a stratum's units (all, when it has fewer); in the order of the frame."""
    frame = [u for u in units if not u.left_out]
    parts = chances([u.weight for u in frame], size=size, random_percent=random_percent)
    drawn = pick([(u.id, p) for u, p in zip(frame, parts, strict=True)], seed=seed, label=label)
    chance_of = {u.id: p for u, p in zip(frame, parts, strict=True)}
    return [Pick(u.id, chance_of.get(u.id, 0), u.id in drawn) for u in units]


def pick(rows: Sequence[tuple[int, int]], *, seed: str, label: str) -> set[int]:
    """Draw from rows of key and chance: random order, random start, then whoever covers start, start + SCALE, …"""
    numbers = Numbers(seed, label)
    order, aim = numbers.shuffled(rows), numbers.below(SCALE)
    drawn, passed = set(), 0
    for key, part in order:
        passed += part
        if aim < passed:
            drawn.add(key)
            aim += SCALE
    return drawn


def draw_some(ids: Sequence[int], *, count: int, seed: str, label: str) -> list[int]:
    """A simple random sample of so many, in the order given; each has the chance count / len(ids)."""
    taken = set(Numbers(seed, label).shuffled(ids)[:count])
    return [key for key in ids if key in taken]


def frame_hash(frame: Any) -> str:
    """SHA-256 of the frame's canonical JSON, so that a changed frame shows."""
    return hashlib.sha256(
        json.dumps(frame, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()

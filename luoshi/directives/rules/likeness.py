"""How alike two demands are, and what is different between them: above all a number or a date."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from unicodedata import normalize

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

NUMBER = re.compile(r"(?P<value>\d+(?:\.\d+)?)(?P<measure>%|‰|[\u4e00-\u9fff℃]{0,2})")
CALENDAR = re.compile(
    r"20\d{2}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日|[上中下]旬|底|末|份)?(?:前|底前)?|第[一二三四]季度|\d+号"
)
SIGNS = re.compile(r"[\u2460-\u24ff\u2776-\u2793]")  # ① and ⑴ number items; they are no quantities
NOT_WORDS = re.compile(r"[\W_]+")
CONTAINED_LEAST = 12  # shingles: a shorter text is found inside too many others
CONTAINED_WEIGHT = 0.9  # one text standing inside a longer one is less than the two being alike
PHRASE_LEAST = 4  # characters of a phrase worth showing
PHRASES_SHOWN = 4
ROUGH_PERCENT, ROUGH_KEPT = 40, 60  # what the quick comparison lets through, for each wanted demand


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked: the words, by when, and who answers for it (a unit's key, or its name, with the name).

    The standard counts for its numbers alone: how completion is judged is often said in the asker's own words.
    """

    id: int
    title: str
    words: str
    due_date: date | None = None
    leads: tuple[tuple[int | str, str], ...] = ()
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field (number, due or lead) in which two demands differ; empty where one says nothing."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Match:
    """A demand that was found, how alike it is in percent, the phrases both hold, and where they differ."""

    id: int
    percent: int
    shared: tuple[str, ...]
    same_leads: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def numbers_differ(self) -> bool:
        """Does a number stand in one and another number in the other?"""
        return any(d.field == "number" for d in self.differences)


def shingles(words: str) -> frozenset[str]:
    """The pairs of neighbouring characters, without dates and punctuation and with every number alike."""
    plain = NUMBER.sub(lambda m: "0" + m["measure"], CALENDAR.sub("", normalize("NFKC", words)))
    return frozenset(a + b for a, b in pairwise(NOT_WORDS.sub("", plain)))


def whole(title: str, words: str) -> str:
    """A demand's words with its title, which many papers repeat at their beginning."""
    bare = title.rstrip("。.：:")
    return words if words.startswith(bare) else f"{bare}。{words}"


def likeness(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """From 0 to 1: twice the shared shingles among all (Dice); or most of the shorter text inside the longer."""
    if not mine or not theirs:
        return 0.0
    shared, shorter = len(mine & theirs), min(len(mine), len(theirs))
    alike = 2 * shared / (len(mine) + len(theirs))
    return max(alike, CONTAINED_WEIGHT * shared / shorter) if shorter >= CONTAINED_LEAST else alike


def find_alike(
    wanted: Mapping[int, str], ledger: Mapping[int, str], *, least: float, most: int
) -> dict[int, list[tuple[int, float]]]:
    """For each wanted demand, the keys of the ledger's most alike ones, best first, with their likeness.

    The order of characters is compared first, which is quick; only what survives is compared by its shingles. Either
    text may be up to four times as long as the other.
    """
    keys, texts = list(ledger), list(ledger.values())
    known: dict[int, frozenset[str]] = {}
    found: dict[int, list[tuple[int, float]]] = {}
    for key, words in wanted.items():
        mine, rows = shingles(words), []
        for _text, _ratio, place in process.extract(
            words, texts, scorer=fuzz.ratio, score_cutoff=ROUGH_PERCENT, limit=ROUGH_KEPT
        ):
            if place not in known:
                known[place] = shingles(texts[place])
            degree = likeness(mine, known[place])
            if degree >= least:
                rows.append((keys[place], degree))
        found[key] = sorted(rows, key=lambda row: (-row[1], row[0]))[:most]
    return found


def compare(mine: Demand, theirs: Demand, *, degree: float | None = None) -> Match:
    """Why two demands count as alike, and what is not the same."""
    if degree is None:
        degree = likeness(shingles(whole(mine.title, mine.words)), shingles(whole(theirs.title, theirs.words)))
    differences = [*_numbers(mine, theirs)]
    if mine.due_date != theirs.due_date and (mine.due_date or theirs.due_date):
        differences.append(Difference("due", _day(mine.due_date), _day(theirs.due_date)))
    known = {key for key, _name in theirs.leads}
    same = tuple(name for key, name in mine.leads if key in known)
    if not same and (mine.leads or theirs.leads):
        ours, others = ("、".join(name for _key, name in demand.leads) for demand in (mine, theirs))
        differences.append(Difference("lead", ours, others))
    return Match(theirs.id, round(100 * degree), shared_phrases(mine.words, theirs.words), same, tuple(differences))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _numbers(mine: Demand, theirs: Demand) -> list[Difference]:
    """Numbers that only one of them holds, those of one measure set against each other."""
    ours, others = (list(dict.fromkeys(numbers(f"{d.words}\n{d.standard}"))) for d in (mine, theirs))
    only, missing = [n for n in ours if n not in others], [n for n in others if n not in ours]
    found = []
    for value, measure in only:
        twin = next((n for n in missing if n[1] == measure), None)
        if twin:
            missing.remove(twin)
        found.append(Difference("number", value + measure, "".join(twin or ())))
    return found + [Difference("number", "", value + measure) for value, measure in missing]


def numbers(words: str) -> list[tuple[str, str]]:
    """The numbers of a text with the measure that follows each; dates and ordinals are no numbers."""
    plain = CALENDAR.sub(" ", normalize("NFKC", SIGNS.sub(" ", words)).replace(",", ""))
    return [(_value(m["value"]), _measure(m["measure"])) for m in NUMBER.finditer(plain)]


def _value(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits.lstrip("0") or "0"


def _measure(words: str) -> str:
    """万亩 is a measure of two characters; of 个示 only the first belongs to the number."""
    return words if words[:1] in ("万", "亿", "千", "公", "平", "立", "毫") else words[:1]


def shared_phrases(mine: str, theirs: str) -> tuple[str, ...]:
    """The longest stretches of words that stand in both, in the order of mine."""
    blocks = [
        (op.src_start, mine[op.src_start : op.src_end].strip("，。；、：,.; \n（）()"))
        for op in Indel.opcodes(mine, theirs)
        if op.tag == "equal"
    ]
    kept = sorted((b for b in blocks if len(b[1]) >= PHRASE_LEAST), key=lambda b: -len(b[1]))[:PHRASES_SHOWN]
    return tuple(words for _start, words in sorted(kept))


def leads_of(units: Sequence[Mapping[str, Any]]) -> tuple[tuple[int | str, str], ...]:
    """Who answers for a proposal, of its units as stored."""
    return tuple((u["unit"] or u["name"], str(u["name"])) for u in units if u["role"] in ("lead", "joint"))

"""A revised document against the one it replaces, clause by clause, and the words that say which one that is."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from luoshi.directives.rules.likeness import likeness, shingles

SAME_PLACE_LEAST = 0.35  # a clause that kept its number may have changed more than one that moved
MOVED_LEAST = 0.55
TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+|.", re.DOTALL)
ISLAND = 2  # equal words shorter than this between two changes are read as changed too
MARKER = re.compile(
    r"^[\s\u3000]*(?:[一二三四五六七八九十百]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.．、]|第[一二三四五六七八九十百]+[章节条])"
)
NUMBER_WORDS = r"[\u4e00-\u9fff]{1,10}[〔\[【(（]?20\d{2}[〕\]】)）]?\s*\d{1,4}\s*号"
ENDED = re.compile(
    r"同时废止|予以废止|即行废止|同时失效|不再执行|代替|替代|取代|予以修订|修订为|进行了修订|以本.{0,6}为准"
)
TITLED = re.compile(r"《([^《》]{4,80})》")
NUMBERED = re.compile(NUMBER_WORDS)
REVISION = re.compile(
    r"[（(](?:修订|修正|修改|\d{4}年(?:修订|修正|版))[^）)]{0,8}[）)]|20\d{2}年?|[（(]?第[一二三四五]次修订[）)]?"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A clause as versions are compared: its path in the outline and its words."""

    id: int
    outline: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Words that stay (same), come (new) or go (gone)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of the old document and its successor: same, changed, new or gone."""

    kind: str
    old: Part | None
    new: Part | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A document that might be the one replaced."""

    id: int
    title: str
    number: str


def bare_words(text: str) -> str:
    """A clause's words without its own number, spaces and the width of its signs."""
    return re.sub(r"\s+", "", MARKER.sub("", normalize("NFKC", text)))


def compare_versions(old: Sequence[Part], new: Sequence[Part]) -> list[Pair]:
    """Every clause of both documents once, in the order of the new one; what is gone stands where it stood."""
    partner = _partners(old, new)
    taken = set(partner.values())
    order = {part.id: place for place, part in enumerate(old)}
    by_id = {part.id: part for part in old}
    gone = [part for part in old if part.id not in taken]
    pairs: list[Pair] = []
    for part in new:
        twin = by_id.get(partner.get(part.id, 0))
        if twin is not None:
            while gone and order[gone[0].id] < order[twin.id]:
                pairs.append(Pair("gone", gone.pop(0), None))
        pairs.append(_pair(twin, part))
    return pairs + [Pair("gone", part, None) for part in gone]


def _pair(old: Part | None, new: Part) -> Pair:
    if old is None:
        return Pair("new", None, new)
    if bare_words(old.text) == bare_words(new.text):
        return Pair("same", old, new)
    return Pair("changed", old, new, tuple(word_changes(old.text.strip(), new.text.strip())))


def _partners(old: Sequence[Part], new: Sequence[Part]) -> dict[int, int]:
    """For the ids of new clauses, the old clause each comes from: the same words, the same place, or words alike."""
    found: dict[int, int] = {}
    left = {part.id: part for part in old if bare_words(part.text)}
    for part, twin in _same_words(list(left.values()), new):
        found[part] = twin
        left.pop(twin)
    marks = {part.id: shingles(bare_words(part.text)) for part in (*left.values(), *new)}
    places = {part.outline: part.id for part in left.values() if part.outline}
    waiting = [part for part in new if part.id not in found and bare_words(part.text)]
    ranked = sorted(_alike(waiting, left, marks, places), key=lambda row: -row[0])
    for _degree, part_id, twin_id in ranked:
        if part_id not in found and twin_id in left:
            found[part_id] = twin_id
            left.pop(twin_id)
    return found


def _same_words(old: Sequence[Part], new: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Pairs of ids with the very same words; of several the one at the same place, else the first."""
    by_words: dict[str, list[Part]] = defaultdict(list)
    for part in old:
        by_words[bare_words(part.text)].append(part)
    for part in new:
        twins = by_words.get(bare_words(part.text), [])
        if twins:
            twin = next((t for t in twins if t.outline == part.outline), twins[0])
            twins.remove(twin)
            yield part.id, twin.id


def _alike(
    waiting: Sequence[Part], left: Mapping[int, Part], marks: Mapping[int, frozenset[str]], places: Mapping[str, int]
) -> Iterator[tuple[float, int, int]]:
    keys, texts = list(left), [bare_words(part.text) for part in left.values()]
    for part in waiting:
        rough = process.extract(bare_words(part.text), texts, scorer=fuzz.ratio, score_cutoff=35, limit=12)
        near = {keys[place] for _words, _ratio, place in rough}
        at = places.get(part.outline)
        for twin in near | ({at} if at else set()):
            degree = likeness(marks[part.id], marks[twin])
            if degree >= (SAME_PLACE_LEAST if twin == at else MOVED_LEAST):
                yield degree + (0.1 if twin == at else 0.0), part.id, twin


def word_changes(old: str, new: str) -> list[Change]:
    """The words of both texts in order, each kept, added or taken away; numbers stay whole."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    steps: list[tuple[str, str, str]] = []
    for op in Indel.opcodes(before, after):
        gone, come = "".join(before[op.src_start : op.src_end]), "".join(after[op.dest_start : op.dest_end])
        if op.tag == "equal" and (len(gone) > ISLAND or not steps):
            steps.append(("same", gone, come))
        elif steps and steps[-1][0] == "changed":
            steps[-1] = ("changed", steps[-1][1] + gone, steps[-1][2] + come)
        else:
            steps.append(("same" if op.tag == "equal" else "changed", gone, come))
    return list(_shown(steps))


def _shown(steps: Sequence[tuple[str, str, str]]) -> Iterator[Change]:
    for kind, gone, come in steps:
        if kind == "same" or gone == come:
            yield Change("same", come)
            continue
        if gone:
            yield Change("gone", gone)
        if come:
            yield Change("new", come)


def find_superseded(text: str, *, title: str, known: Sequence[Known]) -> tuple[int, str] | None:
    """The known document that the text says it ends or replaces, with the words that say so.

    Without such words, a document whose title differs only by 修订 and the year counts when the new one says 修订.
    """
    for sentence in re.split(r"[。；;\n]", text):
        if not ENDED.search(sentence):
            continue
        named = {_title_core(t) for t in TITLED.findall(sentence)}
        numbers = {_number_core(n) for n in NUMBERED.findall(sentence)}
        for one in known:
            ours = {_title_core(t) for t in (one.title, *TITLED.findall(one.title))} - {""}
            if ours & named or (one.number and _number_core(one.number) in numbers):
                return one.id, sentence.strip()[:200]
    if not re.search(r"修订|修正|修改", title):
        return None
    core = _title_core(title)
    return next(((one.id, title) for one in known if core and _title_core(one.title) == core), None)


def _title_core(title: str) -> str:
    """A title without the year, the word for its revision, and whoever issued it."""
    words = re.sub(r"\s+", "", REVISION.sub("", normalize("NFKC", title)))
    words = re.sub(r"^.*?关于(?:重新)?(?:印发|修订|发布|公布)?", "", words)
    return re.sub(r"[《》]|的通知$|[（(](?:修订|试行|暂行)[^）)]*[）)]", "", words)


def _number_core(number: str) -> str:
    """A document number as its characters and digits alone; of the words before it only the last three count."""
    found = re.search(r"([\u4e00-\u9fff]{1,10})\D?(20\d{2})\D?\s*(\d{1,4})\s*号", normalize("NFKC", number))
    return f"{found[1][-3:]}{found[2]}-{int(found[3])}" if found else ""

"""Tells the words of a paper from what a page carries anyway: its number, running heads and feet, drawn rules."""

import re
from collections import defaultdict
from collections.abc import Sequence

from luoshi.papers.layout.facts import PageContent
from luoshi.papers.layout.lines import Line

MARGIN = 0.14  # the part of a page at its top and bottom where furniture stands
NUMBER = re.compile(
    r"[\s—–―─\-－·•~～_|｜（()）\[\]]*(?:第\s*)?(?:\d{1,4}|[ivxIVX]{1,6})(?:\s*页)?(?:\s*[/／,，共]\s*共?\s*\d{1,4}\s*页?)?"
    r"[\s—–―─\-－·•~～_|｜（()）\[\]]*"
)
COUNTED = re.compile(r"[—–―─\-－]+\s*[一二三四五六七八九十百〇零]{1,4}\s*[—–―─\-－]+")
FRAMED = re.compile(r"[—–―─\-－·•~～|｜].*[—–―─\-－·•~～|｜]|.*页.*|[Pp].*|\w+://.*")
PAGE_WORD = re.compile(r"(?:Page|PAGE|page)\s*\d+(?:\s*(?:of|/)\s*\d+)?")
ADDRESS = re.compile(r"(?:https?|file)://\S+(?:\s+\d+/\d+)?")
RULE = re.compile(r"([^\w\s]|_)\1{5,}|([一-龥])\2{7,}")
ENTRY = re.compile(r".*?[.…·⋯．]{4,}[—\-–]?\d{1,4}[—\-–]?")
HEADED = re.compile(r"附件|附表|附录|表|专栏|续表")
ENDS = 3
LONG = 200  # no piece of furniture has so many characters


def without_furniture(pages: Sequence[PageContent], lines: dict[int, list[Line]]) -> dict[int, list[Line]]:
    """The lines of each page without its furniture; `lines` are those outside tables."""
    repeated = _repeated(pages, lines)
    kept = {}
    for page in pages:
        rows = [r for r in lines.get(page.number, []) if not _is_drawn(r.text.replace(" ", ""))]
        start, end = _first_words(rows, page, repeated), len(rows)
        end -= _first_words(rows[start:][::-1], page, repeated)
        kept[page.number] = rows[start:end]
    return kept


def _is_drawn(words: str) -> bool:
    """Whether a line is a rule made of signs, or an entry of a table of contents."""
    return len(words) < LONG and (RULE.fullmatch(words) or ENTRY.fullmatch(words)) is not None


def _first_words(rows: list[Line], page: PageContent, repeated: set[tuple[str, int]]) -> int:
    """How many lines from an end of a page inwards are furniture."""
    for count, row in enumerate(rows[:ENDS]):
        numbered = _is_number(row) and (_in_margin(row, page) or (count == 0 and _is_framed(row)))
        if not numbered and not (_in_margin(row, page) and _key(row) in repeated):
            return count
    return min(ENDS, len(rows))


def _in_margin(row: Line, page: PageContent) -> bool:
    return not MARGIN * page.height <= row.middle <= (1 - MARGIN) * page.height


def _is_number(row: Line) -> bool:
    words = row.text.strip()
    if re.fullmatch(r"[ivxIVX]+|[\d\s]+", words) and len(words) > 4:
        return False
    return len(words) < LONG and any(p.fullmatch(words) for p in (NUMBER, COUNTED, PAGE_WORD, ADDRESS))


def _is_framed(row: Line) -> bool:
    """Whether a number says by its signs that it is a page's: away from the margin a bare one may be text."""
    return FRAMED.fullmatch(row.text.strip()) is not None


def _repeated(pages: Sequence[PageContent], lines: dict[int, list[Line]]) -> set[tuple[str, int]]:
    """Lines that stand in the margins of several pages at one height, their digits apart."""
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    heights = [p for p in pages if lines.get(p.number)]
    for page in heights:
        for row in lines[page.number]:
            if _in_margin(row, page):
                seen[_key(row)].add(page.number)
    least = 2 if len(heights) <= 4 else 3
    return {
        (words, at)
        for (words, at) in seen
        if not HEADED.match(words)
        and len(set().union(*(seen.get((words, at + step), ()) for step in (-1, 0, 1)))) >= least
    }


def _key(row: Line) -> tuple[str, int]:
    """A line's words without digits and spaces, and about where it stands."""
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", row.text)), round(row.middle / 6)

"""Reads the sheets of an .xlsx workbook cell by cell as they are shown, without ever making a grid of them."""

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

from luoshi.papers.cell_formats import BUILT_IN, exact_number, show_number
from luoshi.papers.facts import Limits
from luoshi.papers.package import STRICT, Package
from luoshi.papers.refusals import UnreadablePaper

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRINGS = "xl/sharedStrings.xml"
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MOST_COLUMNS = 256
MOST_CELLS = 2_000_000
MOST_ROWS = 1_048_576
MOST_SHEETS = 200
MOST_TAGS = 60_000_000  # a hundred thousand rows of thirty cells have twenty million
LONGEST_ROW = 4_000_000  # bytes
ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
# Blank rows and cells that only bear a style: programs write a million of them where somebody coloured a whole sheet.
BLANK_CELL = re.compile(rb"<c\s[^<>]*/>")
BLANK_ROW = re.compile(rb"<row\s[^<>]*(?:/>|[^/]>\s*</row>)")
UNNUMBERED = re.compile(rb"<(?:row|c)(?:\s(?![^<>]*\sr=|r=)[^<>]*)?>")
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<\x00!\x00", b"\x00<\x00!")
MOST_UNCOVERED = 2_000_000  # rows looked at for merged cells

Rows = dict[int, dict[int, str]]


@dataclass(slots=True)
class Shown:
    """A sheet's rows, and the numbers of those into which a merged cell of a row above reaches down."""

    rows: Rows
    below: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Book:
    """What the cells of all sheets refer to; `exact` keeps values whole instead of as they are shown."""

    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    since_1904: bool = False
    exact: bool = False
    cells: int = 0
    characters: int = 0

    def tidied(self, words: str) -> str:
        """The words on one line, or on their own lines where they are kept whole."""
        return _lines(words) if self.exact else _tidy(words)


def read_sheets(data: bytes, *, limits: Limits) -> Iterator[Shown]:
    """Yield the sheets that are shown, as rows of cells by their numbers from 1. Raises UnreadablePaper."""
    package = Package(data, limits=limits)
    book = open_book(package)
    for listed in list_sheets(package):
        if listed.is_shown:
            yield _rows(package, listed.part, book, limits)


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet of a workbook: its title, the part that holds it, and whether people see it."""

    title: str
    part: str
    is_shown: bool


def open_book(package: Package, *, exact: bool = False) -> Book:
    """What the cells of a workbook refer to. Raises UnreadablePaper."""
    root = package.part("xl/workbook.xml")
    if root is None:
        raise UnreadablePaper("wrong_content")
    setting = root.find(f"{S}workbookPr")
    return Book(
        list(_strings(package)),
        _formats(package.part("xl/styles.xml")),
        since_1904=setting is not None and setting.get("date1904") in ("1", "true"),
        exact=exact,
    )


def list_sheets(package: Package) -> list[Listed]:
    """The sheets of a workbook that hold cells, in their order."""
    root = package.part("xl/workbook.xml")
    targets = _targets(package)
    found = []
    for sheet in list(root.iterfind(f"{S}sheets/{S}sheet") if root is not None else ())[:MOST_SHEETS]:
        part = targets.get(sheet.get(f"{R}id") or "", "")
        if part in package.names and "/chartsheets/" not in part:
            found.append(Listed(sheet.get("name") or "", part, sheet.get("state") in (None, "visible")))
    return found


def _targets(package: Package) -> dict[str, str]:
    root = package.part("xl/_rels/workbook.xml.rels")
    rows = root.iterfind("{*}Relationship") if root is not None else ()
    return {r.get("Id") or "": posixpath.normpath(posixpath.join("/xl", r.get("Target") or ""))[1:] for r in rows}


def _strings(package: Package) -> Iterator[str]:
    """The shared strings, one at a time: a long table has hundreds of thousands."""
    if STRINGS in package.names:
        for item in elements(package.data(STRINGS), "{*}si"):
            yield _words(item)
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]


def _words(item: "etree._Element") -> str:
    """Return the words of a string, without the readings that stand above them."""
    words = "".join(t.text or "" for tag in ("{*}t", "{*}r/{*}t") for t in item.iterfind(tag))
    return ESCAPED.sub(lambda m: chr(int(m[1], 16)), words) if "_x" in words else words


def _formats(root: "etree._Element | None") -> list[str]:
    if root is None:
        return []
    own = {n.get("numFmtId"): n.get("formatCode") or "" for n in root.iterfind(f"{S}numFmts/{S}numFmt")}
    keys = [x.get("numFmtId") or "0" for x in root.iterfind(f"{S}cellXfs/{S}xf")]
    return [own.get(k, BUILT_IN.get(int(k), "") if k.isdecimal() else "")[:200] for k in keys]


def _rows(package: Package, name: str, book: Book, limits: Limits) -> Shown:
    found: Rows = {}
    merged: list[str] = []
    number = 0
    for element in row_elements(package.data(name)):
        if element.tag == f"{S}mergeCell":
            merged.append(element.get("ref") or "")
        else:
            given = element.get("r") or ""
            number = int(given) if given.isdecimal() and len(given) < 8 else number + 1
            cells = values_in(element, book)
            if number > MOST_ROWS or book.cells > MOST_CELLS or book.characters > limits.max_characters:
                raise UnreadablePaper("too_large")
            if cells:
                found[number] = cells
                if len(found) > limits.max_paragraphs:
                    raise UnreadablePaper("too_large")
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    below = _uncover(found, merged)
    return Shown({number: row for number, row in found.items() if row}, below)


def row_elements(data: bytes) -> "Iterator[etree._Element]":
    """Yield the rows and the merged cells of a sheet, one at a time. Raises UnreadablePaper."""
    data = _without_blanks(data)
    starts = [0, *(row.start() for row in ROW.finditer(data)), len(data)]
    if max(b - a for a, b in pairwise(starts)) > LONGEST_ROW:
        raise UnreadablePaper("too_large")
    yield from elements(data, "{*}row", "{*}mergeCell")


def elements(data: bytes, *tags: str) -> "Iterator[etree._Element]":
    """Yield the elements of these tags while a part is read. Raises UnreadablePaper."""
    if any(words in data for words in DECLARATIONS):
        raise UnreadablePaper("unsafe")
    if data.count(b"<") > MOST_TAGS:
        raise UnreadablePaper("too_large")
    for strict, usual in STRICT.items():
        data = data.replace(strict, usual, 9)
    try:
        for _event, element in etree.iterparse(
            io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
        ):
            yield element
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadablePaper("broken") from None


def _without_blanks(data: bytes) -> bytes:
    """The sheet without what bears a style alone, unless places in it are told by counting."""
    if UNNUMBERED.search(data):
        return data
    return BLANK_ROW.sub(b"", BLANK_CELL.sub(b"", data))


def values_in(row: "etree._Element", book: Book) -> dict[int, str]:
    """The cells of a row that hold anything, by their numbers from 1. Raises UnreadablePaper."""
    found: dict[int, str] = {}
    column = 0
    for cell in row.iterfind("{*}c"):
        place = PLACE.fullmatch(cell.get("r") or "")
        column = column_number(place[1]) if place else column + 1
        words = _shown(cell, book)
        if not words:
            continue
        if column > MOST_COLUMNS:
            raise UnreadablePaper("too_large")
        found[column] = words
        book.cells += 1
        book.characters += len(words)
    return found


def column_number(letters: str) -> int:
    """The number of a column from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _shown(cell: "etree._Element", book: Book) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        inline = cell.find(f"{S}is")
        return book.tidied(_words(inline)) if inline is not None else ""
    words = (cell.findtext(f"{S}v") or "").strip()
    if not words or kind == "e":
        return _unreckoned(cell, words) if book.exact else ""
    if kind == "s":
        return book.tidied(book.strings[int(words)]) if words.isdecimal() and int(words) < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if words == "1" else "FALSE"
    if kind == "d":
        return words.replace("T", " ")
    if kind == "str":
        return book.tidied(words)
    show = exact_number if book.exact else show_number
    return show(words, _format(cell, book), since_1904=book.since_1904)


def _unreckoned(cell: "etree._Element", words: str) -> str:
    """What a formula without a value says, or the error that stands instead of one: never as if nothing stood there."""
    formula = (cell.findtext(f"{S}f") or "").strip()
    return words or (f"={formula}" if formula else "")


def _format(cell: "etree._Element", book: Book) -> str:
    style = cell.get("s") or "0"
    return book.formats[int(style)] if style.isdecimal() and int(style) < len(book.formats) else ""


def _tidy(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip(" \u3000\xa0")


def _lines(words: str) -> str:
    words = words.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return "\n".join(line.strip(" \t\u3000\xa0") for line in words.split("\n")).strip("\n")


def _uncover(rows: Rows, merged: list[str]) -> set[int]:
    """Empty what merged cells cover, which may hold words that nobody sees; return the rows they reach down into."""
    below: set[int] = set()
    left_to_look = MOST_UNCOVERED
    lowest = max(rows, default=0)
    for place in merged:
        first, _colon, last = place.partition(":")
        begin, end = PLACE.fullmatch(first), PLACE.fullmatch(last)
        if not begin or not end:
            continue
        top, left, right = int(begin[2]), column_number(begin[1]), column_number(end[1])
        numbers = range(top, min(int(end[2]), lowest) + 1)
        left_to_look -= len(numbers)
        if left_to_look < 0:
            break
        below.update(numbers[1:])
        for number in numbers:
            row = rows.get(number) or {}
            for column in [c for c in row if left <= c <= right and (number, c) != (top, left)]:
                del row[column]
    return below

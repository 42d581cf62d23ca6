"""Reads a Word document: automatic numbers resolved, tables row by row, tracked deletions and footnotes left out."""

import re
from collections.abc import Iterator

from lxml import etree

from luoshi.papers.numbering import Numbering, W, value
from luoshi.papers.package import DOCUMENT, Package
from luoshi.papers.reading import Limits, Paragraph
from luoshi.papers.refusals import UnreadablePaper

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Deleted or moved away, alternative copies, field codes, notes: not the paper's words.
SKIPPED = {f"{W}{n}" for n in ("del", "moveFrom", "instrText", "delText", "footnoteReference", "pPr", "rPr")} | {
    f"{COMPATIBILITY}Fallback"
}
SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
WRAPPERS = {f"{W}{n}" for n in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
DEPTH = 60


def read_word(data: bytes, *, limits: Limits) -> list[Paragraph]:
    """Return the paragraphs of a Word document's body. Raises UnreadablePaper."""
    package = Package(data, limits=limits)
    document = package.part(DOCUMENT)
    body = document.find(f"{W}body") if document is not None else None
    if body is None:
        raise UnreadablePaper("wrong_content")
    numbering = Numbering(package.part("word/numbering.xml"), package.part("word/styles.xml"))
    found: list[Paragraph] = []
    size = 0
    for paragraph in Body(numbering).paragraphs(body):
        size += len(paragraph.text)
        if size > limits.max_characters or len(found) >= limits.max_paragraphs:
            raise UnreadablePaper("too_large")
        found.append(paragraph)
    return found


class Body:
    """Walks a document's body in reading order, counting paragraphs and tables."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.count = 0
        self.tables = 0

    def paragraphs(self, container: "etree._Element") -> Iterator[Paragraph]:
        """Yield the paragraphs and table rows of a container."""
        held = ""
        for element in _blocks(container):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
                continue
            self.count += 1
            source = f"p{self.count}"
            words = held + self._words(element)
            held = words if _mark_deleted(element) else ""
            if not held:
                yield from (Paragraph(line, source) for line in _lines(words))
                yield from self._boxes(element, source)
        yield from (Paragraph(line, f"p{self.count}") for line in _lines(held))

    def _words(self, paragraph: "etree._Element") -> str:
        words = _text(paragraph)
        label = self.numbering.label(paragraph.find(f"{W}pPr")) if words.strip() else ""
        if not label:
            return words
        apart = " " if label[-1].isalnum() or (label[-1] in ".．" and words[:1].isdigit()) else ""
        return label + apart + words.lstrip()

    def _boxes(self, paragraph: "etree._Element", source: str) -> Iterator[Paragraph]:
        """Yield the words of text boxes anchored in a paragraph."""
        for box in paragraph.iter(f"{W}txbxContent"):
            if any(a.tag in SKIPPED for a in box.iterancestors()):
                continue
            for inner in box.iterfind(f"{W}p"):
                yield from (Paragraph(line, source) for line in _lines(self._words(inner)))

    def _table(self, table: "etree._Element") -> Iterator[Paragraph]:
        self.tables += 1
        prefix = f"t{self.tables}"
        for number, row in enumerate(_children(table, f"{W}tr"), start=1):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = list(self._cells(row))
            filled = [(i, lines) for i, lines in enumerate(cells, start=1) if lines]
            if len(filled) == 1:
                index, lines = filled[0]
                yield from (Paragraph(line, f"{prefix}r{number}c{index}") for line in lines)
            elif filled:
                yield Paragraph("\t".join(" ".join(lines) for lines in cells), f"{prefix}r{number}")

    def _cells(self, row: "etree._Element") -> Iterator[list[str]]:
        """Yield each column's lines; what a merged cell covers stays empty, so that columns keep their places."""
        for _empty in range(_number(value(row, f"{W}trPr/{W}gridBefore"))):
            yield []
        for cell in _children(row, f"{W}tc"):
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            covered = merge is not None and merge.get(f"{W}val") != "restart"
            yield [] if covered else [re.sub(r"\s+", " ", p.text) for p in self._inside(cell)]
            for _span in range(_number(value(cell, f"{W}tcPr/{W}gridSpan")) - 1):
                yield []

    def _inside(self, cell: "etree._Element") -> Iterator[Paragraph]:
        """Yield a cell's paragraphs; a table within it is read as lines."""
        count, tables = self.count, self.tables
        yield from self.paragraphs(cell)
        self.count, self.tables = count, tables


def _number(words: str) -> int:
    return min(int(words), 100) if words.isdigit() else 0


def _children(element: "etree._Element", tag: str, depth: int = 0) -> Iterator["etree._Element"]:
    """Yield children of a kind, looking through content controls and tracked insertions."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS and depth < DEPTH:
            yield from _children(child, tag, depth + 1)


def _blocks(element: "etree._Element", depth: int = 0) -> Iterator["etree._Element"]:
    for child in element:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in WRAPPERS and depth < DEPTH:
            yield from _blocks(child, depth + 1)


def _text(element: "etree._Element") -> str:
    """Return the words of a paragraph as a reader sees them."""
    parts: list[str] = []
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag in SKIPPED or child.tag == f"{W}txbxContent" or not isinstance(child.tag, str):
            continue
        if child.tag == f"{W}t":
            parts.append(child.text or "")
        elif child.tag in SIGNS:
            parts.append(SIGNS[child.tag])
        elif child.tag != f"{W}r" or not _hidden(child):
            waiting.extend(reversed(child))
    return "".join(parts)


def _hidden(run: "etree._Element") -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val") not in ("0", "false")


def _mark_deleted(paragraph: "etree._Element") -> bool:
    """Tell whether the paragraph's end is a tracked deletion, so that the next one goes on with it."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _lines(words: str) -> Iterator[str]:
    for line in words.split("\n"):
        tidy = line.replace("\t", " ").strip(" \u3000\xa0\r")
        if tidy:
            yield tidy

"""Reads a Word document: automatic numbers resolved, tables row by row, tracked changes final, notes kept."""

import re
from collections.abc import Iterator

from lxml import etree

from luoshi.papers.facts import Limits, Paper, Paragraph
from luoshi.papers.markdown import without_marks
from luoshi.papers.numbering import Numbering, W, value
from luoshi.papers.package import Package
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.word_runs import Words, is_hidden, words_of

RELATIONS = "_rels/.rels"
MAIN = re.compile(r"/officeDocument$")
TYPES = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
WRAPPERS = {f"{W}{n}" for n in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
CONTENTS = re.compile(r"(toc|目录)\s*\d", re.IGNORECASE)
DEPTH = 60


def read_word(data: bytes, *, limits: Limits, kind: str = "docx") -> Paper:
    """Read a Word document's body and notes. Raises UnreadablePaper."""
    package = Package(data, limits=limits)
    main = _main_part(package)
    document = package.part(main)
    body = document.find(f"{W}body") if document is not None else None
    if body is None:
        raise UnreadablePaper("wrong_content")
    found: list[Paragraph] = []
    size = 0
    for paragraph in Body(package, main.rpartition("/")[0] + "/").paragraphs(body):
        size += len(paragraph.text)
        if size > limits.max_characters or len(found) >= limits.max_paragraphs:
            raise UnreadablePaper("too_large")
        found.append(paragraph)
    return Paper(kind, tuple(without_marks(found)))


def _main_part(package: Package) -> str:
    """Return the name of the part that is the document."""
    relations = package.part(RELATIONS)
    for relation in relations.iterfind(TYPES) if relations is not None else ():
        if MAIN.search(relation.get("Type") or ""):
            name = (relation.get("Target") or "").lstrip("/")
            if name in package.names:
                return name
    return "word/document.xml"


class Body:
    """Walks a document's body in reading order, counting paragraphs, tables and notes."""

    def __init__(self, package: Package, folder: str) -> None:
        styles = package.part(f"{folder}styles.xml")
        self.numbering = Numbering(package.part(f"{folder}numbering.xml"), styles)
        self.hidden, self.contents = _hidden_styles(styles), _contents_styles(styles)
        self.package, self.folder = package, folder
        self.notes: dict[str, dict[str, etree._Element]] = {}
        self.waiting: list[tuple[str, str]] = []  # notes referred to, not yet written
        self.count = self.tables = self.note = self.depth = 0

    def paragraphs(self, container: "etree._Element") -> Iterator[Paragraph]:
        """Yield the paragraphs and table rows of a container, and the notes that they refer to."""
        held, source = Words(), ""
        for element in _blocks(container):
            if element.tag == f"{W}tbl":
                yield from self._table(element)
                continue
            self.count += 1
            source = f"p{self.count}"
            words = words_of(element, hidden=self.hidden)
            words = Words(held.text + words.text, held.boxes + words.boxes, held.notes + words.notes)
            held = words if _goes_on(element) else Words()
            if words is not held:
                yield from self._written(words, element.find(f"{W}pPr"), source)
        yield from self._written(held, None, source)

    def _written(self, words: Words, properties: "etree._Element | None", source: str) -> Iterator[Paragraph]:
        self.waiting.extend(words.notes)
        if value(properties, f"{W}pStyle") not in self.contents:
            yield from (Paragraph(line, source) for line in _lines(self._numbered(words.text, properties)))
        for box in words.boxes:
            yield from self._boxed(box, source)
        if not self.depth:
            yield from self._noted()

    def _numbered(self, words: str, properties: "etree._Element | None") -> str:
        if not words.strip() and is_hidden(properties.find(f"{W}rPr") if properties is not None else None):
            return ""
        label = self.numbering.label(properties)  # a paragraph without words is counted too
        if not label or not words.strip():
            return words
        apart = " " if label[-1].isalnum() or (label[-1] in ".．" and words[:1].isdigit()) else ""
        return label + apart + words.lstrip()

    def _boxed(self, box: "etree._Element", source: str) -> Iterator[Paragraph]:
        """Yield the words of a text box under the paragraph that it is anchored in."""
        for inner in self._inside(box):
            yield Paragraph(inner.text, source if inner.source.startswith("p") else inner.source)

    def _noted(self) -> Iterator[Paragraph]:
        """Yield the notes that wait, each as paragraphs of its own: n1, n2."""
        waiting, self.waiting = self.waiting, []
        for kind, key in waiting:
            note = self._notes(kind).pop(key, None)
            if note is None:
                continue
            self.note += 1
            source = f"n{self.note}"
            yield from (Paragraph(inner.text, source) for inner in self._inside(note))

    def _notes(self, kind: str) -> "dict[str, etree._Element]":
        if kind not in self.notes:
            root = self.package.part(f"{self.folder}{kind}.xml")
            rows = root.iterfind(f"{W}{kind[:-1]}") if root is not None else ()
            self.notes[kind] = {n.get(f"{W}id") or "": n for n in rows if not n.get(f"{W}type")}
        return self.notes[kind]

    def _table(self, table: "etree._Element") -> Iterator[Paragraph]:
        self.tables += 1
        prefix = f"t{self.tables}"
        for number, row in enumerate(_children(table, f"{W}tr"), start=1):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            merged = any(_is_covered(cell, ("vMerge",)) for cell in _children(row, f"{W}tc"))
            yield from _row(list(self._cells(row)), f"{prefix}r{number}", merged=merged)
            if not self.depth:
                yield from self._noted()

    def _cells(self, row: "etree._Element") -> Iterator[list[str]]:
        """Yield each column's lines; what a merged cell covers stays empty, so that columns keep their places."""
        for _empty in range(_number(value(row, f"{W}trPr/{W}gridBefore"))):
            yield []
        for cell in _children(row, f"{W}tc"):
            covered = _is_covered(cell)
            yield [] if covered else [re.sub(r"\s+", " ", p.text) for p in self._inside(cell)]
            for _span in range(_number(value(cell, f"{W}tcPr/{W}gridSpan")) - 1):
                yield []

    def _inside(self, part: "etree._Element") -> Iterator[Paragraph]:
        """Yield what stands in a cell, box or note; a table within it is read as lines."""
        count, tables = self.count, self.tables
        self.depth += 1
        for paragraph in self.paragraphs(part):
            yield Paragraph(paragraph.text.replace("\t", " ").strip(), paragraph.source)
        self.depth -= 1
        self.count, self.tables = count, tables


def _row(cells: list[list[str]], source: str, *, merged: bool) -> Iterator[Paragraph]:
    """Write a row; the only cell in it stands for itself, unless merged cells of the rows above reach down to it."""
    filled = [(i, lines) for i, lines in enumerate(cells, start=1) if lines]
    if len(filled) == 1 and not merged:
        index, lines = filled[0]
        yield from (Paragraph(line, f"{source}c{index}") for line in lines)
    elif filled:
        yield Paragraph("\t".join(" ".join(lines) for lines in cells), source)


def _is_covered(cell: "etree._Element", ways: tuple[str, ...] = ("vMerge", "hMerge")) -> bool:
    """Tell whether a cell is the rest of a merged one, or deleted in a tracked change."""
    for way in ways:
        merge = cell.find(f"{W}tcPr/{W}{way}")
        if merge is not None and merge.get(f"{W}val") != "restart":
            return True
    return cell.find(f"{W}tcPr/{W}cellDel") is not None


def _number(words: str) -> int:
    return min(int(words), 100) if words.isdecimal() else 0


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


def _goes_on(paragraph: "etree._Element") -> bool:
    """Tell whether the paragraph's end is a tracked deletion, so that the next one goes on with it."""
    marks = paragraph.find(f"{W}pPr/{W}rPr")
    return marks is not None and (marks.find(f"{W}del") is not None or marks.find(f"{W}moveFrom") is not None)


def _hidden_styles(styles: "etree._Element | None") -> frozenset[str]:
    rows = styles.iterfind(f"{W}style") if styles is not None else ()
    return frozenset(s.get(f"{W}styleId") or "" for s in rows if is_hidden(s.find(f"{W}rPr"))) - {""}


def _contents_styles(styles: "etree._Element | None") -> frozenset[str]:
    """Return the styles of the lines of a table of contents, which says everything a second time."""
    rows = styles.iterfind(f"{W}style") if styles is not None else ()
    return frozenset(s.get(f"{W}styleId") or "" for s in rows if CONTENTS.fullmatch(value(s, f"{W}name"))) - {""}


def _lines(words: str) -> Iterator[str]:
    for line in words.split("\n"):
        tidy = line.replace("\t", " ").strip(" \u3000\xa0\r")
        if tidy:
            yield tidy

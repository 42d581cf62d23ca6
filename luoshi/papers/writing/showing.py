"""What a Word file of ours shows, as lines and tables for a page: enough to read a letter before it is printed."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from luoshi.papers.writing.sheet import BODY_SIZE

ALIGNED = {"center": "centre", "right": "right", "end": "right"}
MOST_BLOCKS = 3000


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A paragraph: its words, where they stand, and whether they are large, red, a heading or above a rule."""

    words: str
    align: str = "left"
    is_large: bool = False
    is_red: bool = False
    is_heading: bool = False
    has_rule: bool = False
    is_indented: bool = False


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table: its rows of cells."""

    rows: Sequence[Sequence[str]]
    has_head: bool = False


def show_paper(data: bytes) -> list[ShownLine | ShownTable]:
    """The lines and tables of a filled letter, empty lines left out."""
    body = Document(io.BytesIO(data)).element.body
    return list(_blocks(body))[:MOST_BLOCKS]


def _blocks(body: Any) -> Iterator[ShownLine | ShownTable]:
    for child in body:
        if child.tag == qn("w:tbl"):
            head = child.find(f".//{qn('w:tblHeader')}") is not None
            yield ShownTable([_cells(row) for row in child.iter(qn("w:tr"))], has_head=head)
        elif child.tag == qn("w:p"):
            boxed = child.find(f".//{qn('w:txbxContent')}")
            if boxed is not None:
                yield from (_line(paragraph) for paragraph in boxed.iter(qn("w:p")) if _words(paragraph))
            elif _words(child):
                yield _line(child)


def _cells(row: Any) -> list[str]:
    return ["\n".join(_words(paragraph) for paragraph in cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]


def _line(paragraph: Any) -> ShownLine:
    size = _value(paragraph, "w:sz")
    colour = (_value(paragraph, "w:color") or "").upper()
    faces = [fonts.get(qn("w:eastAsia"), "") for fonts in paragraph.iter(qn("w:rFonts"))]
    indent = paragraph.find(f".//{qn('w:ind')}")
    return ShownLine(
        _words(paragraph),
        ALIGNED.get(_value(paragraph, "w:jc") or "", "left"),
        is_large=bool(size and size.isdigit() and int(size) > 2 * BODY_SIZE),
        is_red=len(colour) == 6 and colour[:2] > "B0" and colour[2:4] < "40",
        is_heading=bool(faces) and faces[0] == "黑体",
        has_rule=paragraph.find(f".//{qn('w:pBdr')}") is not None,
        is_indented=indent is not None and (indent.get(qn("w:firstLine")) or "0") not in ("0", ""),
    )


def _value(paragraph: Any, name: str) -> str | None:
    found = paragraph.find(f".//{qn(name)}")
    return None if found is None else found.get(qn("w:val"))


def _words(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.getparent().tag == qn("w:r"):
            parts.append("　　" if node.tag == qn("w:tab") else "\n")
    return "".join(parts).strip("\n")

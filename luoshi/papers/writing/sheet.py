"""Sets official paper as Word files the way GB/T 9704-2012 asks: page, grid, faces and sizes, tables, page numbers."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

# Names of faces asked for, not embedded: they are licensed, and the reader's program substitutes what it lacks.
TITLE_FACE, HEAD_FACE, KAI_FACE, BODY_FACE, NUMBER_FACE = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
LATIN_FACE = "Times New Roman"
TITLE_SIZE, BODY_SIZE, CELL_SIZE, NUMBER_SIZE, PAIR_SIZE = 22.0, 16.0, 12.0, 14.0, 14.0  # 二号, 三号, 小四, 四号, 四号
LINE_PITCH, TITLE_PITCH, CELL_LEADING = 28.95, 35.0, 1.42  # points; 225 mm of text over 22 lines
GRID_PITCH, CHARACTER_SPACE = 579, -849  # twentieths of a point, 4096ths of one; 28 characters of 156 mm
# Programs differ in how they lay characters of 16 points into cells of 15.79, so text does not depend on the grid:
# lines are exactly as high, and characters as far apart, as the grid has them.
CLOSER = -6  # twentieths of a point: the nearest at which every program sets 28 to the line
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26  # millimetres
NUMBER_BELOW = 25.6  # millimetres from the page's edge: the dashes stand 7 mm below the text
# What a program takes that has not got a face; none is embedded.
FALLBACKS = {TITLE_FACE: "宋体", HEAD_FACE: "SimHei", KAI_FACE: "楷体", BODY_FACE: "仿宋", NUMBER_FACE: "SimSun"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot hold


@dataclass(frozen=True, slots=True)
class Face:
    """How a paragraph is set."""

    face: str = BODY_FACE
    size: float = BODY_SIZE
    pitch: float = LINE_PITCH
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: int = 2


TITLE = Face(TITLE_FACE, TITLE_SIZE, TITLE_PITCH, WD_ALIGN_PARAGRAPH.CENTER, 0)
SUBTITLE = Face(KAI_FACE, BODY_SIZE, LINE_PITCH, WD_ALIGN_PARAGRAPH.CENTER, 0)
HEADING = Face(HEAD_FACE)
BODY = Face()
FLUSH = Face(indent=0)
SIGNATURE = Face(align=WD_ALIGN_PARAGRAPH.RIGHT, indent=0)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: its head, its share of the width, and whether its cells are centred."""

    head: str
    share: float = 1.0
    centred: bool = False


def start_paper(*, is_landscape: bool = False) -> WordDocument:
    """An empty A4 page with the standard's margins and grid, numbered — 1 — on the outer side."""
    document = Document()
    section = document.sections[0]
    if is_landscape:  # the binding edge is above, as when the upright page is turned
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(LEFT), Mm(RIGHT)
        section.left_margin, section.right_margin = Mm(BOTTOM), Mm(TOP)
        section.footer_distance = Mm(14)
    else:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
        section.footer_distance = Mm(NUMBER_BELOW)
    section.header_distance = Mm(15)
    _set_grid(section, is_landscape=is_landscape)
    _set_normal(document)
    _set_manners(document)
    _set_language(document)
    _name_fallbacks(document)
    _number_pages(document)
    return document


def add_line(document: WordDocument, text: str, face: Face = BODY) -> Paragraph:
    """A paragraph set in one face; line breaks in it are kept."""
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.alignment = face.align
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(face.pitch)
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = Pt((face.size + CLOSER / 20) * face.indent)
    add_words(paragraph, text, face)
    return paragraph


def add_words(paragraph: Paragraph, text: str, face: Face) -> None:
    """Words in a face at the end of a paragraph."""
    run = paragraph.add_run(CONTROL.sub("", text))
    run.font.name, run.font.size = LATIN_FACE, Pt(face.size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face.face)


def add_table(
    document: WordDocument, columns: Sequence[TableColumn], rows: Iterable[Sequence[str]], *, size: float = CELL_SIZE
) -> int:
    """A ruled table over the width of the text, its head repeated on each page; how many rows it has."""
    widths = _widths(document, [column.share for column in columns])
    table = element("w:tbl", _table_rules(sum(widths)), _grid(widths))
    head = _row([column.head for column in columns], columns, widths, HEAD_FACE, size, is_head=True)
    table.append(head)
    count = 0
    for row in rows:
        table.append(_row(row, columns, widths, BODY_FACE, size, is_head=False))
        count += 1
    _append_table(document, table)
    return count


def add_cells(
    document: WordDocument,
    rows: Iterable[Sequence[str]],
    *,
    shares: Sequence[float],
    faces: Sequence[str],
    size: float = CELL_SIZE,
) -> None:
    """A ruled table without a head over the width of the text, each column in a face of its own."""
    widths = _widths(document, shares)
    table = element("w:tbl", _table_rules(sum(widths)), _grid(widths))
    for row in rows:
        line = element("w:tr", element("w:trPr", element("w:cantSplit")))
        for words, width, face in zip(row, widths, faces, strict=True):
            line.append(_cell(words, width, face, size, "center" if face == HEAD_FACE else "left"))
        table.append(line)
    _append_table(document, table)


def _append_table(document: WordDocument, table: Any) -> None:
    document.element.body.insert(len(document.element.body) - 1, table)


def _widths(document: WordDocument, shares: Sequence[float]) -> list[int]:
    """The widths of columns over the width of the text, in twentieths of a point."""
    section = document.sections[0]
    page, left, right = (
        section.page_width or Mm(297),
        section.left_margin or Mm(LEFT),
        section.right_margin or Mm(RIGHT),
    )
    room = (Mm(0) + page - left - right) / 635
    edges = [round(room * sum(shares[:n]) / sum(shares)) for n in range(len(shares) + 1)]
    return [end - start for start, end in pairwise(edges)]


def save_paper(document: WordDocument) -> bytes:
    """The file's bytes; the same paper gives the same bytes."""
    saved, steady = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry), zipfile.ZIP_DEFLATED)
    return steady.getvalue()


def _set_normal(document: WordDocument) -> None:
    """The plain paragraph, so that what people add in Word stands as the rest does."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN_FACE, Pt(BODY_SIZE)
    face = normal.element.get_or_add_rPr()
    face.get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FACE)
    face.find(qn("w:sz")).addprevious(element("w:spacing", w_val=str(CLOSER)))
    layout = normal.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PITCH)
    layout.space_before = layout.space_after = Pt(0)
    layout.widow_control = False
    rules = normal.element.get_or_add_pPr()
    for mark in ("w:overflowPunct", "w:snapToGrid"):
        rules.find(qn("w:spacing")).addprevious(element(mark, w_val="0"))


def _set_manners(document: WordDocument) -> None:
    """Tables begin at the edge of the text, as in the programs of today."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _set_language(document: WordDocument) -> None:
    """Chinese of the mainland: it decides where lines may break, and which of a face's signs are shown."""
    for held in (*document.styles.element.iter(qn("w:lang")), *document.settings.element.iter(qn("w:themeFontLang"))):
        held.set(qn("w:eastAsia"), "zh-CN")


def _name_fallbacks(document: WordDocument) -> None:
    """The table of faces: what stands in for one that the reader's program lacks."""
    part = next((p for p in document.part.package.iter_parts() if p.partname == "/word/fontTable.xml"), None)
    if part is None:
        return
    faces = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:pitch w:val="auto"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", faces.encode() + b"</w:fonts>")


def _set_grid(section: object, *, is_landscape: bool) -> None:
    properties = section._sectPr  # type: ignore[attr-defined]
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    wanted = {"w:type": "lines", "w:linePitch": str(GRID_PITCH)}
    if not is_landscape:
        wanted |= {"w:type": "linesAndChars", "w:charSpace": str(CHARACTER_SPACE)}
    properties.append(element("w:docGrid", **{name.replace(":", "_"): value for name, value in wanted.items()}))


def _number_pages(document: WordDocument) -> None:
    """四号 numerals between dashes: right on odd pages, left on even ones, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    ):  # fmt: skip
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        layout = paragraph.paragraph_format
        layout.alignment = align
        layout.left_indent = layout.right_indent = Pt(NUMBER_SIZE)
        face = Face(NUMBER_FACE, NUMBER_SIZE)
        add_words(paragraph, "— ", face)
        for part in ("begin", "PAGE", "end"):
            add_words(paragraph, "", face)
            run = paragraph.runs[-1]._element
            mark = element("w:instrText") if part == "PAGE" else element("w:fldChar", w_fldCharType=part)
            mark.text = "PAGE" if part == "PAGE" else None
            run.append(mark)
        add_words(paragraph, " —", face)


def element(name: str, *children: object, **attributes: str) -> Any:
    """An element of a Word file; w_val stands for w:val."""
    found: Any = OxmlElement(name)
    for key, value in attributes.items():
        found.set(qn(key.replace("_", ":", 1)), value)
    for child in children:
        found.append(child)
    return found


def _table_rules(width: int) -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = element(
        "w:tblBorders", *(element(f"w:{side}", w_val="single", w_sz="4", w_color="000000") for side in sides)
    )
    return element(
        "w:tblPr", element("w:tblW", w_w=str(width), w_type="dxa"), borders, element("w:tblLayout", w_type="fixed")
    )


def _grid(widths: Sequence[int]) -> Any:
    return element("w:tblGrid", *(element("w:gridCol", w_w=str(width)) for width in widths))


def _row(
    cells: Sequence[str],
    columns: Sequence[TableColumn],
    widths: Sequence[int],
    face: str,
    size: float,
    *,
    is_head: bool,
) -> Any:
    rules = element("w:trPr", element("w:cantSplit"), *([element("w:tblHeader")] if is_head else []))
    found = element("w:tr", rules)
    for words, column, width in zip(cells, columns, widths, strict=True):
        align = "center" if is_head or column.centred else "left"
        found.append(_cell(words, width, face, size, align))
    return found


def _cell(words: str, width: int, face: str, size: float, align: str) -> Any:
    rules = element("w:tcPr", element("w:tcW", w_w=str(width), w_type="dxa"), element("w:vAlign", w_val="center"))
    found = element("w:tc", rules)
    for line in CONTROL.sub("", words).split("\n"):
        spacing = element(
            "w:spacing", w_line=str(int(size * CELL_LEADING * 20)), w_lineRule="exact", w_before="0", w_after="0"
        )
        paragraph = element(
            "w:p", element("w:pPr", element("w:snapToGrid", w_val="0"), spacing, element("w:jc", w_val=align))
        )
        if line:
            paragraph.append(_run(line, face, size))
        found.append(paragraph)
    return found


def _run(words: str, face: str, size: float) -> Any:
    fonts = element("w:rFonts", w_ascii=LATIN_FACE, w_hAnsi=LATIN_FACE, w_eastAsia=face)
    rules = element(
        "w:rPr", fonts, element("w:sz", w_val=str(int(size * 2))), element("w:szCs", w_val=str(int(size * 2)))
    )
    text = element("w:t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("w:r", rules, text)

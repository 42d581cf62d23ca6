"""The parts of a letter by GB/T 9704-2012: red head and rule, title, body, attachments, signature, imprint."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from luoshi.papers.writing.sheet import (
    BODY,
    BODY_FACE,
    BODY_SIZE,
    CLOSER,
    FLUSH,
    HEAD_FACE,
    HEADING,
    KAI_FACE,
    LINE_PITCH,
    NUMBER_SIZE,
    PAIR_SIZE,
    TITLE,
    TITLE_FACE,
    Face,
    add_cells,
    add_line,
    add_words,
    element,
)

RED = "E60012"
WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
BOX = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:wrapTopAndBottom/><wp:docPr id="90" name="imprint"/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx/>
<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:spAutoFit/></wps:bodyPr></wps:wsp></a:graphicData>
</a:graphic></wp:anchor></w:drawing>"""
BLOCK = 156 * 72 / 25.4  # points: the width of the text
BANNER_BELOW = 35 * 72 / 25.4  # points from the top of the text to the top of the issuer's red name (7.2.4)
LEANING = 2.0  # points: characters stand a little below the middle of their line
BANNER_LARGEST, BANNER_SMALLEST = 46.0, 22.0
RULE_BELOW = 8  # points between the number's line, which is higher than its characters, and the rule: 4 mm in all
NUMBER_PITCH = 22.0
SUBHEADING = Face(KAI_FACE)
DATE_WIDTH = 9.0  # characters of a date, whose numerals are half as wide
DATE_FROM_RIGHT = 4.0
IMPRINT = 2 * 26.0 + 2  # points: how high the imprint is
HEAVY, LIGHT = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm


def add_banner(document: WordDocument, words: str, *, width: int) -> None:
    """The issuer's name of so many characters in red, as large as one line holds, 35 mm below the top of the text."""
    size = float(int(max(BANNER_SMALLEST, min(BANNER_LARGEST, BLOCK / max(width, 1) - 1))))
    pitch = size * 1.3
    add_gap(document, BANNER_BELOW - (pitch - size) / 2 - LEANING)
    banner = Face(TITLE_FACE, size, pitch, WD_ALIGN_PARAGRAPH.CENTER, 0)
    paragraph = add_line(document, words, banner)
    for run in paragraph.runs:
        run.font.color.rgb = RGBColor.from_string(RED)


def add_gap(document: WordDocument, points: float) -> None:
    """White space of so many points."""
    add_line(document, "", Face(pitch=points, indent=0))


def add_number(document: WordDocument, number: str, *, signer: str = "") -> None:
    """The document number two lines below the name, above the red rule; upward letters name who signs at the right."""
    add_gap(document, 2 * LINE_PITCH)
    align = WD_ALIGN_PARAGRAPH.LEFT if signer else WD_ALIGN_PARAGRAPH.CENTER
    face = Face(BODY_FACE, BODY_SIZE, NUMBER_PITCH, align, 0)
    paragraph = add_line(document, number, face)
    if signer:
        layout = paragraph.paragraph_format
        layout.tab_stops.add_tab_stop(Pt(BLOCK - BODY_SIZE), WD_TAB_ALIGNMENT.RIGHT)
        layout.first_line_indent = Pt(BODY_SIZE)
        add_words(paragraph, "\t签发人：", face)
        add_words(paragraph, signer, replace(face, face=KAI_FACE))
    _rule(paragraph, bottom=("12", RULE_BELOW, RED))
    add_gap(document, 2 * LINE_PITCH)


def add_title(document: WordDocument, title: str) -> None:
    """The title in 二号, with a line below it."""
    add_line(document, title, TITLE)
    add_gap(document, LINE_PITCH)


def add_paragraphs(document: WordDocument, *lines: str, face: Face = BODY) -> None:
    """Body text."""
    for words in lines:
        add_line(document, words, face)


def add_heading(document: WordDocument, words: str) -> None:
    """A heading of the first level."""
    add_line(document, words, HEADING).paragraph_format.keep_with_next = True


def add_attachments(document: WordDocument, lines: tuple[str, str, str]) -> None:
    """附件说明, one line below the text: the lines that open it, say it and close it."""
    begin, words, end = lines
    add_line(document, begin, FLUSH)
    add_gap(document, LINE_PITCH)
    add_line(document, words, BODY)
    add_line(document, end, FLUSH)


def add_signature(document: WordDocument, issuer: str, date: str, *, width: int) -> None:
    """The issuer centred above the date, which stands four characters from the right; `width` in characters."""
    add_gap(document, 2 * LINE_PITCH)
    step = BODY_SIZE + CLOSER / 20
    right = DATE_FROM_RIGHT + (DATE_WIDTH - width) / 2
    for words, away in ((issuer, max(0.0, right)), (date, DATE_FROM_RIGHT + max(0.0, -right))):
        paragraph = add_line(document, words, Face(align=WD_ALIGN_PARAGRAPH.RIGHT, indent=0))
        paragraph.paragraph_format.right_indent = Pt(away * step)
        paragraph.paragraph_format.keep_with_next = words is issuer


def add_imprint(document: WordDocument, *, copies: Sequence[str], issuer: str, date: str) -> None:
    """版记 at the foot of the last page: copies, who printed it and when, between rules as wide as the text.

    `copies` are rows, some of which may be tags alone.
    """
    face = Face(BODY_FACE, NUMBER_SIZE, 26.0, WD_ALIGN_PARAGRAPH.LEFT, 0)
    rows = [add_line(document, words, face) for words in copies]
    for row in rows:
        row.paragraph_format.left_indent = Pt(NUMBER_SIZE * 4)
        row.paragraph_format.first_line_indent = Pt(-NUMBER_SIZE * 3)
    last = add_line(document, issuer, face)
    last.paragraph_format.left_indent = Pt(NUMBER_SIZE)
    last.paragraph_format.tab_stops.add_tab_stop(Pt(BLOCK - NUMBER_SIZE), WD_TAB_ALIGNMENT.RIGHT)
    add_words(last, f"\t{date}印发", face)
    _to_foot(document, (*rows, last))


def _to_foot(document: WordDocument, lines: Sequence[Paragraph]) -> None:
    """Put lines into a box of the width of the text that stands at its foot, with rules above, between and below."""
    width = str(round(BLOCK * 20))
    borders = [
        element(f"w:{side}", w_val="single", w_sz=str(size), w_color="000000")
        for side, size in (("top", HEAVY), ("bottom", HEAVY), ("insideH", LIGHT))
    ]
    margins = [element(f"w:{side}", w_w="0", w_type="dxa") for side in ("left", "right")]
    rules = element(
        "w:tblPr", element("w:tblW", w_w=width, w_type="dxa"), element("w:tblBorders", *borders),
        element("w:tblLayout", w_type="fixed"), element("w:tblCellMar", *margins),
    )  # fmt: skip
    table = element("w:tbl", rules, element("w:tblGrid", element("w:gridCol", w_w=width)))
    for paragraph in lines:
        cell = element("w:tc", element("w:tcPr", element("w:tcW", w_w=width, w_type="dxa")), paragraph._element)
        table.append(element("w:tr", cell))
    end = add_line(document, "", Face(pitch=1, indent=0))
    run = add_line(document, "", Face(pitch=1, indent=0)).add_run()._element
    box: Any = parse_xml(BOX.format(width=round(BLOCK * 12700), height=round(IMPRINT * 12700)))
    box.find(".//" + WPS + "txbx").append(element("w:txbxContent", table, end._element))
    run.append(box)


def add_pairs(
    document: WordDocument, pairs: Sequence[tuple[str, str]], *, shares: Sequence[float] = (1.5, 2.4, 1.5, 2.4)
) -> None:
    """Facts in a table of four columns: a label in 黑体 and what it says, twice to the line."""
    cells = [*pairs, *([("", "")] if len(pairs) % 2 else [])]
    lines = [(*cells[n], *cells[n + 1]) for n in range(0, len(cells), 2)]
    faces = (HEAD_FACE, BODY_FACE, HEAD_FACE, BODY_FACE)
    add_cells(document, lines, shares=shares, faces=faces, size=PAIR_SIZE)


def _rule(paragraph: Paragraph, **sides: tuple[str, int, str]) -> None:
    """Rules as wide as the text above or below a paragraph: thickness in eighths of a point, distance in points."""
    borders = element("w:pBdr")
    for side, (thickness, away, colour) in sides.items():
        borders.append(element(f"w:{side}", w_val="single", w_sz=thickness, w_space=str(away), w_color=colour))
    rules = paragraph._element.get_or_add_pPr()
    before = next((rules.find(qn(n)) for n in ("w:tabs", "w:spacing") if rules.find(qn(n)) is not None), None)
    if before is None:
        rules.append(borders)
    else:
        before.addprevious(borders)

"""Writes a plain-text official paper as a Word file, the way a county office sets it."""

import re
from dataclasses import dataclass

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from luoshi.demo.lines import role_of
from luoshi.papers.writing import save_paper

# Name of the font asked for, not embedded: GB/T 9704 faces are licensed and the reader's Word substitutes.
TITLE_FONT, HEADING_FONT, SUBHEADING_FONT, BODY_FONT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
LINE_PITCH = Pt(28.95)  # 225 mm of text block over 22 lines
BODY_SIZE, TITLE_SIZE = Pt(16), Pt(22)

_RUN_IN_TITLE = re.compile(r"^\d+[.．][^。]+。")


@dataclass(frozen=True, slots=True)
class Style:
    font: str = BODY_FONT
    size: Pt = BODY_SIZE
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: int = 2


TITLE = Style(font=TITLE_FONT, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER, indent=0)
NUMBER = Style(align=WD_ALIGN_PARAGRAPH.CENTER, indent=0)
ADDRESSEES = Style(indent=0)
SIGNATURE = Style(align=WD_ALIGN_PARAGRAPH.RIGHT, indent=0)
HEADING = Style(font=HEADING_FONT)
SUBHEADING = Style(font=SUBHEADING_FONT)
BODY = Style()
STYLES = {
    "title": TITLE, "number": NUMBER, "addressees": ADDRESSEES, "signature": SIGNATURE, "heading": HEADING,
    "subheading": SUBHEADING, "body": BODY,
}  # fmt: skip


def write_docx(text: str) -> bytes:
    """One Word paragraph per line of `text`, on A4 set as GB/T 9704-2012 asks; same text, same file."""
    lines = [line for line in text.splitlines() if line.strip()]
    document = Document()
    _set_page(document)
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        _write_line(document.add_paragraph(), line, STYLES[role_of(line, following=following)])
    return save_paper(document)


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = document.styles["Normal"]
    normal.font.size = BODY_SIZE
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)


def _write_line(paragraph: Paragraph, line: str, style: Style) -> None:
    layout = paragraph.paragraph_format
    layout.alignment = style.align
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE_PITCH
    layout.space_before = layout.space_after = Pt(0)
    layout.first_line_indent = Pt(style.size.pt * style.indent)
    run_in = _RUN_IN_TITLE.match(line)
    head = run_in.group() if run_in and style is BODY else ""
    for part, bold in ((head, True), (line[len(head) :], False)):
        if part:
            _add_run(paragraph, part, style, bold=bold)


def _add_run(paragraph: Paragraph, text: str, style: Style, *, bold: bool) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = "Times New Roman", style.size
    run.font.bold = bold or None
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), style.font)

"""Reading Word documents: automatic numbers, tables, tracked changes, text boxes."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph as WordParagraph

from luoshi.papers.numbering import FORMATS, chinese
from luoshi.papers.reading import Paper, read_paper

LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）"))


def saved(document: WordDocument) -> Paper:
    data = io.BytesIO()
    document.save(data)
    return read_paper(data.getvalue(), name="x.docx")


def numbered(
    document: WordDocument,
    *,
    levels: tuple[tuple[str, str], ...] = LEVELS,
    key: int = 90,
    extra: str = "",
    style: str = "",
) -> int:
    """Define a list in the document and return its number's id."""
    tied = f'<w:pStyle w:val="{style}"/>' if style else ""
    rows = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{tied if i == 1 else ""}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(levels)
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}">{rows}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{key}"><w:abstractNumId w:val="{key}"/>{extra}</w:num>'))
    return key


def put(document: WordDocument, words: str, *, number: int, level: int) -> WordParagraph:
    paragraph = document.add_paragraph(words)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )
    return paragraph


def test_automatic_numbers_are_written_out() -> None:
    document = Document()
    number = numbered(document)
    for words, level in [
        ("甲", 0),
        ("乙", 1),
        ("丙", 2),
        ("丁", 2),
        ("戊", 1),
        ("己", 2),
        ("庚", 3),
        ("辛", 0),
        ("壬", 1),
    ]:
        put(document, words, number=number, level=level)
    expected = ["一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "1.己", "（1）庚", "二、辛", "（一）壬"]
    assert [p.text for p in saved(document).paragraphs] == expected


def test_number_before_a_digit_is_kept_apart_from_it() -> None:
    document = Document()
    put(document, "2026年计划", number=numbered(document), level=2)
    assert saved(document).text == "1. 2026年计划"


def test_numbering_inherited_from_a_style_is_found() -> None:
    document = Document()
    number = numbered(document, style="Heading2")
    style = document.styles["Heading 2"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{number}"/></w:numPr>'))
    put(document, "甲", number=number, level=0)
    document.add_paragraph("乙", style="Heading 2")
    document.add_paragraph("丙", style="Heading 2")
    assert [p.text for p in saved(document).paragraphs] == ["一、甲", "（一）乙", "（二）丙"]


def test_number_switched_off_in_the_paragraph_is_not_shown() -> None:
    document = Document()
    number = numbered(document)
    style = document.styles["Heading 2"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{number}"/></w:numPr>'))
    paragraph = document.add_paragraph("乙", style="Heading 2")
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="0"/></w:numPr>'))
    assert saved(document).text == "乙"


def test_list_that_starts_over_counts_from_its_own_start() -> None:
    document = Document()
    first = numbered(document)
    root = document.part.numbering_part.element
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="{first}"/>'
            '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        )
    )
    put(document, "甲", number=first, level=2)
    put(document, "乙", number=91, level=2)
    put(document, "丙", number=91, level=2)
    assert [p.text for p in saved(document).paragraphs] == ["1.甲", "5.乙", "6.丙"]


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 21, "二十一"),
        ("japaneseCounting", 105, "一百零五"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("ideographDigital", 20, "二〇"),
        ("chineseLegalSimplified", 12, "拾贰"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalFullWidth", 12, "１２"),
        ("lowerLetter", 27, "aa"),
        ("upperRoman", 14, "XIV"),
        ("ideographTraditional", 2, "乙"),
        ("bullet", 1, ""),
    ],
)
def test_every_number_format_is_shown_as_word_shows_it(form: str, number: int, shown: str) -> None:
    assert FORMATS[form](number) == shown


def test_chinese_numbers_run_through_a_hundred_without_a_gap() -> None:
    assert len({chinese(n) for n in range(1, 1000)}) == 999


def test_tables_are_read_row_by_row_with_columns_in_place() -> None:
    document = Document()
    document.add_paragraph("前言")
    table = document.add_table(rows=3, cols=3)
    for row, words in zip(
        table.rows, [("序号", "任务", "牵头单位"), ("1", "甲\n乙", "县水利局"), ("2", "丙", "")], strict=True
    ):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    table.cell(1, 2).merge(table.cell(2, 2))
    paper = saved(document)
    assert [(p.source, p.text) for p in paper.paragraphs] == [
        ("p1", "前言"),
        ("t1r1", "序号\t任务\t牵头单位"),
        ("t1r2", "1\t甲 乙\t县水利局"),
        ("t1r3", "2\t丙\t"),
    ]


def test_row_merged_across_is_one_line_of_its_cell() -> None:
    document = Document()
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "二、民生实事"
    for cell, words in zip(table.rows[1].cells, ("1", "甲", "县教育局"), strict=True):
        cell.text = words
    assert [(p.source, p.text) for p in saved(document).paragraphs] == [
        ("t1r1c1", "二、民生实事"),
        ("t1r2", "1\t甲\t县教育局"),
    ]


def tracked(kind: str) -> Callable[[WordParagraph, str], None]:
    def add(paragraph: WordParagraph, words: str) -> None:
        change = OxmlElement(kind)
        change.set(qn("w:id"), "1")
        run = OxmlElement("w:r")
        text = OxmlElement("w:delText" if kind == "w:del" else "w:t")
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)

    return add


def test_tracked_deletion_is_dropped_and_insertion_kept() -> None:
    document = Document()
    paragraph = document.add_paragraph("由县水利局")
    tracked("w:del")(paragraph, "配合")
    tracked("w:ins")(paragraph, "牵头")
    assert saved(document).text == "由县水利局牵头"


def test_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    document = Document()
    paragraph = document.add_paragraph("由县水利局")
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="3" w:author="a"/></w:rPr>'))
    document.add_paragraph("牵头")
    assert saved(document).text == "由县水利局牵头"


def test_hidden_text_field_codes_and_headers_are_left_out() -> None:
    document = Document()
    paragraph = document.add_paragraph("看得见")
    paragraph.add_run("看不见").font.hidden = True
    run = OxmlElement("w:r")
    code = OxmlElement("w:instrText")
    code.text = "PAGE"
    run.append(code)
    paragraph._p.append(run)
    document.sections[0].header.paragraphs[0].text = "页眉"
    assert saved(document).text == "看得见"


def test_soft_line_break_begins_a_new_line_of_the_same_paragraph() -> None:
    document = Document()
    document.add_paragraph("第一行\n第二行")
    assert [(p.source, p.text) for p in saved(document).paragraphs] == [("p1", "第一行"), ("p1", "第二行")]


def test_text_box_is_read_once() -> None:
    document = Document()
    paragraph = document.add_paragraph("正文")
    box = "<w:txbxContent><w:p><w:r><w:t>青政发〔2026〕3号</w:t></w:r></w:p></w:txbxContent>"
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f'<mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
            "</mc:AlternateContent></w:r>"
        )
    )
    assert saved(document).text == "正文\n青政发〔2026〕3号"


def test_content_control_is_looked_through() -> None:
    document = Document()
    paragraph = document.add_paragraph("里面")
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    paragraph._p.addprevious(control)
    control[0].append(paragraph._p)
    assert saved(document).text == "里面"

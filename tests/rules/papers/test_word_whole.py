"""Everything else a Word document may hold: notes, boxes, fields, symbols, tracked changes, the strict form."""

import io
import zipfile

import pytest

from luoshi.papers.facts import Paper
from luoshi.papers.reading import read_paper

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def word(body: str, *, main: str = "word/document.xml", **parts: str) -> bytes:
    """A Word document of one body; parts are styles, numbering, footnotes, endnotes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            f'Target="{main}"/></Relationships>',
        )
        packed.writestr(main, f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            packed.writestr(f"word/{name}.xml", f"<w:{name} {NAMESPACES}>{content}</w:{name}>")
    return data.getvalue()


def read(body: str, **parts: str) -> Paper:
    return read_paper(word(body, **parts), name="x.docx")


def places(body: str, **parts: str) -> list[tuple[str, str]]:
    return [(p.source, p.text) for p in read(body, **parts).paragraphs]


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>"


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def note(key: int, words: str) -> str:
    return f'<w:footnote w:id="{key}">{p("<w:r><w:footnoteRef/></w:r>" + r(words))}</w:footnote>'


def refers(key: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'


def test_note_follows_the_paragraph_that_refers_to_it_as_a_paragraph_of_its_own() -> None:
    body = p(r("落实目标") + refers(2) + r("。")) + p(r("后文"))
    separator = f'<w:footnote w:type="separator" w:id="0">{p("<w:r><w:separator/></w:r>")}</w:footnote>'
    assert places(body, footnotes=separator + note(2, "目标指年度目标。")) == [
        ("p1", "落实目标。"),
        ("n1", "目标指年度目标。"),
        ("p2", "后文"),
    ]


def test_endnote_is_kept_and_a_note_is_said_once() -> None:
    end = f'<w:endnote w:id="5">{p(r("尾注"))}</w:endnote>'
    body = p(r("甲") + refers(5, "endnote")) + p(r("乙") + refers(5, "endnote"))
    assert places(body, endnotes=end) == [("p1", "甲"), ("n1", "尾注"), ("p2", "乙")]


def test_note_in_a_table_follows_its_row() -> None:
    rows = (cell(p(r("1"))) + cell(p(r("任务") + refers(2))), cell(p(r("2"))) + cell(p(r("乙"))))
    assert places(table(*rows), footnotes=note(2, "注")) == [("t1r1", "1\t任务"), ("n1", "注"), ("t1r2", "2\t乙")]


def test_note_that_refers_to_itself_ends() -> None:
    own = f'<w:footnote w:id="2">{p(r("注") + refers(2))}</w:footnote>'
    assert places(p(r("甲") + refers(2)), footnotes=own) == [("p1", "甲"), ("n1", "注")]


def test_moved_words_stand_where_they_went() -> None:
    moved = r("乙")
    body = p(f"<w:moveFrom>{moved}</w:moveFrom>" + r("甲")) + p(f"<w:moveTo>{moved}</w:moveTo>")
    assert read(body).text == "甲\n乙"


def test_numbered_paragraph_after_a_deleted_end_has_its_number_in_front() -> None:
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = p(r("甲"), number) + p(r("乙"), number + "<w:rPr><w:del/></w:rPr>") + p(r("丙"), number)
    assert read(body, numbering=numbering).text == "一、甲\n二、乙丙"


def test_paragraph_and_row_that_were_deleted_leave_nothing() -> None:
    gone = p("<w:del><w:r><w:delText>删</w:delText></w:r></w:del>", "<w:rPr><w:del/></w:rPr>")
    rows = f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell(p(r('删')))}</w:tr><w:tr>{cell(p(r('留')))}</w:tr></w:tbl>"
    assert read(p(r("甲")) + gone + p(r("乙")) + rows).text == "甲\n乙\n留"


def test_deleted_cell_keeps_its_column() -> None:
    row = cell(p(r("1"))) + cell(p(r("删")), "<w:cellDel/>") + cell(p(r("县水利局")))
    assert read(table(row)).text == "1\t\t县水利局"


@pytest.mark.parametrize(
    "box",
    [
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
        "<w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
        "<w:r><mc:AlternateContent><mc:Fallback><w:txbxContent>{}</w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    ],
    ids=["vml", "alternatives", "only a fallback"],
)
def test_text_box_is_read_once_however_it_is_kept(box: str) -> None:
    assert places(p(r("正文") + box.format(p(r("框内"))))) == [("p1", "正文"), ("p1", "框内")]


def test_box_in_a_box_and_table_in_a_box_are_read_once() -> None:
    def boxed(inner: str) -> str:
        return f"<w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r>"

    inner = p(r("外") + boxed(p(r("内")))) + table(cell(p(r("甲"))) + cell(p(r("乙"))))
    assert read(p(boxed(inner))).text == "外\n内\n甲 乙"


def test_box_in_a_cell_stays_in_its_cell() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{p(r('盒'))}</w:txbxContent></w:pict></w:r>"
    assert read(table(cell(p(r("甲") + box)) + cell(p(r("乙"))))).text == "甲 盒\t乙"


def test_result_of_a_field_is_kept_and_the_number_of_a_page_is_not() -> None:
    def complex_field(code: str, result: str) -> str:
        marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
        return f"{marks[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{marks[1]}{r(result)}{marks[2]}"

    simple = (
        f'<w:fldSimple w:instr=" NUMPAGES ">{r("12")}</w:fldSimple><w:fldSimple w:instr="REF a">{r("丁")}</w:fldSimple>'
    )
    body = p(r("甲") + complex_field(" REF b \\h ", "乙") + complex_field(" PAGE ", "3") + r("丙") + simple)
    assert read(body).text == "甲乙丙丁"


def test_table_of_contents_is_left_out() -> None:
    styles = '<w:style w:styleId="11"><w:name w:val="toc 1"/></w:style>'
    body = p(r("一、总体要求 1"), '<w:pStyle w:val="11"/>') + p(r("一、总体要求"))
    assert read(body, styles=styles).text == "一、总体要求"


def test_hidden_words_are_left_out_also_when_a_style_hides_them() -> None:
    styles = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = p(r("见", '<w:vanish w:val="off"/>') + r("隐", "<w:vanish/>") + r("藏", '<w:rStyle w:val="h"/>'))
    assert read(body, styles=styles).text == "见"


def test_symbols_are_read_as_the_signs_they_show() -> None:
    signs = [
        ("Wingdings", "F0FE"),
        ("Wingdings", "F081"),
        ("Wingdings 2", "F0A3"),
        ("Symbol", "F0B3"),
        ("宋体", "2460"),
    ]
    body = p("".join(f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>' for font, code in signs) + r("项"))
    assert read(body).text == "☑①□≥①项"


def test_readings_above_words_soft_hyphens_and_empty_widths_are_left_out() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{r('luò')}</w:rt><w:rubyBase>{r('落')}</w:rubyBase></w:ruby></w:r>"
    hyphens = "<w:r><w:softHyphen/><w:t>\u00ad\u200b</w:t><w:noBreakHyphen/><w:t>1</w:t></w:r>"
    assert read(p(ruby + r("实") + hyphens + "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>")).text == "落实-1x"


def test_columns_stay_in_place_when_cells_are_merged_both_ways() -> None:
    rows = (
        cell(p(r("一")), '<w:vMerge w:val="restart"/>')
        + cell(p(r("甲")), '<w:gridSpan w:val="2"/>')
        + cell(p(r("末"))),
        cell(p(r("旧")), "<w:vMerge/>") + cell(p(r("乙"))) + cell(p(r("丙"))) + cell(p(r("丁"))),
        "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell(p(r("戊"))) + cell(p(r("己"))),
    )
    assert read(table(*rows)).text == "一\t甲\t\t末\n\t乙\t丙\t丁\n\t戊\t己"


def test_cell_wrapped_in_a_control_and_a_table_in_a_cell_are_read_in_place() -> None:
    inner = table(cell(p(r("内一"))) + cell(p(r("内二"))))
    row = f"<w:sdt><w:sdtContent>{cell(p(r('甲')))}</w:sdtContent></w:sdt>" + cell(inner + p(r("尾")))
    paper = read(table(row) + table(cell(p(r("乙"))) + cell(p(r("丙")))))
    assert [(x.source, x.text) for x in paper.paragraphs] == [("t1r1", "甲\t内一 内二 尾"), ("t2r1", "乙\t丙")]
    assert paper.source_at(paper.text.index("内二")) == "t1r1c2"


def numbering(*levels: tuple[str, str, str]) -> dict[str, str]:
    """A numbering part of one list; a level is its format, its text and what else it says."""
    rows = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'
        for i, (form, text, more) in enumerate(levels)
    )
    number = '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    return {"numbering": f'<w:abstractNum w:abstractNumId="1">{rows}</w:abstractNum>{number}'}


def item(words: str, level: int) -> str:
    return p(r(words) if words else "", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


def test_number_of_several_levels_and_plain_figures() -> None:
    levels = numbering(("chineseCounting", "第%1章", ""), ("decimal", "%1.%2", "<w:isLgl/>"))
    assert read(item("甲", 0) + item("乙", 1) + item("丙", 1), **levels).text == "第一章 甲\n1.1 乙\n1.2 丙"


def test_level_counts_on_when_it_is_told_not_to_begin_anew() -> None:
    levels = numbering(("chineseCounting", "%1、", ""), ("decimal", "%2.", '<w:lvlRestart w:val="0"/>'))
    assert read(item("甲", 0) + item("乙", 1) + item("丙", 0) + item("丁", 1), **levels).text.endswith("二、丙\n2.丁")


def test_level_begins_anew_only_after_the_level_that_it_names() -> None:
    levels = numbering(
        ("chineseCounting", "%1、", ""),
        ("chineseCounting", "（%2）", ""),
        ("decimal", "%3.", '<w:lvlRestart w:val="1"/>'),
    )
    body = "".join(item("文", level) for level in (0, 1, 2, 1, 2, 0, 2))
    assert read(body, **levels).text.split("\n") == ["一、文", "（一）文", "1.文", "（二）文", "2.文", "二、文", "1.文"]


def test_numbered_paragraph_without_words_is_counted_as_word_counts_it() -> None:
    levels = numbering(("decimal", "%1.", ""))
    assert read(item("甲", 0) + item("", 0) + item("乙", 0), **levels).text == "1.甲\n3.乙"


def test_number_with_a_format_of_its_own_falls_back() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><mc:AlternateContent><mc:Choice><w:numFmt w:val="custom" w:format="001"/></mc:Choice>'
        '<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1）"/></w:lvl>'
    )
    number = '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    part = f'<w:abstractNum w:abstractNumId="1">{custom}</w:abstractNum>{number}'
    assert read(item("甲", 0), numbering=part).text == "1）甲"


def test_strict_form_and_another_name_of_the_main_part_are_read() -> None:
    data = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word(p(r("严格")), main="word/document2.xml"))) as given,
        zipfile.ZipFile(data, "w") as strict,
    ):
        for name in given.namelist():
            content = given.read(name).replace(W.encode(), STRICT.encode())
            usual = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            strict.writestr(name, content.replace(usual, b"http://purl.oclc.org/ooxml/officeDocument/relationships"))
    assert read_paper(data.getvalue(), name="x.docx").text == "严格"


def test_markdown_pasted_into_a_document_loses_its_marks() -> None:
    lines = ("## 一、总体要求", "**（一）做好甲**。由**县水利局**牵头", "---", "**（二）做好乙**", "5 ** 3")
    assert read("".join(p(r(line)) for line in lines)).text == (
        "一、总体要求\n（一）做好甲。由县水利局牵头\n（二）做好乙\n5 ** 3"
    )


def test_stars_by_accident_stay() -> None:
    assert read(p(r("# 号楼")) + p(r("乙"))).text == "# 号楼\n乙"


def test_deeply_nested_tables_do_not_break_the_reader() -> None:
    body = p(r("底"))
    for _level in range(70):
        body = table(cell(body))
    assert read(body).text == "底"


def test_cell_alone_beside_merged_ones_stays_a_row_of_the_table() -> None:
    rows = (
        cell(p(r("1")), '<w:vMerge w:val="restart"/>') + cell(p(r("甲"))) + cell(p(r("县水利局"))),
        cell(p(""), "<w:vMerge/>") + cell(p(r("乙"))) + cell(p("")),
        cell(p(r("二、民生"))) + cell(p("")) + cell(p("")),
    )
    assert places(table(*rows)) == [("t1r1", "1\t甲\t县水利局"), ("t1r2", "\t乙\t"), ("t1r3c1", "二、民生")]

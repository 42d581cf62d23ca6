"""Reading workbooks and tables kept as text: every sheet as it is shown, each cell in its place."""

import io
import time
import zipfile
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from luoshi.papers.cell_formats import show_number
from luoshi.papers.facts import Limits, Paper
from luoshi.papers.reading import UnreadablePaper, read_paper
from tests.factories.books import xls

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(*sheets: dict[str, Any], hidden: int | None = None, merged: tuple[str, ...] = ()) -> bytes:
    """A workbook; a sheet is {"B2": value} or {"B2": (value, format)}."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as made:
        for number, cells in enumerate(sheets):
            sheet = made.add_worksheet()
            if number == hidden:
                sheet.hide()
            for place in merged:
                sheet.merge_range(place, "")
            for place, value in cells.items():
                given, code = value if isinstance(value, tuple) else (value, "")
                sheet.write(place, given, made.add_format({"num_format": code}) if code else None)
    return data.getvalue()


def raw(sheet: str, *, strings: str = "", name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook of one sheet written by hand."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        packed.writestr("xl/_rels/workbook.xml.rels", f'<a><Relationship Id="r1" Target="/{name}"/></a>')
        packed.writestr(name, f'<worksheet xmlns="{S}">{sheet}</worksheet>')
        packed.writestr("xl/sharedStrings.xml", f'<sst xmlns="{S}">{strings}</sst>')
    return data.getvalue()


def read(data: bytes, name: str = "x.xlsx") -> list[tuple[str, str]]:
    return [(p.source, p.text) for p in read_paper(data, name=name).paragraphs]


def refused(data: bytes, name: str = "x.xlsx", limits: Limits | None = None) -> str:
    with pytest.raises(UnreadablePaper) as caught:
        read_paper(data, name=name, limits=limits or Limits())
    return caught.value.code


def test_sheet_is_read_row_by_row_with_titles_and_merged_cells_in_place() -> None:
    cells = {
        "A1": "任务分解表",
        "A2": "序号",
        "B2": "任务",
        "C2": "牵头单位",
        "A3": 1,
        "B3": "甲\n乙",
        "C3": "县水利局、\n县财政局",
    }
    data = book(cells | {"B4": "丙"}, merged=("A1:C1", "A3:A4", "C3:C4"))
    assert read(data) == [
        ("s1r1c1", "任务分解表"),
        ("s1r2", "序号\t任务\t牵头单位"),
        ("s1r3", "1\t甲 乙\t县水利局、 县财政局"),
        ("s1r4", "\t丙\t"),
    ]


def test_words_under_a_merged_cell_are_not_read() -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row></sheetData>'
    assert read(raw(sheet + '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')) == [("s1r1", "1\t\t3")]


def test_place_of_a_character_is_its_cell() -> None:
    paper = read_paper(book({"B2": "甲", "D2": "县水利局"}), name="x.xlsx")
    assert paper.source_at(paper.text.index("水利")) == "s1r2c4"


def test_hidden_and_empty_sheets_are_left_out() -> None:
    assert read(book({"A1": "甲"}, {"A1": "藏"}, {}, {"A5": "乙"}, hidden=1)) == [("s1r1c1", "甲"), ("s2r5c1", "乙")]


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (3.0, "", "3"),
        (0.1 + 0.2, "", "0.3"),
        (0.855, "0.0%", "85.5%"),
        (0.85, "0%", "85%"),
        (12345.5, "#,##0.00", "12345.50"),
        (42.6, '0.0"万亩"', "42.6万亩"),
        (7, "000", "007"),
        (-2.5, "0.0;[Red]-0.0", "-2.5"),
        (1e-7, "", "0.0000001"),
        (5, '"第"0"批"', "第5批"),
        (0.5, "# ?/?", "0.5"),
        (datetime(2026, 6, 30), "yyyy-mm-dd", "2026年6月30日"),
        (datetime(2026, 6, 30), '[$-804]yyyy"年"m"月"d"日";@', "2026年6月30日"),
        (datetime(2026, 6, 30), 'm"月"d"日"', "2026年6月30日"),
        (datetime(2026, 6, 30), 'yyyy"年"m"月"', "2026年6月"),
        (datetime(2026, 6, 30, 9, 30), "yyyy/m/d h:mm", "2026年6月30日 09:30"),
        (True, "", "TRUE"),
    ],
)
def test_number_is_read_as_its_cell_shows_it(value: object, code: str, shown: str) -> None:
    cell = (value, code) if code else value
    data = book({"A1": "x"})
    if isinstance(value, datetime):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as made:
            made.add_worksheet().write_datetime("A1", value, made.add_format({"num_format": code}))
        data = buffer.getvalue()
    else:
        data = book({"A1": cell})
    assert read(data) == [("s1r1c1", shown)]


def test_dates_of_the_other_epoch_and_numbers_that_are_no_dates() -> None:
    assert show_number("44741", "yyyy-m-d", since_1904=True) == "2026年6月30日"
    assert show_number("99999999", "yyyy-m-d") == "99999999"
    assert show_number("0.5", "h:mm") == "12:00"
    assert show_number("nonsense", "0") == "nonsense"


def test_strings_of_every_form_are_read() -> None:
    strings = "<si><r><t>甲</t></r><r><t>乙</t></r><rPh><t>yi</t></rPh></si><si><t>a_x000D_\nb</t></si>"
    cells = (
        '<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>丙</t></is></c>'
        '<c t="str"><f>A1</f><v>丁</v></c><c t="e"><v>#REF!</v></c><c t="s"><v>99</v></c><c t="b"><v>0</v></c>'
    )
    assert read(raw(f"<sheetData><row>{cells}</row></sheetData>", strings=strings)) == [
        ("s1r1", "甲乙\ta b\t丙\t丁\t\t\tFALSE")
    ]


def test_old_workbook_is_read_in_the_same_way() -> None:
    sheets = {
        "任务": {(0, 0): "分工表", (1, 1): "任务", (1, 2): "单位", (2, 1): "甲\n乙", (2, 2): 3.0},
        "藏": {(0, 0): "藏"},
        "二": {(4, 2): "尾"},
    }
    data = xls(sheets, hidden=frozenset({"藏"}))
    expected = [("s1r1c1", "分工表"), ("s1r2", "\t任务\t单位"), ("s1r3", "\t甲 乙\t3"), ("s2r5c3", "尾")]
    assert read(data, "x.xls") == expected
    assert read(data, "x.et") == expected


def csv_paper(text: str, encoding: str = "utf-8", name: str = "x.csv") -> Paper:
    return read_paper(text.encode(encoding), name=name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_table_kept_as_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    paper = csv_paper('序号,任务\n1,"甲\n乙"\n\n任务清单,\n', encoding)
    assert [(p.source, p.text) for p in paper.paragraphs] == [
        ("s1r1", "序号\t任务"),
        ("s1r2", "1\t甲 乙"),
        ("s1r4c1", "任务清单"),
    ]
    assert paper.kind == "csv"


@pytest.mark.parametrize("sign", [",", "\t", ";", "，", "|"])
def test_sign_between_the_cells_is_found(sign: str) -> None:
    assert csv_paper(f"标题\n序号{sign}任务{sign}单位\n1{sign}甲{sign}县水利局\n").text.endswith("1\t甲\t县水利局")


def test_cell_that_was_kept_from_being_a_formula_is_as_it_was() -> None:
    assert csv_paper("'=甲,'-5,'引'\n").text == "=甲\t-5\t'引'"


def test_table_named_as_a_workbook_is_read_as_the_page_or_text_that_it_is() -> None:
    page = "<html><table><tr><td>1</td><td>甲</td></tr><tr><td>2</td><td>乙</td></tr></table></html>"
    assert read(page.encode("gb18030"), "x.xls") == [("t1r1", "1\t甲"), ("t1r2", "2\t乙")]
    assert read("1\t甲\n2\t乙\n".encode("gb18030"), "x.xls") == [("s1r1", "1\t甲"), ("s1r2", "2\t乙")]


def many(rows: int) -> str:
    return (
        "<sheetData>"
        + "".join(f"<row r='{i}'><c><v>{i * 7919 % 10007}</v></c></row>" for i in range(1, rows))
        + ("</sheetData>")
    )


LONG_ROW = "".join(f"<c><v>{i * 7919 % 10007}</v></c>" for i in range(300_000))


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ('<sheetData><row r="1048577"><c r="A1"><v>1</v></c></row></sheetData>', "too_large"),
        ('<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>', "too_large"),
        (many(70_000), "too_large"),
        (f"<sheetData><row>{LONG_ROW}</row></sheetData>", "too_large"),
        ("<sheetData><row>", "broken"),
        ("<sheetData></sheetData>", "no_text"),
    ],
    ids=["row", "column", "rows", "cells in a row", "truncated", "empty"],
)  # fmt: skip
def test_sheet_beyond_the_bounds_is_refused_soon(sheet: str, code: str) -> None:
    begun = time.process_time()
    assert refused(raw(sheet)) == code
    assert time.process_time() - begun < 10


def test_dimension_that_lies_costs_nothing() -> None:
    sheet = '<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    begun = time.process_time()
    assert read(raw(sheet + '<mergeCells><mergeCell ref="B1:XFD1048576"/></mergeCells>')) == [("s1r1048576", "1")]
    assert refused(raw(sheet + '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')) == "no_text"
    assert time.process_time() - begun < 5


def test_words_that_many_cells_share_are_counted_each_time() -> None:
    cells = "<sheetData>" + '<row><c t="s"><v>0</v></c></row>' * 2000 + "</sheetData>"
    assert refused(raw(cells, strings=f"<si><t>{'文' * 20_000}</t></si>")) == "too_large"


def test_entities_of_a_sheet_are_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw("<a/>"))) as given, zipfile.ZipFile(data, "w") as packed:
        for name in given.namelist():
            unsafe = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' if "sheet1" in name else b""
            packed.writestr(name, unsafe + given.read(name))
    assert refused(data.getvalue()) == "unsafe"


def test_old_workbook_whose_cells_span_a_huge_grid_is_refused_before_the_grid_is_made() -> None:
    begun = time.process_time()
    assert refused(xls({f"s{i}": {(0, 0): "a", (65535, 255): "b"} for i in range(9)}), "x.xls") == "too_large"
    assert time.process_time() - begun < 2
    data = xls({"a": {(0, 0): "a"}})
    assert refused(data[:600], "x.xls") == "broken"


def test_cell_alone_beside_merged_ones_stays_a_row_of_the_table() -> None:
    paper = csv_paper("分工表,,\n1,甲,县水利局\n,乙,\n")
    assert [(p.source, p.text) for p in paper.paragraphs] == [
        ("s1r1c1", "分工表"),
        ("s1r2", "1\t甲\t县水利局"),
        ("s1r3", "\t乙\t"),
    ]

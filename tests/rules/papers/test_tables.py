"""Tables are read within bounds and written so that no cell runs."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from luoshi.papers.tables import TableLimits, TableRow, UnreadableTable, read_table, write_csv, write_xlsx

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "http://example.org"]


def test_written_text_is_never_a_formula() -> None:
    data = write_xlsx([("表", [["标题"], *[[text] for text in FORMULAS]], [20])])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [(cell.value, cell.data_type) for cell in sheet["A"][1:]] == [(text, "s") for text in FORMULAS]
    assert all(cell.hyperlink is None for cell in sheet["A"])


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_what_is_written_reads_back(name: str) -> None:
    rows = [["代码", "名称"], ["001", "甲,“乙”\n丙"], *[[text, "x"] for text in FORMULAS]]
    data = write_xlsx([("表", rows, [])]) if name == "a.xlsx" else "".join(write_csv(rows)).encode()
    assert [list(row.cells) for row in read_table(data, name=name)] == rows


def test_row_numbers_are_the_sheets_own() -> None:
    data = write_xlsx([("表", [[], [], ["a"], [], ["b"]], [])])
    assert read_table(data, name="a.xlsx") == [TableRow(3, ("a",)), TableRow(5, ("b",))]
    assert [row.number for row in read_table(b"\n\na\n\nb\n", name="a.csv")] == [3, 5]


def refused(data: bytes, name: str = "a.xlsx", **limits: int) -> str:
    with pytest.raises(UnreadableTable) as caught:
        read_table(data, name=name, limits=TableLimits(**limits))
    return caught.value.code


def test_damaged_foreign_and_empty_files_are_refused() -> None:
    good = write_xlsx([("表", [["a"]], [])])
    assert refused(b"") == "empty"
    assert refused(good[: len(good) // 2]) == "damaged"
    assert refused(b"\x00" * 100) == "damaged"
    assert refused(b"\xff\xfe\x00\x01", "a.csv") == "not_a_table"
    assert refused(good, "a.exe") == "not_a_table"
    assert refused(write_xlsx([("表", [], [])])) == "empty"


def test_too_large_tables_are_refused_before_they_are_unpacked() -> None:
    data = write_xlsx([("表", [["x" * 1000]] * 50, [])])
    assert refused(data, size=100) == "too_large"
    assert refused(data, expanded=1000) == "too_large"
    assert refused(data, rows=49) == "too_many"
    assert refused(b"a\n" * 50, "a.csv", rows=49) == "too_many"
    assert refused(b"a," * 100, "a.csv", columns=60) == "too_many"


def _with_sheet(xml: str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(write_xlsx([("表", [["a"]], [])])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            content = source.read(entry)
            archive.writestr(entry.filename, xml if entry.filename == "xl/worksheets/sheet1.xml" else content)
    return target.getvalue()


@pytest.mark.parametrize("corner", ["XFD1048576", "A1048576", "ZZ2"])
def test_one_cell_far_out_does_not_make_a_huge_grid(corner: str) -> None:
    xml = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="{corner}"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )
    assert refused(_with_sheet(xml)) == "too_many"


def test_one_long_text_repeated_does_not_fill_the_memory() -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for row in range(200):
        sheet.write_row(row, 0, ["甲" * 30000] * 50)
    book.close()
    assert len(file.getvalue()) < 100_000
    assert refused(file.getvalue()) == "too_large"

"""The ledger taken out, edited in a spreadsheet and brought back, as the county office does it; paper out of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.pages.test_pages import WIDTHS, assert_whole

SHEET = re.compile(rb"/MediaBox\s*\[\s*0 0 (\d+)(?:\.\d+)? (\d+)")
NEW = "开展岁末年初安全检查"


def take_out(page: Page, folder: Path) -> Path:
    page.goto("/ledger/workbooks/")
    with page.expect_download() as waited:
        page.get_by_role("link", name="在办任务（可改）").click()
    kept = folder / "台账.xlsx"
    waited.value.save_as(kept)
    return kept


def bring_back(page: Page, file: Path) -> None:
    page.goto("/ledger/workbooks/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="比对").click()
    page.wait_for_url(re.compile(r"/ledger/workbooks/\d+/"))
    expect(page.locator("#wait")).to_have_count(0, timeout=30_000)


def write(file: Path, *, due: str) -> int:
    """Make a task more important and add one at the end; the number of its row."""
    book: Any = load_workbook(file)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, at["任务"]).value == "落实河湖长制")
    sheet.cell(row, at["重要程度"]).value = "重点"
    last = max(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, at["任务"]).value)
    words = {"任务": NEW, "级次": 1, "牵头": "县应急局", "时限": due}
    for heading, value in words.items():
        sheet.cell(last + 1, at[heading]).value = value
    book.save(file)
    return last + 1


def look(page: Page, axe: Callable[[Page], list[str]]) -> None:
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert_whole(page)
        assert axe(page) == []


def test_office_edits_offline_is_told_of_its_slip_and_imports(
    sign_in: Callable[..., Page], axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    page = sign_in("office")
    file = take_out(page, tmp_path)
    row = write(file, due="明年初")
    bring_back(page, file)
    slip = page.locator("tr.row-error")
    expect(slip).to_have_count(1)
    expect(slip.locator(".row-number")).to_have_text(str(row))
    expect(slip).to_contain_text("时限 “明年初” 不是日期")
    expect(page.get_by_role("button", name="全部导入")).to_have_count(0)
    look(page, axe)
    write(file, due="2027年1月20日")
    load: Any = load_workbook(file)
    load.worksheets[0].delete_rows(row)
    load.save(file)
    bring_back(page, file)
    expect(page.locator("tr.row-changed")).to_contain_text("重点")
    look(page, axe)
    page.get_by_role("button", name="全部导入").click()
    expect(page.locator("main")).to_contain_text("新增1项，修改1项，移动0项")
    look(page, axe)
    page.goto(f"/ledger/?q={NEW}&state=all")
    expect(page.locator("main")).to_contain_text(NEW)


@pytest.mark.parametrize(
    ("path", "size"),
    [("/ledger/", (841, 594)), ("/ledger/?tree=1", (841, 594)), ("/ledger/workbooks/{workbook}/", (594, 841))],
)
def test_pages_print_on_a4_with_nothing_cut_off(
    path: str, size: tuple[int, int], sign_in: Callable[..., Page], landmarks: dict[str, int]
) -> None:
    page = sign_in("office")
    page.goto(path.format(**landmarks), wait_until="networkidle")
    sheet = page.pdf(prefer_css_page_size=True)
    assert {(int(wide), int(high)) for wide, high in SHEET.findall(sheet)} == {size}
    page.emulate_media(media="print")
    page.set_viewport_size({"width": size[0] * 4 // 3 - 76, "height": 600})
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{wide} px wide on a sheet of {seen} px"

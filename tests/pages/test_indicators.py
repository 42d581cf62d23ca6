"""城镇新增就业 divided among fourteen townships by population, one adapted, and read for two months, in a real browser.

Every figure on the screen is held to employment.csv, which was worked out by hand and says how.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pages.conftest import ROOT, Server, environment
from tests.pages.townships import BROWSER, read_sheet

TODAY = date.today()
FIRST, SECOND = (f"{TODAY.year}-{month:02d}" for month in (TODAY.month - 1, TODAY.month))
DUE, EARLIER = TODAY + timedelta(days=120), TODAY + timedelta(days=20)
TITLE = "城镇新增就业三千二百人"
LEAD = "县人力资源和社会保障局"
NOT_REPORTED = "未报"
*PARTS, SUM = read_sheet()
OWN = next(row for row in PARTS if row["code"] == BROWSER)
REASON = "辖区两家服装厂外迁，上年新增就业本就少12人，请核减为240人。"

SignIn = Callable[..., Page]
pytestmark = pytest.mark.skipif(TODAY.month == 1, reason="its year has only one month yet")


def test_hand_worked_sheet_agrees_with_itself() -> None:
    for column in ("population", "target", "agreed", "first", "second"):
        assert sum(int(row[column] or 0) for row in PARTS) == int(SUM[column])
    assert [row["code"] for row in PARTS if row["second"] == "0"] == [BROWSER]
    assert [row["code"] for row in PARTS if not row["second"]] == ["QH-T12"]


def test_employment_is_divided_adapted_and_rolls_up_as_worked_out_by_hand(server: Server, sign_in: SignIn) -> None:
    office, lead, town = sign_in("office"), sign_in("wang.jihong"), sign_in("townclerk")
    task = ask_for_it(office)
    define(office, task)
    acknowledge(lead, task)
    divide_by_population(lead, task)
    guard_catches_one_who_raises_and_advances(lead)
    give_down(lead)
    part = object_to(town, task)
    accept(lead, part)
    acknowledge(town, part)
    others(server, task)
    report(town, FIRST, OWN["first"])
    report(town, SECOND, OWN["second"])
    board = open_board(office, task)
    see_figures(office)
    see_leaf(office, board)
    confirm_and_lock(lead, board)
    see_locked(town)
    checked = server.run("journal", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    drift = server.run("progress", "recompute", "--check")
    assert drift.returncode == 0, drift.stdout + drift.stderr


def press(page: Page, selector: str = ".btn-primary") -> None:
    with page.expect_navigation():
        page.locator(f"main {selector}:visible").first.click()


def ask_for_it(office: Page) -> int:
    """A task with a number, written by the supervision office and dispatched."""
    office.goto("/tasks/new/")
    words = {"title": TITLE, "requirement": "全年城镇新增就业3200人以上。", "standard": "以社保参保比对为准。"}
    figures = {"target_value": "3200", "target_unit": "人", "due_date": DUE.isoformat(), "duties-0-name": LEAD}
    for name, value in (words | figures).items():
        office.fill(f"[name={name}]", value)
    office.select_option("[name=kind]", "hard_target")
    office.select_option("[name=target_op]", ">=")
    office.select_option("[name=cadence]", "monthly")
    press(office)
    task = int(re.findall(r"/tasks/(\d+)/", office.url)[0])
    office.goto(f"/tasks/{task}/dispatch/")
    press(office)
    return task


def define(office: Page, task: int) -> None:
    """The indicator, its path laid out evenly: the example on the page changes with the operators."""
    office.goto(f"/tasks/{task}/indicators/new/")
    office.fill("[name=name]", "城镇新增就业")
    office.select_option("[name=over_units]", "ratio")
    expect(office.locator("#example")).to_contain_text("(60 + 20 + 20) ÷ (150 + 60 + 60) = 37.04")
    office.select_option("[name=over_units]", "sum")
    expect(office.locator("#example")).to_contain_text("60 + 20 + 20 = 100")
    expect(office.locator("[name=target]")).to_have_value("3200")
    press(office)
    expect(office.locator(f"[name='{TODAY.year}-12-value']")).to_have_value("3200")
    press(office, "[name=save]")


def acknowledge(page: Page, task: int) -> None:
    page.goto(f"/tasks/{task}/")
    page.get_by_role("button", name="签收").click()
    expect(page.locator("main")).to_contain_text("已签收")


def divide_by_population(lead: Page, task: int) -> None:
    """All townships, by population: each target as worked out by hand."""
    lead.goto(f"/tasks/{task}/cascade/")
    lead.get_by_role("button", name="全部乡镇").click()
    lead.select_option("[name=divide]", "base")
    lead.select_option("[name=figure]", "户籍人口")
    press(lead, "[name=work]")
    for row in PARTS:
        expect(target_of(lead, row["unit"])).to_have_value(row["target"])


def target_of(page: Page, unit: str) -> Locator:
    return line_of(page, unit).locator("[name$=target_value]")


def line_of(page: Page, unit: str) -> Locator:
    return page.locator("table.parts tbody tr", has=page.get_by_role("rowheader", name=unit))


def guard_catches_one_who_raises_and_advances(lead: Page) -> None:
    """A township given 600 instead of 232, and twenty days instead of 120: not without a reason."""
    line = line_of(lead, "丰乐镇")
    due, target = line.locator("[name$=due_date]"), line.locator("[name$=target_value]")
    asked = target.input_value()
    target.fill("600")
    due.fill(EARLIER.isoformat())
    press(lead, "[name=confirm]")
    expect(lead.locator("main")).to_contain_text("加码")
    expect(lead).to_have_url(re.compile(r"/cascade/$"))
    target_of(lead, "丰乐镇").fill(asked)
    line_of(lead, "丰乐镇").locator("[name$=due_date]").fill("")


def give_down(lead: Page) -> None:
    press(lead, "[name=confirm]")
    expect(lead.locator(".note-success")).to_contain_text("14")


def object_to(town: Page, task: int) -> int:
    """柳河镇 proposes fewer, with its reason."""
    town.goto(f"/ledger/?q={TITLE}")
    town.locator("a.task-link", has_text=TITLE).first.click()
    part = int(re.findall(r"/tasks/(\d+)/", town.url)[0])
    assert part != task
    town.goto(f"/tasks/{part}/adapt/")
    town.fill("[name=target_value]", OWN["agreed"])
    town.fill("[name=reason]", REASON)
    press(town)
    return part


def accept(lead: Page, part: int) -> None:
    """Who decides sees what is left undistributed; both versions stay to be seen."""
    lead.goto("/")
    lead.goto(f"/tasks/{part}/")
    lead.locator("main a[href^='/tasks/adaptations/']").first.click()
    expect(lead.locator("main")).to_contain_text(str(int(SUM["target"]) - int(SUM["agreed"])))
    lead.check("[name=decision][value=accept]")
    lead.fill("[name=answer]", "同意，差额由县级统筹。")
    press(lead)
    expect(lead.locator("main")).to_contain_text(REASON)


def others(server: Server, task: int) -> None:
    """The thirteen other townships take their parts and give both months, one of them only the first."""
    asked = [sys.executable, "-m", "tests.pages.townships", str(task), FIRST, SECOND]
    done = subprocess.run(asked, env=environment(server.var), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def report(town: Page, month: str, value: str) -> None:
    """One line of the unit's sheet, from the keyboard."""
    town.goto(f"/indicators/readings/?month={month}")
    line = town.locator("tr", has_text=TITLE)
    expect(line).to_contain_text(NOT_REPORTED)
    line.locator("[name$=-value]").fill(value)
    line.locator("[name$=-source]").fill("参保比对")
    press(town)
    expect(town.locator("tr", has_text=TITLE)).not_to_contain_text(NOT_REPORTED)


def open_board(office: Page, task: int) -> str:
    """From the task's page, where the same number stands."""
    office.goto(f"/tasks/{task}/")
    card = office.locator("section", has=office.locator("#h-indicators"))
    expect(card).to_contain_text(f"{int(SUM['first']) + int(SUM['second'])}")
    expect(card).to_contain_text("应反馈14家，已反馈13家")
    card.get_by_role("link", name="城镇新增就业").click()
    office.wait_for_url("**/indicators/*/")
    return office.url


def cells(page: Page, row: Locator) -> dict[str, str]:
    """What stands in a row of the board in the columns of name, sum and target and of the two months."""
    words = [" ".join(cell.split()) for cell in row.locator("th, td").all_inner_texts()]
    return {
        "name": words[0], "sum": words[1], "target": words[2], FIRST: words[TODAY.month + 1],
        SECOND: words[TODAY.month + 2],
    }  # fmt: skip


def see_figures(office: Page) -> None:
    """Part by part and in the whole: a zero is 0, the missing one is said to be missing."""
    for row in PARTS:
        line = office.locator(".board tbody tr", has=office.get_by_role("rowheader", name=row["unit"]))
        assert cells(office, line) == {
            "name": row["unit"], "sum": f"{int(row['first']) + int(row['second'] or 0)}", "target": row["agreed"],
            FIRST: row["first"], SECOND: row["second"] or NOT_REPORTED,
        }, row["arithmetic"]  # fmt: skip
    total, second = int(SUM["first"]) + int(SUM["second"]), SUM["second"]
    whole = cells(office, office.locator("#row-value"))
    assert (whole[FIRST], whole[SECOND]) == (f"{SUM['first']} 已报14/14家", f"{second} 已报13/14家")
    assert cells(office, office.locator("#row-to-date"))[SECOND] == str(total)
    path = 267 * min(TODAY.month, 8) + 266 * max(0, TODAY.month - 8)  # 3200 = 8 × 267 + 4 × 266
    assert cells(office, office.locator("#row-target"))[SECOND] == f"{path:,}"
    assert cells(office, office.locator("#row-gap"))[SECOND] == f"落后 {path - total:,}"
    parts = cells(office, office.locator("#row-parts"))["target"]
    assert parts == f"{int(SUM['agreed']):,} 缺口{int(SUM['target']) - int(SUM['agreed'])}"
    expect(office.locator("#coverage")).to_contain_text("未报：高岭乡")


def see_leaf(office: Page, board: str) -> None:
    """A number opens who gave it, and the crumbs lead back."""
    office.locator(".board tbody").get_by_role("link", name=OWN["unit"]).click()
    office.wait_for_url(re.compile(r"/indicators/\d+/$"))
    expect(office.locator("main")).to_contain_text("参保比对")
    office.locator(".crumbs a").last.click()
    office.wait_for_url(board)


def confirm_and_lock(lead: Page, board: str) -> None:
    lead.goto(f"{board}confirm/?period={SECOND}")
    expect(lead.locator("main")).to_contain_text("1 家未报，按未报处理，不当作零")
    press(lead)
    expect(lead.locator(".note-success")).to_be_visible()
    expect(lead.locator("aside")).to_contain_text("已确认锁定至")


def see_locked(town: Page) -> None:
    town.goto(f"/indicators/readings/?month={SECOND}")
    line = town.locator("tr", has_text=TITLE)
    expect(line).to_contain_text("上级已确认")
    expect(line.locator("input")).to_have_count(0)

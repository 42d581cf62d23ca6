"""The whole loop in a real browser: a paper goes in as a Word file, six people do their parts, and a task is closed."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from luoshi.demo import county
from luoshi.demo.docx import write_docx
from tests.pages.conftest import Server

GRAIN = "稳定粮食生产"
NO_DUTY = "锤炼务实过硬作风"
KNOWN, UNKNOWN = "县商务局牵头", "县消费提振办牵头"
DUE = (date.today() + timedelta(days=90)).isoformat()
RETURN_REASON = "两个村的面积没有测量记录，请补齐后再报。"

SignIn = Callable[..., Page]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """The demo county's directive as a Word file, with one unit that nobody has heard of."""
    text = county.paper("fengong.txt").decode("utf-8")
    assert KNOWN in text
    kept = tmp_path / "fengong.docx"
    kept.write_bytes(write_docx(text.replace(KNOWN, UNKNOWN)))
    return kept


def test_directive_travels_from_paper_to_closed_through_the_hands_of_five(
    server: Server, sign_in: SignIn, paper: Path
) -> None:
    office, leader = sign_in("office"), sign_in("leader")
    head, farm, town = sign_in("depthead"), sign_in("deptclerk"), sign_in("townclerk")
    directive = register(office, paper)
    review(office)
    opened = open_tasks(office)
    set_tier_and_dispatch(leader, directive)
    task = find_in_ledger(head, directive)
    acknowledge(head, task)
    set_milestones(farm, task)
    part = cascade_to_townships(head, task)
    acknowledge_from_the_needle(town, part)
    report(town, part, value="0", done="10月种子已备齐，尚未播种，0亩。")
    see_roll_up(leader, task, percent="0%", reported="应反馈14家，已反馈1家")
    report(town, part, value="3", done="11月20日前播种3万亩，逐村测量。")
    see_roll_up(leader, task, percent="100%", reported="应反馈14家，已反馈1家")
    submit(town, part, "播种面积逐村测量，共3万亩。")
    doer_may_not_verify(town, part)
    verify(farm, part, passed=False, opinion=RETURN_REASON)
    submit(town, part, "两个村的测量记录已补齐，共3万亩。", returned=RETURN_REASON)
    verify(farm, part, passed=True, opinion="现场核对两个村的记录，属实。")
    close(office, part)
    checked = server.run("journal", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert opened > 25


def press(page: Page, selector: str = ".btn-primary") -> None:
    """Click the one button of that kind in the page, and wait for the answer."""
    button = page.locator(f"main {selector}:visible")
    expect(button).to_have_count(1)
    with page.expect_navigation():
        button.click()


def register(office: Page, paper: Path) -> int:
    """Upload the Word file; it comes back as clauses and proposals."""
    office.goto("/directives/")
    press(office)
    office.set_input_files("input[type=file]", paper)
    press(office)
    office.wait_for_url(re.compile(r"/directives/\d+/$"))
    expect(office.locator("#proposals article")).to_have_count(37)
    return int(office.url.split("/")[-2])


def review(office: Page) -> None:
    """Name an unknown unit, take over what is sure, drop one, decide the others, correct one, cover every clause."""
    unknown = office.locator("#names fieldset", has_text=UNKNOWN.removesuffix("牵头"))
    unknown.locator("[name^=typed-]").fill("县发展和改革局")
    office.get_by_role("button", name="全文采用这些答案").click()
    expect(office.locator("#names")).to_have_count(0)
    office.locator("#finish form button", has_text="采纳确定的").click()
    expect(office.locator("#proposals article[data-state=accepted]").nth(9)).to_be_attached()
    waiting = office.locator("#proposals article[data-state=proposed]")
    waiting.filter(has_text=NO_DUTY).locator("[data-key=x]").click()
    expect(waiting.filter(has_text=NO_DUTY)).to_have_count(0)
    while count := waiting.count():
        waiting.first.locator("[data-key=a]").click()
        expect(waiting).to_have_count(count - 1)
    correct(office)
    office.locator(".uncovered button[value=rest]").click()
    expect(office.locator("#standing")).to_contain_text("未覆盖 0")


def correct(office: Page) -> None:
    """Give the grain task a date and a round target: an accepted proposal can still be edited."""
    card = office.locator("#proposals article", has_text=GRAIN)
    card.locator("[data-key=e]").click()
    form = office.locator(".proposal-editing")
    form.locator("[name=due_date]").fill(DUE)
    form.locator("[name=target-value]").first.fill("42")
    form.locator(".btn-primary").click()
    expect(card).to_contain_text(DUE)


def open_tasks(office: Page) -> int:
    """Confirm: only now are there tasks, and they wait as drafts."""
    press(office, "#finish .btn-primary")
    office.wait_for_url("**/tasks/drafts/**")
    expect(office.locator("main")).to_contain_text(GRAIN)
    return office.locator("[name=task]").count()


def set_tier_and_dispatch(leader: Page, directive: int) -> None:
    """The leader sets tier and sponsor of one draft and sends it out; the others stay."""
    leader.goto(f"/tasks/drafts/?directive={directive}")
    tick_only(leader, GRAIN)
    leader.locator(".bulk-edit summary").click()
    leader.locator("[name=tier]").select_option(label="重点")
    leader.locator("[name=sponsor]").select_option(label="贺明川")
    press(leader, ".bulk-edit .btn[formaction]")
    tick_only(leader, GRAIN)
    press(leader, ".bulk > .btn-primary")
    expect(leader.locator("main")).to_contain_text(GRAIN)
    press(leader)
    expect(leader.locator(".note-success")).to_be_visible()


def tick_only(page: Page, title: str) -> None:
    for box in page.locator("[name=task]").all():
        box.set_checked(box.get_attribute("aria-label") == title)


def find_in_ledger(page: Page, directive: int) -> str:
    """The task's address, found where its lead looks for it."""
    page.goto(f"/ledger/?directive={directive}&q={GRAIN}")
    link = page.locator("a.task-link", has_text=GRAIN)
    expect(link).to_have_count(1)
    return str(link.get_attribute("href"))


def acknowledge(page: Page, task: str) -> None:
    page.goto(task)
    press(page)
    expect(page.locator("main")).to_contain_text("已签收")


def set_milestones(page: Page, task: str) -> None:
    """A straight path by quarter, filled by the program and kept."""
    page.goto(f"{task}milestones/")
    press(page, "[name=fill]")
    expect(page.locator("[name=m-0-percent]")).not_to_have_value("")
    press(page)


def cascade_to_townships(page: Page, task: str) -> str:
    """One task becomes fourteen, each with its own share; gives the address of one of them."""
    page.goto(f"{task}cascade/")
    page.get_by_role("button", name="全部乡镇").click()
    page.locator("[name=divide]").select_option("even")
    page.locator("[name=work]").click()
    expect(page.locator("[name$=target_value]").first).to_have_value("3")
    press(page, "[name=confirm]")
    page.goto(task)
    expect(page.locator("#under")).to_contain_text("14")
    return str(page.locator("tr", has_text="柳河镇").locator("a.task-link").get_attribute("href"))


def acknowledge_from_the_needle(page: Page, part: str) -> None:
    """The township's clerk is shown it in the one list, and takes it on from there."""
    page.goto("/")
    row = page.locator(".needle-row", has=page.locator(f"a.task-link[href='{part}']"))
    expect(row).to_contain_text("县农业农村局交办")
    with page.expect_navigation():
        row.get_by_role("button", name="签收").click()


def report(page: Page, part: str, *, value: str, done: str) -> None:
    page.goto(part)
    press(page)
    page.fill("[name=value]", value)
    page.fill("[name=percent]", "")
    page.fill("[name=done]", done)
    press(page)
    if page.locator("[name=seen]").count():
        press(page)
    page.wait_for_url(f"**{part}")
    expect(page.locator("main")).to_contain_text(done)


def see_roll_up(page: Page, task: str, *, percent: str, reported: str) -> None:
    page.goto(task)
    stands = page.locator("section", has=page.locator("#h-stands"))
    expect(stands.locator(".bar-figure")).to_have_text(percent)
    expect(stands).to_contain_text(reported)
    expect(stands.locator(".light")).to_be_visible()


def submit(page: Page, part: str, result: str, *, returned: str = "") -> None:
    page.goto(part)
    expect(page.locator("main")).to_contain_text(returned)
    page.goto(f"{part}submit/")
    page.fill("[name=result]", result)
    press(page)
    expect(page.locator("main")).to_contain_text(result)


def doer_may_not_verify(page: Page, part: str) -> None:
    answer = page.goto(f"{part}verify/")
    assert answer is not None
    assert answer.status == 403


def verify(page: Page, part: str, *, passed: bool, opinion: str) -> None:
    page.goto(part)
    press(page)
    page.check(f"[name=result][value={'passed' if passed else 'returned'}]")
    page.fill("[name=opinion]", opinion)
    press(page)
    expect(page.locator("main")).to_contain_text("办结" if passed else "退回")


def close(office: Page, part: str) -> None:
    office.goto("/supervision/?tab=close")
    office.locator(f"a[href='{part}close/']").click()
    press(office)
    office.goto(part)
    expect(office.locator("main")).to_contain_text("销号")

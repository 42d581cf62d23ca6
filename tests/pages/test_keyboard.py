"""A day's work by keyboard alone: no click, no field reached but by tabbing to it."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.pages.conftest import PASSWORD, PATIENCE, Server

TABS = 400  # more stops than any page has
STEPS = (  # a key, what it does to the number that wait, and where it leaves the reader
    ("a", -1, "proposed"), ("i", -1, "proposed"), ("x", -1, "proposed"), ("k", 0, "dropped"), ("u", +1, "proposed"),
    ("j", 0, "proposed"), ("k", 0, "proposed"),
)  # fmt: skip


def reach(page: Page, selector: str, *, text: str = "") -> None:
    """Press Tab until the focused element is the one meant."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate(
            "([s, t]) => { const e = document.activeElement; return e.matches(s) && e.innerText.includes(t) }",
            [selector, text],
        ):
            return
    raise AssertionError(f"no way by keyboard to {selector} {text} on {page.url}")


def enter(page: Page, selector: str, *, text: str = "") -> None:
    """Reach a link or button and press Enter, which leads to another page."""
    reach(page, selector, text=text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, selector: str, words: str) -> None:
    """Reach a field and type over what it holds."""
    reach(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(words)


def sign_in_by_keys(page: Page, username: str) -> None:
    page.goto("/")
    page.wait_for_selector("[name=login]")
    page.evaluate("document.activeElement.blur()")
    type_into(page, "[name=login]", username)
    type_into(page, "[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("nav.loop")


def new_page(chromium: Browser, server: Server) -> Page:
    page = chromium.new_context(base_url=server.url, locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE)
    return page


def test_review_is_finished_by_keyboard_alone(server: Server, chromium: Browser) -> None:
    page = new_page(chromium, server)
    sign_in_by_keys(page, "office")
    enter(page, "nav.loop a", text="文件")
    enter(page, "main a", text="常务会议纪要")
    waiting = page.locator("#proposals article[data-state=proposed]")
    left = waiting.count()
    assert left >= 4
    current = page.locator("#proposals article.current")
    for key, left_by_it, lands_on in STEPS:
        page.keyboard.press(key)
        left += left_by_it
        expect(waiting).to_have_count(left)
        expect(current).to_have_attribute("data-state", lands_on)
    edit_by_keys(page, "提出2027年度重点项目安排")
    while left:
        expect(current).to_have_attribute("data-state", "proposed")
        page.keyboard.press("a")
        left -= 1
        expect(waiting).to_have_count(left)
    enter(page, "#finish .btn-primary", text="立项")
    expect(page).to_have_url(re.compile("/tasks/drafts/"))
    expect(page.locator("main")).to_contain_text("提出2027年度重点项目安排")


def edit_by_keys(page: Page, title: str) -> None:
    """Open the current proposal's form, where the first field has the focus already; save with Enter."""
    page.keyboard.press("e")
    expect(page.locator(".proposal-editing [name=title]")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(title)
    page.keyboard.press("Enter")
    expect(page.locator("#proposals article.current h3, #proposals article.current h2")).to_have_text(title)


def test_progress_is_reported_and_submitted_by_keyboard_alone(server: Server, chromium: Browser) -> None:
    page = new_page(chromium, server)
    sign_in_by_keys(page, "townclerk")
    enter(page, ".needle-row a.btn", text="反馈进展")
    words = "11月23日，3个村已完工，台账逐户核对。"
    type_into(page, "[name=done]", words)
    enter(page, "main .btn-primary")
    if page.locator("[name=seen]").count():
        enter(page, "main .btn-primary")
    expect(page.locator("main")).to_contain_text(words)
    reach(page, "details.menu summary", text="其他操作")
    page.keyboard.press("Enter")
    enter(page, ".menu-body *", text="申请办结")
    type_into(page, "[name=result]", "已全部完工，验收单在镇党政办。")
    enter(page, "main .btn-primary")
    expect(page.locator("main")).to_contain_text("已全部完工")

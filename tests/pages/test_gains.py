"""What a reader gains: a revised list is compared, updates its tasks, and one demand is answered by a task there is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser
REVISION = "整改任务清单（修订）"
Enter = Callable[..., Page]
Axe = Callable[[Page], list[str]]


def open_revision(page: Page) -> None:
    page.goto("/directives/")
    page.get_by_role("link", name=re.compile(REVISION)).first.click()
    page.wait_for_selector(".asked-row")


def card(page: Page, title: str) -> Locator:
    return page.locator("#proposals article", has=page.locator("h2", has_text=title))


@pytest.mark.parametrize("width", [1366, 390])
def test_revision_shows_what_it_asks_repeats_and_changes(sign_in: Enter, axe: Axe, width: int) -> None:
    page = sign_in("office", width=width)
    open_revision(page)
    expect(page.locator(".burden-note")).to_contain_text("每月25日前报送整改进展情况")
    water = card(page, "乡镇污水处理设施运行不正常")
    expect(water.locator(".asked-row").first).to_contain_text("8套")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="逐条比对").click()
    page.wait_for_selector(".touched")
    expect(page.locator(".versions ins", has_text="11").first).to_be_visible()
    expect(page.locator(".touched")).not_to_have_count(0)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_one_key_answers_a_demand_by_its_task_and_one_click_updates_the_rest(sign_in: Enter) -> None:
    page = sign_in("office")
    open_revision(page)
    repeated = card(page, "城区雨污混流和易涝点")
    repeated.click(position={"x": 4, "y": 4})
    repeated.focus()
    page.keyboard.press("r")
    expect(repeated).to_have_attribute("data-state", "adopted")
    expect(repeated.locator(".asked")).to_contain_text("由已有任务承接")
    page.get_by_role("link", name="逐条比对").click()
    page.get_by_role("button", name=re.compile("由新条款更新")).click()
    page.wait_for_url(re.compile(r"/directives/\d+/$"))
    waiting = page.locator("#proposals article[data-state=proposed]")
    while count := waiting.count():
        waiting.first.locator("[data-key=x]").click()
        expect(waiting).to_have_count(count - 1)
    page.locator("#finish button", has_text="确认并立项 0 项").click()
    expect(page.locator("main")).to_contain_text("引用已有任务")
    card(page, "城区雨污混流和易涝点").locator(".asked a").first.click()
    expect(page.locator("[aria-labelledby=h-also]")).to_contain_text("18公里")

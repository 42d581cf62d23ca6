"""Every page: accessible, whole on a phone and on the desktop, titled, quiet in the console, in two languages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.conftest import PASSWORD, PATIENCE, Server
from tests.pages.places import PLACES, Place

WIDTHS = {1366: 768, 390: 844}
SHEET = "单位代码,单位名称,层级,上级单位代码\nQH-XXX,青禾县新设局,部门,QH\nQH-YYY,,部门,没有\n"
HAN = re.compile(r"[\u4e00-\u9fff]")
A3 = re.compile(rb"/MediaBox\s*\[\s*0 0 (\d+)(?:\.\d+)? (\d+)")

Axe = Callable[[Page], list[str]]


@dataclass
class Visitor:
    """One signed-in browser per member of the cast, and what its console said."""

    server: Server
    chromium: Browser
    pages: dict[str, Page] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def as_(self, who: str) -> Page:
        if who not in self.pages:
            self.pages[who] = self._enter(who)
        self.said.clear()
        return self.pages[who]

    def _enter(self, who: str) -> Page:
        page = self.chromium.new_context(base_url=self.server.url, locale="zh-CN").new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: self.said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.said.append(str(e)))
        page.goto("/accounts/login/")
        page.fill("[name=login]", who)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("nav.loop")
        return page


@pytest.fixture(scope="module")
def visitor(server: Server, chromium: Browser) -> Iterator[Visitor]:
    found = Visitor(server, chromium)
    yield found
    for page in found.pages.values():
        page.context.close()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_is_whole_and_accessible(place: Place, visitor: Visitor, landmarks: dict[str, int], axe: Axe) -> None:
    page = visitor.as_(place.who)
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(place.path.format(**landmarks))
        assert answer is not None
        assert answer.status == place.status
        expect(page.locator(".htmx-request")).to_have_count(0)
        assert_whole(page)
        assert axe(page) == []
    assert [words for words in visitor.said if "status of 4" not in words] == []


def assert_whole(page: Page) -> None:
    """One heading, a title, nothing wider than the window, every control large enough to hit."""
    expect(page.locator("h1")).to_have_count(1)
    assert page.title().split("·")[0].strip()
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{wide} px wide in a window of {seen} px"
    assert page.locator("main .btn-primary:visible").count() <= 1


def test_sign_in_page_says_what_the_system_promises(server: Server, chromium: Browser, axe: Axe) -> None:
    page = chromium.new_context(base_url=server.url, locale="zh-CN").new_page()
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/accounts/login/")
        expect(page.locator("main")).to_contain_text("涉密")
        assert_whole(page)
        assert axe(page) == []
    page.fill("[name=login]", "nobody")
    page.fill("[name=password]", "wrong-password")
    page.press("[name=password]", "Enter")
    expect(page.locator(".error, .note-error, .errorlist").first).to_be_visible()
    assert axe(page) == []
    page.context.close()


def test_second_step_is_offered_after_the_password_is_given_again(visitor: Visitor, axe: Axe) -> None:
    page = visitor.as_("otherclerk")
    page.goto("/accounts/2fa/totp/activate/")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("[name=code]")).to_be_visible()
    assert_whole(page)
    assert axe(page) == []


def test_form_keeps_what_was_typed_and_marks_what_is_wrong(visitor: Visitor, axe: Axe) -> None:
    page = visitor.as_("office")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/tasks/new/")
    page.fill("[name=requirement]", "把这件事办好")
    page.fill("[name=duties-0-name]", "没有这个单位")
    page.locator("main .btn-primary").click()
    expect(page.locator(".error").first).to_be_visible()
    expect(page.locator("[name=requirement]")).to_have_value("把这件事办好")
    expect(page.locator("[name=duties-0-name]")).to_have_value("没有这个单位")
    assert_whole(page)
    assert axe(page) == []


def test_two_people_editing_one_task_see_both_values(visitor: Visitor, landmarks: dict[str, int], axe: Axe) -> None:
    first, second = visitor.as_("office"), visitor.as_("officeclerk")
    for page in (first, second):
        page.goto(f"/tasks/{landmarks['draft']}/edit/")
    first.fill("[name=standard]", "走访1800户，逐户签字。")
    first.locator("main .btn-primary").click()
    second.fill("[name=standard]", "走访2000户，逐户签字。")
    second.locator("main .btn-primary").click()
    conflict = second.locator(".note-error")
    expect(conflict).to_contain_text("走访1800户")
    expect(conflict).to_contain_text("走访2000户")
    expect(second.locator("[name=standard]")).to_have_value("走访2000户，逐户签字。")
    assert_whole(second)
    assert axe(second) == []


def test_sheet_is_previewed_row_by_row_before_anything_changes(visitor: Visitor, tmp_path: Path, axe: Axe) -> None:
    page = visitor.as_("admin")
    page.goto("/orgs/sheets/")
    sheet = tmp_path / "units.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    page.set_input_files("input[type=file]", sheet)
    page.locator("main .btn-primary").click()
    expect(page.locator("main")).to_contain_text("新增 1")
    expect(page.locator("tr.row-error")).to_have_count(1)
    expect(page.locator("tr.row-error .num")).to_have_text("3")
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert_whole(page)
        assert axe(page) == []


ENGLISH = (
    "/", "/directives/", "/directives/new/", "/tasks/drafts/", "/tasks/new/", "/ledger/", "/calendar/", "/supervision/",
    "/orgs/", "/orgs/people/", "/journal/", "/notices/",
)  # fmt: skip


def test_english_reader_meets_no_chinese_but_names(server: Server, chromium: Browser, axe: Axe) -> None:
    page = chromium.new_context(base_url=server.url, locale="en-GB").new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "office")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("nav.loop")
    for path in ENGLISH:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en"
        chrome = page.locator("nav.loop a, main h1, main th:not([scope^=row], .c-own), main .btn, main .sub, main dt")
        chinese = [words for words in chrome.all_inner_texts() if HAN.search(words)]
        assert chinese == [], f"{path}: {chinese}"
        assert_whole(page)
    page.context.close()


@pytest.mark.parametrize("who", ["townclerk", "deptclerk"])
def test_year_matrix_of_a_unit_prints_on_one_a3_sheet(who: str, visitor: Visitor) -> None:
    page = visitor.as_(who)
    page.goto("/calendar/?print=1")
    sheet = page.pdf(prefer_css_page_size=True)
    sizes = [(int(wide), int(high)) for wide, high in A3.findall(sheet)]
    assert sizes == [(1191, 841)]

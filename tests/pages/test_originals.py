"""The original beside what was read: boxes and proposals light each other, marked words become a task."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from luoshi.demo.ofd import write_ofd
from tests.factories.directives import PAPER


def upload(page: Page, path: Path) -> None:
    page.goto("/directives/new/")
    page.set_input_files("[name=file]", path)
    page.click(".paper-form button.btn-primary")


def test_original_lights_with_the_proposals_and_marked_words_become_one(
    sign_in: Callable[..., Page], axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    (tmp_path / "分工.ofd").write_bytes(write_ofd(PAPER.replace("3号", "33号")))
    page = sign_in("office")
    upload(page, tmp_path / "分工.ofd")
    expect(page.locator("#proposals article")).to_have_count(4)
    page.click(".view-switch a:has-text('原件')")
    expect(page.locator(".page-shown img").first).to_have_js_property("complete", value=True)
    assert page.evaluate("document.querySelector('.page-shown img').naturalWidth") > 0
    second = page.locator("#proposals article").nth(1)
    second.hover()
    lit = page.locator(".page-frame rect.lit")
    expect(lit.first).to_be_attached()
    assert {r.get_attribute("data-p") for r in lit.all()} == {second.get_attribute("data-p")}
    third = page.locator("#proposals article").nth(2)
    page.locator(f".page-frame rect.k-unit[data-p='{third.get_attribute('data-p')}']").first.click()
    expect(third).to_have_class(re.compile(r"\bcurrent\b"))
    assert not axe(page)

    page.click(".view-switch a:has-text('文字')")
    missed = page.locator(".src", has_text="压实责任")
    missed.evaluate("e => getSelection().selectAllChildren(e)")
    expect(page.locator("[data-picked]")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#proposals article")).to_have_count(5)
    added = page.locator("#proposals article.current")
    expect(added).to_contain_text("人工补充")
    expect(missed.locator(".k.lit")).to_be_visible()


def test_long_paper_is_left_and_found_again(sign_in: Callable[..., Page], tmp_path: Path) -> None:
    lines = (f"{n}.推进第{n}项工作，年底前完成。（县财政局牵头，县水利局配合）\n" for n in range(1, 600))
    (tmp_path / "长文件.ofd").write_bytes(write_ofd(PAPER.replace("3号", "34号") + "三、其他\n" + "".join(lines)))
    page = sign_in("office", width=390, height=844)
    upload(page, tmp_path / "长文件.ofd")
    page.wait_for_url(re.compile("/directives/intakes/"))
    where = page.url
    page.goto("/directives/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(where)
    page.wait_for_url(re.compile(r"/directives/\d+/"), timeout=60_000)
    expect(page.locator("h1")).to_contain_text("重点任务分工方案")

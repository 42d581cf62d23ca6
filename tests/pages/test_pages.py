"""Every page: accessible, whole on a phone and on the office desktop, titled, quiet in the console, in two languages."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.conftest import AXE, PASSWORD, PATIENCE, ROOT, Server, environment
from tests.pages.places import PLACES, Place

WIDTHS = {1366: 768, 390: 844}
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


@pytest.fixture(scope="module")
def landmarks(server: Server) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.pages.landmarks"],
        env=environment(server.var), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_is_whole_and_accessible(place: Place, visitor: Visitor, landmarks: dict[str, int], axe: Axe) -> None:
    page = visitor.as_(place.who)
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        answer = page.goto(place.path.format(**landmarks))
        assert answer is not None
        assert answer.status == place.status
        assert_whole(page)
        assert axe(page) == []
    assert [words for words in visitor.said if "status of 4" not in words] == []


def assert_whole(page: Page) -> None:
    """One heading, a title, nothing wider than the window, every control large enough to hit."""
    expect(page.locator("h1")).to_have_count(1)
    assert page.title().split("·")[0].strip()
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{wide} px wide in a window of {seen} px"

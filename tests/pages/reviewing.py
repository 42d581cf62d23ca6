"""A reviewer at the review page, each of whose clicks and keys is counted.

What counts: a click and a key press one each; a field that is filled two, one to reach it and one to choose what
stands in it; a file that is chosen one. Scrolling and reading are free.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect

LONG = 90_000  # milliseconds that a scan may take to be read
SOON = 600  # milliseconds within which a card is chosen after a step, if one is
REVIEW = re.compile(r"/directives/\d+/")
CURRENT = "#proposals article.current[data-state=proposed]"


class Reviewer:
    """One person with one paper, from the list of directives to its tasks."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions, self.by_kind = page, 0, dict[str, int]()

    def count(self, kind: str, actions: int) -> None:
        self.actions += actions
        self.by_kind[kind] = self.by_kind.get(kind, 0) + actions

    def click(self, target: Locator, kind: str) -> None:
        target.click()
        self.count(kind, 1)

    def press(self, key: str, kind: str) -> None:
        self.page.keyboard.press(key)
        self.count(kind, 1)

    def fill(self, field: Locator, words: str, kind: str) -> None:
        field.fill(words)
        self.count(kind, 2)

    def upload(self, paper: Path) -> None:
        """From the list of directives to the review, over the page where a long paper is waited for."""
        self.page.goto("/directives/")
        with self.page.expect_navigation():
            self.click(self.page.locator("main .btn-primary").first, "upload")
        self.page.set_input_files("input[type=file]", paper)
        self.count("upload", 1)
        with self.page.expect_navigation():
            self.click(self.page.locator("main .paper-form .btn-primary"), "upload")
        self.page.wait_for_url(REVIEW, timeout=LONG)
        expect(self.page.locator("#proposals")).to_be_visible()

    def answer_names(self, answers: Mapping[str, str]) -> None:
        """Say once for the whole paper which units its unknown names are."""
        panel = self.page.locator("#names")
        for name, unit in answers.items():
            row = panel.locator("fieldset", has=self.page.locator("b", has_text=re.compile(f"^{re.escape(name)}$")))
            offered = row.get_by_role("radio", name=unit, exact=True)
            if offered.count():
                self.click(offered, "names")
            else:
                self.fill(row.locator("[name^=typed-]"), unit, "names")
        self.click(panel.locator(".btn-primary"), "names")
        for name in answers:
            gone = panel.locator("b", has_text=re.compile(f"^{re.escape(name)}$"))
            expect(gone).to_have_count(0)

    def accept_sure(self) -> None:
        """One click for all that is sure, and one for what lacks only a date or a lead, when there is any."""
        for words in ("采纳确定的", "时限或牵头待补的"):
            button = self.page.locator("#finish form button", has_text=words)
            if button.count():
                left = self.undecided()
                self.click(button, "sure")
                self.settle(left)

    def undecided(self) -> int:
        """How many proposals of the whole paper wait, by what the page says of itself."""
        decided, proposed = re.findall(r"\d+", self.page.locator("#finish .finish-count").inner_text())[:2]
        return int(proposed) - int(decided)

    def settle(self, before: int) -> None:
        """Wait until the page says that fewer wait than before."""
        said = re.compile(rf"^(?!.*\b{self._said(before)}\b)")
        expect(self.page.locator("#finish .finish-count")).to_have_text(said)

    def _said(self, left: int) -> str:
        _decided, proposed = re.findall(r"\d+", self.page.locator("#finish .finish-count").inner_text())[:2]
        return f"{int(proposed) - left}\\D+{proposed}"

    def turn_to_waiting(self) -> Locator:
        """The card that the keys act on; one click goes to the next that waits when none is chosen."""
        current = self.page.locator(CURRENT)
        with suppress(TimeoutError):
            current.wait_for(state="attached", timeout=SOON)
        if not current.count():
            self.click(self.page.locator("#finish [data-next]"), "next")
        expect(current).to_have_count(1)
        return current

    def decide(self, key: str) -> None:
        """One key that takes the current card off the list of those that wait."""
        left = self.undecided()
        self.turn_to_waiting()
        self.press(key, "keys")
        self.settle(left)

    def check(self) -> None:
        """One key: the fields that a machine read off the picture were compared with it."""
        card = self.turn_to_waiting()
        if card.locator("[data-key=c]").count():
            self.press("c", "checks")
            expect(self.page.locator(CURRENT).locator("[data-key=c]")).to_have_count(0)

    def set_rest_aside(self) -> None:
        """The clauses that ask for nothing are for information: one click, when there are any."""
        rest = self.page.locator(".uncovered button[value=rest]")
        if not rest.count():
            return
        if not rest.is_visible():
            self.click(self.page.locator(".uncovered summary"), "coverage")
        self.click(rest, "coverage")
        expect(self.page.locator("#standing")).to_contain_text("未覆盖 0")

    def confirm(self) -> int:
        """Open the tasks; how many they are."""
        button = self.page.locator("#finish .btn-primary")
        opened = int(re.findall(r"\d+", button.inner_text())[0])
        with self.page.expect_navigation():
            self.click(button, "confirm")
        return opened

    def told(self, name: str, tasks: int) -> str:
        """One line of the table."""
        parts = "  ".join(f"{kind} {n}" for kind, n in self.by_kind.items())
        share = f"{self.actions / tasks:5.2f} clicks and keys per confirmed task"
        return f"{name:32} {tasks:4d} tasks {self.actions:5d} in all {share}   {parts}"

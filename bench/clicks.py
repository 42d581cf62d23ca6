"""`python -m bench.clicks FOLDER`: how many clicks and keys a reviewer needs for each task of labelled papers.

FOLDER holds texts/NAME.txt and gold/NAME.jsonl as in bench.calibration. Each paper is reviewed in a real browser in a
database of its own, whose tree holds the units that the labels name. The reviewer takes over what is shown as sure,
then goes by the labels: what no label speaks of is dropped; what is proposed with another lead or date is edited.
Duties that were not found are listed and not counted. What counts: tests/pages/reviewing.py.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.calibration import fold, paired
from luoshi.directives.rules import Proposal, read_directive
from luoshi.directives.rules.selectors import selector_for
from tests.browser import find_browser
from tests.pages.conftest import FLAGS, PASSWORD, PATIENCE, ROOT, Server, environment, serving
from tests.pages.reviewing import Reviewer

Gold = dict[str, Any]
ROLES = ("lead", "co", "duty", "guide", "implied_duty")
FIELDS = {"lead": "lead", "joint": "duty"}  # who answers for it: the role proposed, and the label's word for it
LIMIT = 2.0
WHO = "reviewer"


@dataclass(frozen=True)
class Review:
    """What came of one paper."""

    name: str
    tasks: int
    actions: int
    edited: int
    missing: int
    unlike: int

    @property
    def share(self) -> float:
        return self.actions / self.tasks if self.tasks else float("inf")

    def __str__(self) -> str:
        return (
            f"{self.name:34} {self.tasks:6} {self.actions:8} {self.share:9.2f} {self.edited:7} {self.missing:8}"
            f" {self.unlike:7}"
        )


def names_in(gold: list[Gold]) -> list[str]:
    """The units that labels name, each once; sets of units (各乡镇) and open ends (等) left out."""
    written = (name for row in gold for role in ROLES for name in row.get(role) or [])
    kept = (n for n in written if not n.startswith(("等", "各", "有关")) and not selector_for(n))
    return list(dict.fromkeys(kept))


def government_of(names: list[str]) -> tuple[str, str]:
    """The name and level of the government whose units most of the names are."""
    for mark, name, level in (("省", "江南省人民政府", "province"), ("市", "云泽市人民政府", "city")):
        if sum(n.startswith(mark) for n in names) * 2 > len(names):
            return name, level
    return "国务院", "province"


def plant(names: list[str]) -> None:
    """Put the government, the units and one reviewer of its supervision office into the empty database."""
    import django

    django.setup()
    from luoshi.demo import planting
    from luoshi.demo.county import PersonRow, PostRow, UnitRow

    since = date(2000, 1, 1)
    root, level = government_of(names)
    rows = [UnitRow("U", root, "", (), level, "", "", since)]
    rows += [UnitRow(f"U{n}", name, "", (), "department", "", "U", since) for n, name in enumerate(names)]
    units = planting.plant_units(rows)
    planting.plant_names(rows, units=units)
    people = planting.plant_people([PersonRow(WHO, "审核人", "督查室", "")])
    planting.plant_posts([PostRow(WHO, "U", "office", "督查室主任", since)], units=units, people=people)


def planted(var: Path, empty: Path, names: list[str]) -> None:
    """A database of its own for one paper."""
    shutil.copytree(empty, var)
    asked = [sys.executable, "-m", "bench.clicks", "--plant"]
    set_up = {**environment(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(asked, env=set_up, cwd=ROOT, input=json.dumps(names), text=True, check=True)


def sign_in(browser: Browser, server: Server) -> Page:
    context = browser.new_context(locale="zh-CN", base_url=server.url, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/accounts/login/")
    page.fill("[name=login]", WHO)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("nav.loop")
    return page


def review(page: Page, paper: Path, gold: list[Gold]) -> Review:
    """One paper from upload to its tasks."""
    text = paper.read_text("utf-8")
    pairs = list(paired(gold, read_directive(text).proposals))
    reviewer = Reviewer(page)
    reviewer.upload(paper)
    numbers = dict(numbered(page))
    assert len(numbers) == len(pairs), f"{paper.name}: the page proposes {len(numbers)}, the reader {len(pairs)}"
    reviewer.accept_sure()
    edited, touched = 0, set[int]()
    while reviewer.undecided():
        card = reviewer.turn_to_waiting()
        at = numbers[str(card.get_attribute("data-p"))]
        proposal, label = pairs[at]
        touched.add(at)
        if not label:
            reviewer.decide("x")
            continue
        if differs(proposal, label):
            edit(reviewer, proposal, label)
            edited += 1
        reviewer.decide("a")
    reviewer.set_rest_aside()
    sure = [pair for at, pair in enumerate(pairs) if at not in touched]
    unlike = sum(not label or bool(differs(proposal, label)) for proposal, label in sure)
    missing = len(gold) - sum(bool(label) for _p, label in pairs)
    return Review(paper.stem, reviewer.confirm(), reviewer.actions, edited, missing, unlike)


def numbered(page: Page) -> Iterator[tuple[str, int]]:
    """The proposals' keys in their order, over all parts of the paper; the page is left on the first part."""
    first, count = page.url, 0
    while True:
        for card in page.locator("#proposals article").all():
            yield str(card.get_attribute("data-p")), count
            count += 1
        following = page.locator(".pager [rel=next]")
        if not following.count():
            break
        with page.expect_navigation():
            following.click()
    if page.url != first:
        page.goto(first)


def differs(proposal: Proposal, label: Gold) -> list[str]:
    """Which of lead, joint and date the label says otherwise."""
    found = [
        role
        for role, word in FIELDS.items()
        if {fold(m.name) for m in getattr(proposal, role)} != {fold(n) for n in label[word] if not n.startswith("等")}
    ]
    day = proposal.due.date.isoformat() if proposal.due and proposal.due.date else None
    return [*found, *(["due"] if day != label["deadline"] else [])]


def edit(reviewer: Reviewer, proposal: Proposal, label: Gold) -> None:
    """Open the form with a key, set right what differs, save with a key."""
    reviewer.press("e", "edits")
    form = reviewer.page.locator(".proposal-editing")
    expect(form).to_be_visible()
    for field in differs(proposal, label):
        if field == "due":
            reviewer.fill(form.locator("[name=due_date]"), label["deadline"] or "", "edits")
            continue
        boxes = form.locator(f"[name=unit-{field}]")
        for at in range(boxes.count() - 1, 0, -1):
            if boxes.nth(at).input_value():
                reviewer.fill(boxes.nth(at), "", "edits")
        reviewer.fill(boxes.first, "、".join(label[FIELDS[field]]), "edits")
    form.locator("[name=title]").focus()
    reviewer.press("Enter", "edits")
    expect(form).to_have_count(0)


def measure(folder: Path) -> Iterator[Review]:
    """Review every labelled paper; each result as it comes."""
    work = Path(tempfile.mkdtemp(prefix="luoshi-clicks-"))
    try:
        empty = work / "empty"
        empty.mkdir()
        made = Server(url="", var=empty).run("migrate", "-v0")
        assert made.returncode == 0, made.stderr
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
            for path in sorted((folder / "gold").glob("*.jsonl")):
                gold = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
                var = work / path.stem
                planted(var, empty, names_in(gold))
                with serving(var) as server:
                    yield review(sign_in(browser, server), folder / "texts" / f"{path.stem}.txt", gold)
                shutil.rmtree(var)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--plant", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plant:
        plant(json.load(sys.stdin))
        return 0
    if options.folder is None:
        parser.error("the folder of labelled papers is missing")
    print(
        f"{'paper':34} {'tasks':>6} {'actions':>8} {'per task':>9} {'edited':>7} {'missing':>8} {'unlike':>7}",
        flush=True,
    )
    found = []
    for row in measure(options.folder):
        print(row, flush=True)
        found.append(row)
    total = Review(
        "all", *(sum(getattr(r, n) for r in found) for n in ("tasks", "actions", "edited", "missing", "unlike"))
    )
    print(total)
    print("actions: clicks and keys; edited: set right by the reviewer; missing: labelled and not proposed;")
    print("unlike: taken over as sure and labelled otherwise")
    return int(any(row.share > LIMIT for row in found))


if __name__ == "__main__":
    sys.exit(main())

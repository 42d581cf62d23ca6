"""An inspector's phone loses its signal in the middle of a checklist; a second phone sends meanwhile."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Server, free_port, serving
from tests.pages.test_pages import assert_whole

PREPARE = """
from luoshi.core.clock import now, today
from luoshi.inspections.actions.keeping import Question, make_checklist
from luoshi.inspections.models import Inspection, InspectionObject, Inspector
from luoshi.orgs.models import Person, Unit
office, unit = Person.objects.get(username="office"), Unit.objects.get(code="QH")
questions = [Question("台账与现场是否一致"), Question("公示牌是否更新"), Question("已建成面积（亩）", "number")]
checklist = make_checklist(unit, name="手机检查", questions=questions, by=office, now=now())
n = Inspection.objects.count()
fields = dict(unit=unit, year=2020, number=500 + n, code=f"手机检查{n}号", title="现场核查", kind="special",
    is_formal=True, basis="条例第十四条", content="质量", objects_text="农业农村局", scope="全部", methods=["visit"],
    from_date=today(),
    to_date=today(), state="running", created_by=office, created_at=now(), approver=office, approved_at=now(),
    proposer=Person.objects.get(username="officeclerk"), checklist=checklist)
inspection = Inspection.objects.create(**fields)
Inspector.objects.create(inspection=inspection, person=office, is_leader=True)
row = InspectionObject.objects.create(inspection=inspection, unit=Unit.objects.get(code="QH-NYJ"), how="chosen")
print("row", row.pk)
"""
SLOW = 30_000  # milliseconds that a machine under load may take
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


class Line:
    """The program, whose line can be cut and mended again."""

    def __init__(self, var: Path) -> None:
        self.var, self.port, self.held = var, free_port(), ExitStack()

    def mend(self) -> Server:
        return self.held.enter_context(serving(self.var, port=self.port))

    def cut(self) -> None:
        self.held.close()


@pytest.fixture(scope="module")
def line(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    var = tmp_path_factory.mktemp("site")
    shutil.copytree(demo_var, var, dirs_exist_ok=True)
    line = Line(var)
    yield line
    line.cut()


@pytest.fixture(scope="module")
def server(line: Line) -> Server:
    return line.mend()


@pytest.fixture
def address(server: Server) -> str:
    done = server.run("shell", "-v0", "-c", PREPARE)
    found = re.search(r"row (\d+)", done.stdout)
    assert found, done.stderr[-2000:]
    return f"/inspections/objects/{found[1]}/visit/"


def answer(page: Page, number: int, choice: str, note: str = "") -> None:
    card = page.locator(f'[data-question="{number}"]')
    card.get_by_text(choice, exact=True).click()
    if note:
        card.locator("textarea").fill(note)


def kept(line: Line, *, column: str) -> list[Any]:
    """What the database holds."""
    with sqlite3.connect(line.var / "luoshi.sqlite3") as database:
        rows = database.execute(f"SELECT {column} FROM inspections_visit ORDER BY id").fetchall()
    return [value for (value,) in rows]


def test_nothing_is_lost_when_the_signal_goes_in_the_middle(
    line: Line, address: str, sign_in: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    page, status = sign_in("office", width=390, height=844), "#visit-status"
    page.goto(address)
    assert_whole(page)
    assert axe(page) == []
    page.wait_for_selector("html[data-kept=yes]")
    answer(page, 1, "不符合", "渠道未通水，约3公里")
    line.cut()
    answer(page, 2, "符合")
    page.set_input_files('[data-photo="1"]', {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(page.locator('[data-question="1"] [data-waiting]')).to_contain_text("1")
    page.reload()
    expect(page.locator('[data-question="1"] textarea')).to_have_value("渠道未通水，约3公里")
    page.locator('[data-question="3"] input').first.fill("11800")
    page.get_by_role("button", name="结束检查").click()
    expect(page.locator(status)).to_contain_text("暂时连不上", timeout=SLOW)
    page.reload()
    expect(page.locator('[data-question="3"] input').first).to_have_value("11800")
    line.mend()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator(status)).to_have_attribute("data-state", "ended", timeout=SLOW)
    said = json.loads(kept(line, column="answers")[-1])
    assert [said[n]["a"] for n in "123"] == ["no", "yes", "11800"]
    assert said["1"]["n"] == "渠道未通水，约3公里"
    with sqlite3.connect(line.var / "luoshi.sqlite3") as database:
        assert database.execute("SELECT COUNT(*) FROM inspections_visitphoto").fetchone() == (1,)


def test_two_phones_that_differ_are_compared_and_nothing_is_overwritten(
    line: Line, address: str, sign_in: Callable[..., Page]
) -> None:
    first = sign_in("office", width=390, height=844)
    first.goto(address)
    answer(first, 1, "符合")
    first.get_by_role("button", name="发送已填内容").click()
    expect(first.locator("#visit-status")).to_have_attribute("data-state", "sent", timeout=SLOW)
    second = sign_in("office", width=390, height=844)
    second.goto(address)
    answer(second, 2, "不适用")
    second.get_by_role("button", name="发送已填内容").click()
    expect(second.locator("#visit-status")).to_have_attribute("data-state", "sent", timeout=SLOW)
    answer(first, 2, "不符合")
    first.get_by_role("button", name="发送已填内容").click()
    clash = first.locator("#visit-clash")
    expect(clash).to_contain_text("公示牌是否更新")
    assert json.loads(kept(line, column="answers")[-1])["2"]["a"] == "na"
    clash.get_by_text("另一台设备: 不适用").click()
    clash.get_by_role("button", name="按所选发送").click()
    expect(first.locator("#visit-status")).to_have_attribute("data-state", "sent", timeout=SLOW)
    assert json.loads(kept(line, column="answers")[-1])["2"]["a"] == "na"

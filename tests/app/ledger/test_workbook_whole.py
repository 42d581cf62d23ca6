"""A whole ledger out to a spreadsheet and back: 500 edits, 50 moves, 30 new rows, 20 slips; by two programs.

LUOSHI_WORKBOOK_ROWS sets the size (20000 for the full run; CI takes 2000). Time and memory are printed.
"""

import io
import os
import resource
import shutil
import subprocess
import time
from datetime import date

import pytest

from luoshi.core.models import Entry
from luoshi.ledger.actions.importing import WorkbookHasErrors
from luoshi.progress.actions.standings import recompute_standings
from luoshi.tasks.models import Task
from tests.app.ledger.test_workbooks import Desk, places
from tests.factories.work import make_many

ROWS = int(os.environ.get("LUOSHI_WORKBOOK_ROWS", "2000"))
EDITS, MOVES, NEW, SLIPS = 500, 50, 30, 20
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def through_office(data: bytes, folder) -> bytes:
    """The workbook as LibreOffice saves it."""
    given, made = folder / "given.xlsx", folder / "made"
    given.write_bytes(data)
    made.mkdir()
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(made), str(given)],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    return (made / "given.xlsx").read_bytes()


def told(what: str, began: float) -> None:
    own, children = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{what}: {time.monotonic() - began:.1f} s, peak {own} MB here, {children} MB in the reading process")


class Plan:
    """What somebody did to the sheet, row by row, to be compared with what came of it."""

    def __init__(self, sheet):
        self.at = places(sheet)
        self.sheet = sheet
        rows = range(2, sheet.max_row + 1)
        self.tops = [r for r in rows if sheet.cell(r, self.at["级次"]).value == 1]
        self.parts = [r for r in rows if sheet.cell(r, self.at["级次"]).value != 1]
        self.codes = {r: sheet.cell(r, self.at["编号"]).value for r in rows}
        self.edited, self.moved, self.new, self.slips = {}, {}, {}, {}

    def put(self, row, heading, value):
        self.sheet.cell(row, self.at[heading]).value = value

    def edit(self):
        for n, row in enumerate(self.parts[:EDITS]):
            self.edited[self.codes[row]] = f"改后的第{n}项：=1+{n}"
            self.put(row, "任务", self.edited[self.codes[row]])
            self.put(row, "时限", ["2026年12月25日", "2026/12/25", 46381, "２０２６－１２－２５"][n % 4])

    def move(self):
        for n, row in enumerate(self.parts[EDITS : EDITS + MOVES]):
            target = self.codes[self.tops[-1 - n % 5]]
            if self.sheet.cell(row, self.at["上级任务编号"]).value != target:
                self.put(row, "上级任务编号", target)
                self.moved[self.codes[row]] = target

    def add(self):
        for n in range(NEW):
            row = self.sheet.max_row + 1
            self.new[f"新增第{n}项"] = self.codes[self.tops[n % 7]]
            self.put(row, "任务", f"新增第{n}项")
            self.put(row, "上级任务编号", self.codes[self.tops[n % 7]])
            self.put(row, "牵头", "县水利局")
            self.put(row, "时限", "2026-12-31")

    def slip(self):
        wrong = [("时限", "2026-13-45", "no_date"), ("牵头", "无此局", "no_unit"), ("重要程度", "最高", "no_choice"),
                 ("上级任务编号", "没有-1", "no_parent"), ("任务", None, "missing")]  # fmt: skip
        first = EDITS + MOVES
        for n, row in enumerate(self.parts[first : first + SLIPS]):
            heading, value, code = wrong[n % len(wrong)]
            self.slips[row] = (heading, self.sheet.cell(row, self.at[heading]).value, code)
            self.put(row, heading, value)

    def mend(self):
        for row, (heading, value, _code) in self.slips.items():
            self.put(row, heading, value)


@pytest.fixture
def desk(cast):
    make_many(cast, ROWS, parents=max(20, ROWS // 100))
    Task.objects.update(state="draft", dispatched_at=None)
    recompute_standings()
    return Desk(cast)


@pytest.mark.parametrize("program", ["openpyxl", "office"])
def test_nothing_is_lost_and_every_slip_is_named_by_its_row(desk, tmp_path, program):
    if program == "office" and not OFFICE:
        pytest.skip("LibreOffice is not installed here")
    began = time.monotonic()
    book = desk.export()
    told(f"{ROWS} rows out and opened", began)
    untouched = dict(Task.objects.values_list("code", "title"))
    plan = Plan(book.worksheets[0])
    for step in (plan.edit, plan.move, plan.add, plan.slip):
        step()
    wrong = saved(book)
    plan.mend()
    right = saved(book)
    if program == "office":
        wrong = through_office(wrong, tmp_path)
    _wrong_one(desk, wrong, plan)
    if program == "office":
        (tmp_path / "again").mkdir()
        right = through_office(saved(book), tmp_path / "again")
    _right_one(desk, right, plan, untouched)


def _wrong_one(desk, data, plan):
    """With twenty slips nothing is imported, and each is named by the row that the sheet shows."""
    began = time.monotonic()
    kept = desk.upload(data)
    told(f"{ROWS} rows compared", began)
    kept.refresh_from_db()
    assert kept.state == "read", kept.problem
    assert kept.counts["same"] == ROWS - EDITS - len(plan.moved) - SLIPS
    named = {row.number: {fault[1] for fault in row.data["faults"]} for row in kept.rows.filter(state="error")}
    assert named == {row: {code} for row, (_heading, _value, code) in plan.slips.items()}
    with pytest.raises(WorkbookHasErrors):
        desk.apply(kept)
    assert not Task.objects.filter(title__startswith="改后").exists()


def _right_one(desk, data, plan, untouched):
    kept = desk.upload(data)
    entries, began = Entry.objects.count(), time.monotonic()
    counts = desk.apply(kept)
    told(f"{ROWS} rows imported", began)
    assert Entry.objects.count() == entries + 1
    assert counts == {"new": NEW, "changed": EDITS, "moved": len(plan.moved)}
    titles = dict(Task.objects.values_list("code", "title"))
    assert {code: title for code, title in titles.items() if code in untouched} == {**untouched, **plan.edited}
    assert set(Task.objects.filter(code__in=plan.edited).values_list("due_date", flat=True)) == {date(2026, 12, 25)}
    assert dict(Task.objects.filter(code__in=plan.moved).values_list("code", "parent__code")) == plan.moved
    new = Task.objects.filter(title__startswith="新增第")
    assert dict(new.values_list("title", "parent__code")) == plan.new
    paths = dict(Task.objects.values_list("pk", "path"))
    parents = Task.objects.exclude(parent=None).values_list("pk", "parent_id")
    assert all(paths[pk] == f"{paths[parent]}{pk:010d}" for pk, parent in parents)
    assert recompute_standings(check=True) == []

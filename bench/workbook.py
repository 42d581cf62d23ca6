"""`python -m bench.workbook [ROWS …]`: the ledger out to a workbook and compared when it comes back, and the floors.

Each step runs in a process of its own: seconds, and the peak of its memory (a reading process beside it apart).
"""

import argparse
import io
import itertools
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 98_000)  # whole trees: just below the most that is taken
SHEET = "xl/worksheets/sheet1.xml"
EVERY = 100  # of the rows one is changed
STEPS = ("fill", "out", "write alone", "edit", "back", "read alone")


def fill(_file: Path, rows: int) -> None:
    """The demo county with about so many tasks."""
    from django.core.management import call_command

    from bench import data
    from luoshi.core.clock import now, today

    call_command("migrate", verbosity=0)
    data.fill(tasks=rows, today=today(), now=now())


def out(file: Path, _rows: int) -> None:
    """The whole ledger as a workbook that may come back."""
    from luoshi.core.clock import now, today
    from luoshi.core.policy import get_policy
    from luoshi.ledger.queries.sheets import plan_sheet, write_for_editing
    from luoshi.orgs.models import Person
    from luoshi.orgs.queries import get_access
    from luoshi.tasks.models import Task

    office = Person.objects.get(username="office")
    access = get_access(office, today=today())
    with file.open("wb") as stream:
        write_for_editing(
            stream, Task.objects.all(), plan=plan_sheet(access), title="台账", access=access, by=office, now=now(),
            today=today(), policy=get_policy(),
        )  # fmt: skip


def edit(file: Path, _rows: int) -> None:
    """One row in a hundred is changed by hand; this is no work of ours."""
    file.write_bytes(_edited(file.read_bytes()))


def _edited(data: bytes) -> bytes:
    """One row in a hundred says another tier, as if somebody had written it."""
    made, count = io.BytesIO(), itertools.count(1)

    def change(found: re.Match[bytes]) -> bytes:
        return ">重点<".encode() if next(count) % EVERY == 0 else found[0]

    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, re.sub(">一般<".encode(), change, part) if name == SHEET else part)
    return made.getvalue()


def write_alone(_file: Path, rows: int) -> None:
    """The floor: the same number of cells by the writer alone, in constant memory."""
    import xlsxwriter

    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    for row in range(rows):
        for column in range(26):
            sheet.write_string(row, column, "推进产业项目第1项工作")
    book.close()


def back(file: Path, _rows: int) -> None:
    """Compare the edited workbook with what stands; nothing is imported."""
    from luoshi.core.clock import now, today
    from luoshi.ledger.actions.workbooks import keep_workbook, read_workbook
    from luoshi.orgs.models import Person, Unit
    from luoshi.orgs.queries import get_access

    office = Person.objects.get(username="office")
    county = Unit.objects.get(code="QH")
    book = keep_workbook(file.read_bytes(), name="台账.xlsx", by=office, now=now(), owner=county)
    read_workbook(book, access=get_access(office, today=today()), now=now(), today=today())
    book.refresh_from_db()
    print(f"  {book.state} {book.problem} {book.counts}")


def read_alone(file: Path, _rows: int) -> None:
    """The floor: every cell of the same file by openpyxl's reader for large files."""
    from openpyxl import load_workbook

    for row in load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True):
        assert row


WORK: dict[str, Callable[[Path, int], None]] = {
    "fill": fill, "out": out, "edit": edit, "write alone": write_alone, "back": back, "read alone": read_alone,
}  # fmt: skip


def step(name: str, file: Path, rows: int) -> None:
    """Do one step in this process and say what it took."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    began = time.monotonic()
    WORK[name](file, rows)
    took = time.monotonic() - began
    own, child = (resource.getrusage(w).ru_maxrss / 1024 for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    beside = f", {child:5.0f} MB beside it" if name == "back" else ""
    print(f"{rows:>7} rows  {name:<12} {took:7.1f} s  {own:5.0f} MB{beside}", flush=True)


def measure(rows: int, folder: Path) -> None:
    """All steps for one size, on a database of its own."""
    environment = {**os.environ, "LUOSHI_VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/b.sqlite3"}
    for name in STEPS:
        command = [
            sys.executable,
            "-m",
            "bench.workbook",
            "--step",
            name,
            "--file",
            str(folder / "book.xlsx"),
            str(rows),
        ]
        subprocess.run([*command, str(rows)], cwd=ROOT, env=environment, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", type=int, default=[*SIZES])
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--file", type=Path, default=Path("book.xlsx"))
    given = parser.parse_args()
    if given.step:
        step(given.step, given.file, given.rows[0])
        return
    for rows in given.rows:
        with tempfile.TemporaryDirectory(prefix="luoshi-workbook-") as folder:
            measure(rows, Path(folder))


if __name__ == "__main__":
    main()

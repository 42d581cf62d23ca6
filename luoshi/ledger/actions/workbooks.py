"""Workbooks that come back: kept as they came, read and compared, decided row by row, set aside."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import Refusal
from luoshi.ledger.models import Workbook, WorkbookRow
from luoshi.ledger.queries.workbooks import (
    Meanings,
    decide_wishes,
    get_home,
    get_layout_headings,
    get_words,
    list_fields,
    list_wishes,
)
from luoshi.ledger.rules.workbooks.fields import SheetField, known_headings
from luoshi.ledger.rules.workbooks.headings import Heading, find_heading
from luoshi.ledger.rules.workbooks.lines import META, Line, read_lines
from luoshi.ledger.rules.workbooks.verdicts import CONFLICT, UNCHANGED, Verdict, as_data, as_wish
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import Access
from luoshi.papers.fence import read_grids_fenced
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.spool import Grid
from luoshi.tasks.models import Task

KEPT = timedelta(days=60)
MOST_ROWS = 100_000
BATCH = 1000
IGNORED = "-"
SECONDS = 240.0


class WorkbookEnded(Refusal):
    """It was imported, set aside, or is being read."""

    sentence = _("This file waits no longer: it was imported or set aside. Upload it again if it is still wanted.")


def keep_workbook(
    data: bytes, *, name: str, by: Person, now: datetime, owner: Unit | None, parent: Task | None = None,
    layout: str = "",
) -> Workbook:  # fmt: skip
    """Keep an uploaded file until it is imported or set aside; nothing else changes and nothing is journalled."""
    _forget_old(by, now=now)
    kept = PurePath(name).name[-200:]
    book = Workbook(person=by, owner=owner, parent=parent, layout=layout, file_name=kept, uploaded_at=now)
    suffix = PurePath(kept).suffix.lower()[:8]
    book.file.save(f"{by.pk}-{now:%Y%m%d%H%M%S%f}{suffix}", ContentFile(data), save=False)
    try:
        book.save()
    except BaseException:
        book.file.delete(save=False)
        raise
    return book


def _forget_old(by: Person, *, now: datetime) -> None:
    old = Workbook.objects.filter(person=by, uploaded_at__lt=now - KEPT).exclude(state="applied")
    for book in old:
        book.file.delete(save=False)
        book.delete()


def read_workbook(book: Workbook, *, access: Access, now: datetime, today: date) -> bool:
    """Read a kept file and compare it with what stands; False where another is at it or it waits no longer.

    What cannot be read is noted on the workbook with a code; nothing but the workbook changes.
    """
    if not Workbook.objects.filter(pk=book.pk, state__in=["waiting", "read", "refused"]).update(
        state="reading", heard_at=now, problem=""
    ):
        return False
    try:
        _read(book, access=access, today=today)
    except UnreadablePaper as refusal:
        _refuse(book, refusal.code)
    except BaseException:
        _refuse(book, "failed")
        raise
    book.refresh_from_db()
    return True


def list_waiting(*, before: datetime) -> list[int]:
    """Workbooks that wait to be read; those whose reading fell silent before a moment are put back first."""
    Workbook.objects.filter(state="reading", heard_at__lt=before).update(state="waiting")
    return list(Workbook.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))


def _refuse(book: Workbook, problem: str) -> None:
    Workbook.objects.filter(pk=book.pk, state="reading").update(state="refused", problem=problem[:20])


def _read(book: Workbook, *, access: Access, today: date) -> None:
    with book.file.open("rb") as file:
        data = file.read()
    with read_grids_fenced(data, name=book.file_name, seconds=SECONDS) as grids:
        del data
        verdicts = _compare(book, grids, access=access, today=today)
    _keep_rows(book, verdicts)


def _compare(book: Workbook, grids: Sequence[Grid], *, access: Access, today: date) -> list[Verdict]:
    """What each row would do; what was read and how is noted on the workbook."""
    fields, columns = list_fields(access)
    meta = _read_meta(grids)
    grid, heading = _find_table(grids, _known(book, fields, meta["headings"], access=access))
    if grid is None or heading is None:
        raise UnreadableWorkbook("no_heading")
    heading = _answered(heading, book.columns.get("answers", {}))
    outlines = list(islice(_list_lines(grid, heading, outline=True), MOST_ROWS + 1))
    if len(outlines) > MOST_ROWS:
        raise UnreadableWorkbook("too_many_rows")
    wishes, tasks, same = list_wishes(
        _list_lines(grid, heading), outlines, names=heading.places, fields=fields,
        words=get_words(columns, today=today), lenient=bool(book.layout),
    )  # fmt: skip
    meanings = Meanings(access, home=get_home(access, book), today=today, lenient=bool(book.layout))
    verdicts = decide_wishes(
        wishes, access=access, fields=fields, columns=columns, meanings=meanings, owner=book.owner, parent=book.parent
    )
    _note(book, grid, heading, meta=meta, rows=len(outlines), tasks=tasks, same=same)
    return verdicts


def _note(
    book: Workbook, grid: Grid, heading: Heading, *, meta: Mapping[str, Any], rows: int, tasks: int, same: int
) -> None:
    book.columns = {
        "headings": {name: grid_heading(grid, heading, place) for name, place in heading.places.items()},
        "strange": {str(place): words for place, words in heading.strange.items()},
        "answers": book.columns.get("answers", {}), "sheet": grid.title,
    }  # fmt: skip
    known_keys = bool({"id", "code"} & set(heading.places))
    is_blind = tasks > 0 and not any(line.exported for line in _list_lines(grid, heading))
    book.counts = {"rows": rows, "same": same, "gone": max(0, meta["count"] - tasks) if known_keys else 0,
                   "blind": is_blind}  # fmt: skip
    book.exported_at = meta["at"]


class UnreadableWorkbook(UnreadablePaper):
    """A workbook without a table of tasks in it, or with too many rows."""

    def __init__(self, code: str) -> None:
        Exception.__init__(self, code)
        self.code = code


def _known(book: Workbook, fields: dict[str, SheetField], left: dict[str, str], *, access: Access) -> dict[str, str]:
    """Which field each heading stands for: as this very workbook left, else as the person's layouts say."""
    own = [field for field in fields.values() if field.step == "own"]
    layouts = {**get_layout_headings(access, book.layout), **{h: n for h, n in left.items() if n in fields}}
    known = known_headings(own, layouts)
    # What is typed beside our own tables under a heading like 备注 is asked about rather than left out.
    return known if book.layout else {heading: name for heading, name in known.items() if name != "note"}


def _read_meta(grids: Sequence[Grid]) -> dict[str, Any]:
    """What the hidden sheet says of the moment and the headings with which the workbook left."""
    found: dict[str, Any] = {"headings": {}, "at": None, "count": 0}
    for row in next((grid.rows() for grid in grids if grid.title == META), ()):
        key, first, second = (row.cells.get(column, "") for column in (1, 2, 3))
        if key == "at":
            found["at"] = _moment(first)
        elif key == "count" and first.isdecimal() and len(first) < 9:
            found["count"] = int(first)
        elif key == "heading":
            found["headings"][first] = second
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _find_table(grids: Sequence[Grid], known: dict[str, str]) -> tuple[Grid | None, Heading | None]:
    """The sheet that people see whose heading names most fields."""
    best: tuple[Grid | None, Heading | None] = (None, None)
    for grid in grids:
        if grid.is_shown and grid.title != META:
            heading = find_heading([(row.number, row.cells) for row in grid.head[:40]], known)
            if heading and (best[1] is None or len(heading.places) > len(best[1].places)):
                best = grid, heading
    return best


def _answered(heading: Heading, answers: dict[str, str]) -> Heading:
    """The heading with the answers to what it did not know."""
    places = dict(heading.places)
    strange = dict(heading.strange)
    for place, words in heading.strange.items():
        name = answers.get(words, "")
        if name and name != IGNORED and name not in places:
            places[name] = place
            del strange[place]
    return Heading(heading.row, places, strange)


def grid_heading(grid: Grid, heading: Heading, place: int) -> str:
    """The words above a column."""
    rows = [row for row in grid.head if row.number <= heading.row and place in row.cells]
    return " ".join(rows[-1].cells[place].split())[:40] if rows else ""


def _list_lines(grid: Grid, heading: Heading, *, outline: bool = False) -> Iterator[Line]:
    rows = ((row.number, row.fold, row.cells) for row in grid.rows() if row.number > heading.row)
    return read_lines(rows, heading, adopts_groups="code" not in heading.places, outline=outline)


def _keep_rows(book: Workbook, verdicts: Sequence[Verdict]) -> None:
    """Keep what rows ask for, with the choices made before where the row still conflicts in the same way."""
    rows = [
        WorkbookRow(workbook=book, number=v.wish.number, state=v.state, data=as_data(v))
        for v in verdicts
        if v.state != UNCHANGED
    ]
    with transaction.atomic():
        WorkbookRow.objects.filter(workbook=book).delete()
        WorkbookRow.objects.bulk_create(rows, batch_size=BATCH)
        settled = len(verdicts) - len(rows)
        book.counts = {**book.counts, **Counter(row.state for row in rows), "same": book.counts["same"] + settled}
        if not Workbook.objects.filter(pk=book.pk, state="reading").update(
            state="read", columns=book.columns, counts=book.counts, exported_at=book.exported_at
        ):
            raise WorkbookEnded


def decide_again(book: Workbook, *, access: Access, today: date) -> list[Verdict]:
    """What the kept rows would do now."""
    fields, columns = list_fields(access)
    meanings = Meanings(access, home=get_home(access, book), today=today, lenient=bool(book.layout))
    wishes = [as_wish(row.number, row.data) for row in book.rows.order_by("number")]
    return decide_wishes(
        wishes, access=access, fields=fields, columns=columns, meanings=meanings, owner=book.owner, parent=book.parent
    )


def choose_for_rows(book: Workbook, *, choice: str, numbers: Sequence[int] | None = None) -> int:
    """Where both changed a cell: keep what stands, or write what the sheet says; for some rows or for all."""
    _refuse_ended(book)
    rows = WorkbookRow.objects.filter(workbook=book, state=CONFLICT)
    return (rows if numbers is None else rows.filter(number__in=numbers)).update(choice=choice)


def answer_headings(book: Workbook, answers: dict[str, str]) -> None:
    """Say what unknown headings stand for (`-`: nothing); the file is to be read again."""
    _refuse_ended(book)
    book.columns = {**book.columns, "answers": {**book.columns.get("answers", {}), **answers}}
    Workbook.objects.filter(pk=book.pk).update(columns=book.columns)


def drop_workbook(book: Workbook) -> None:
    """Nobody wants it any more: the file and its rows go, nothing else. Raises WorkbookEnded."""
    if (
        not Workbook.objects.filter(pk=book.pk)
        .exclude(state__in=["applied", "dropped"])
        .update(state="dropped", file="")
    ):
        raise WorkbookEnded
    WorkbookRow.objects.filter(workbook=book).delete()
    book.file.storage.delete(book.file.name or "")


def _refuse_ended(book: Workbook) -> None:
    if book.state != "read":
        raise WorkbookEnded

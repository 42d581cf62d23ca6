"""The ledger and a task as official paper: a breakdown in any layout as Word or Excel, one task on one sheet."""

import io
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.errors import Refusal
from luoshi.core.policy import get_policy
from luoshi.ledger.queries import Choice
from luoshi.ledger.queries.layouts import get_layout_columns
from luoshi.ledger.queries.papers import TaskPaper, get_task_paper
from luoshi.ledger.queries.sheets import SheetPlan, iterate_rows, list_book_columns, name_layout, plan_layout
from luoshi.ledger.views.chips import list_chips
from luoshi.ledger.views.listing import matching
from luoshi.orgs.middleware import SignedRequest
from luoshi.papers.book import BookRow, CellValue, write_book
from luoshi.papers.writing import (
    BODY,
    FLUSH,
    HEADING,
    SUBTITLE,
    TITLE,
    TableColumn,
    add_line,
    add_table,
    save_paper,
    start_paper,
)
from luoshi.tasks.models import Task

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_ROWS = 3000
USUAL = "breakdown"
CENTRED = frozenset(
    ("serial", "level", "tier", "urgency", "due_date", "start_date", "received", "percent", "state", "light")
)
SHARES = {
    "title": 4.0, "requirement": 5.0, "standard": 4.0, "milestones": 4.0, "last_word": 4.5, "serial": 0.8, "co": 2.6,
    "lead": 2.0, "theme": 1.8, "source": 2.2,
}  # fmt: skip


class TooLongForPaper(Refusal):
    """A Word file of very many rows serves nobody."""

    status = 422


@require_GET
def table_xlsx(request: SignedRequest) -> FileResponse:
    """The filtered ledger in a layout, as a workbook to hand on; written in constant memory."""
    _choice, plan, title, tasks = _laid_out(request)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    rows = iterate_rows(tasks, plan, today=today(), policy=get_policy())
    write_book(file, title=title, columns=list_book_columns(plan, request.access, today=today()), rows=rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{title}-{today()}.xlsx")


@require_GET
def table_docx(request: SignedRequest) -> FileResponse:
    """The filtered ledger in a layout, as a Word table set by GB/T 9704-2012, on landscape A4."""
    choice, plan, title, tasks = _laid_out(request)
    rows = list(islice(iterate_rows(tasks, plan, today=today(), policy=get_policy()), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise TooLongForPaper(
            _("More than %(n)s tasks do not go on paper. Narrow the filters, or take the workbook.") % {"n": MOST_ROWS}
        )
    chips = "；".join(f"{chip.label}：{chip.words}" for chip in list_chips(choice))
    return _as_word(_write_table(title, chips, plan, rows), f"{title}-{today()}.docx")


def _laid_out(request: SignedRequest) -> tuple[Choice, SheetPlan, str, QuerySet[Task]]:
    choice, tasks = matching(request)
    key = request.GET.get("layout", "") or USUAL
    plan = plan_layout(request.access, get_layout_columns(request.access, key))
    return choice, plan, name_layout(request.access, key), tasks


def _write_table(title: str, filters: str, plan: SheetPlan, rows: Sequence[BookRow]) -> bytes:
    paper = start_paper(is_landscape=True)
    add_line(paper, title, TITLE)
    made = _("Made on %(date)s, %(n)s tasks") % {"date": _day(today()), "n": len(rows)}
    add_line(paper, f"（{made}{'；' + filters if filters else ''}）", SUBTITLE)
    columns = [
        TableColumn(heading, SHARES.get(field.name, 1.4), centred=field.name in CENTRED)
        for heading, field in zip(plan.headings, plan.fields, strict=True)
    ]
    add_table(paper, columns, _words(rows))
    return save_paper(paper)


def _words(rows: Sequence[BookRow]) -> Iterator[list[str]]:
    for row in rows:
        yield [_word(value) for value in row.cells]


def _word(value: CellValue) -> str:
    if value is None:
        return ""
    return _day(value) if isinstance(value, date) else f"{value:f}" if not isinstance(value, str | int) else str(value)


def _day(day: date) -> str:
    """A date as official paper writes it: without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


@require_GET
def task_docx(request: SignedRequest, id: int) -> FileResponse:
    """One task on its own sheet (一事一档), as a Word file."""
    sheet = get_task_paper(request.access, id=id, today=today(), policy=get_policy())
    return _as_word(_write_task(sheet), f"{sheet.title[:60]}-{today()}.docx")


def _write_task(sheet: TaskPaper) -> bytes:
    paper = start_paper()
    add_line(paper, sheet.title, TITLE)
    add_line(paper, "", FLUSH)
    pair = [TableColumn(_("Item"), 1, centred=True), TableColumn(_("What is recorded"), 4)]
    add_table(paper, pair, sheet.facts)
    if sheet.clause:
        add_line(paper, _("What the directive says"), HEADING)
        for line in sheet.clause.splitlines():
            add_line(paper, line, BODY)
    parts = (
        (_("Who does it"), sheet.duties, [_("Unit"), _("Role"), _("Own duty"), _("Due"), _("Acknowledged")]),
        (_("Milestones"), sheet.milestones, [_("Milestone"), _("By"), _("Planned %"), _("Reached")]),
        (_("What happened"), sheet.history, [_("Time"), _("Who"), _("What was done"), _("Words")]),
    )
    for heading, rows, heads in parts:
        if rows:
            add_line(paper, heading, HEADING)
            add_table(paper, [TableColumn(head, 2 if head == heads[-1] else 1.2) for head in heads], rows)
    return save_paper(paper)


def _as_word(data: bytes, name: str) -> FileResponse:
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=WORD)

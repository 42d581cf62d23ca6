"""What a workbook would do, in words: its rows with what differs, what is wrong with them, why it is not read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.ledger.models import ROW_LABELS, Workbook, WorkbookRow
from luoshi.ledger.queries.workbooks import CHOICES
from luoshi.papers.refusals import REASONS
from luoshi.tasks.models import Task

LONG = 160
FAULTS: dict[str, str | Promise] = {
    "missing": gettext_lazy("is empty: fill it in"),
    "too_long": gettext_lazy("is too long: shorten it"),
    "too_large": gettext_lazy("is too large a number"),
    "too_fine": gettext_lazy("has more than four decimal places"),
    "no_choice": gettext_lazy("is none of the choices: pick one from the list in the cell"),
    "no_whole": gettext_lazy("is no whole number: write digits only"),
    "no_number": gettext_lazy("is no number from 0 with at most three decimals: write digits only"),
    "no_date": gettext_lazy("is no date: write it like 2026-11-20"),
    "no_target": gettext_lazy("is no target: write it like >=2.5 万亩"),
    "no_milestone": gettext_lazy("is no list of milestones: write one a line, like 2026-06-30 50% 主体完工"),
    "formula_error": gettext_lazy("is an error of a formula: write the value"),
    "no_unit": gettext_lazy("names no unit that you see: write its name, short name or code"),
    "no_person": gettext_lazy("names no leader, or more than one, who may sponsor tasks"),
    "no_task": gettext_lazy("is no task that you see: restore the number, or empty it to make the row a new task"),
    "repeated": gettext_lazy("stands in an earlier row too: empty it here if this row is to be a new task"),
    "other_row": gettext_lazy("belongs to another row: restore the number that stood here"),
    "no_place": gettext_lazy(
        "does not say where the task belongs: write the number of the task above it, or 1 as its "
        "depth"
    ),
    "no_parent": gettext_lazy("is no task that you see: correct the number"),
    "parent_wrong": gettext_lazy("stands under a row that has an error: correct that row first"),
    "parent_ended": gettext_lazy("has ended and takes no parts: choose another task"),
    "parent_not_yours": gettext_lazy("is not a task under which you may draft: ask the unit that asked for it"),
    "circle": gettext_lazy("would place the task under itself: choose another task"),
    "no_owner": gettext_lazy(
        "needs a unit that asks for it, and you draft for none: write the number of a task of yours "
        "above it"
    ),
    "not_yours": gettext_lazy("is not yours to change: leave the cell to the unit that asked for the task"),
    "settled": gettext_lazy(
        "is settled since dispatch: ask for an extension or an adaptation on the task's page "
        "instead"
    ),
    "ended": gettext_lazy("belongs to a task that has ended: reopen it first"),
}  # fmt: skip
NO_WORKBOOK = gettext_lazy(
    "This is no .xlsx workbook and no .csv table, whatever its name says. Open it in Excel, WPS or LibreOffice, save "
    "it as .xlsx and upload that."
)
PROBLEMS: dict[str, str | Promise] = {
    "no_heading": gettext_lazy(
        "No heading row with a column for the task was found in the first 30 rows. Name one column "
        "“任务”, then upload again."
    ),
    "too_many_rows": gettext_lazy("There are more than 100,000 rows. Split the file and upload the parts."),
    "too_large": gettext_lazy(
        "The sheet holds more than is read here: over 100,000 rows, or columns far beside the table. Delete what does "
        "not belong to it, or split the file, and upload it again."
    ),
    "wrong_content": NO_WORKBOOK, "unsupported": NO_WORKBOOK, "needs_office": NO_WORKBOOK, "needs_ocr": NO_WORKBOOK,
    "broken": gettext_lazy(
        "The workbook is damaged or incomplete. Open it in Excel, WPS or LibreOffice, save it as .xlsx and upload the "
        "new copy."
    ),
    "expands_too_far": gettext_lazy(
        "The file unpacks to far more than a table of tasks can hold. Copy the table into a new workbook and upload "
        "that."
    ),
    "unsafe": gettext_lazy(
        "The file contains declarations that a workbook has no use for. Copy the table into a new workbook and upload "
        "that."
    ),
    "too_hard": gettext_lazy(
        "Reading the file took longer, or more memory, than is allowed. Copy the table alone into a new workbook, or "
        "split it, and upload that."
    ),
    "failed": gettext_lazy(
        "The comparison broke off. Compare once more; if it happens again, tell your "
        "administrator."
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the preview in words."""

    label: str
    exported: str
    theirs: str
    yours: str
    both: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the preview in words."""

    number: int
    state: str
    label: str
    code: str
    title: str
    task_id: int | None
    choice: str
    cells: Sequence[ShownCell]
    place: str
    faults: Sequence[str]


def list_strange(book: Workbook) -> list[str]:
    """Headings that nobody has answered for."""
    found = dict.fromkeys(book.columns.get("strange", {}).values())
    return [words for words in found if words and words not in book.columns.get("answers", {})]


def show_problem(code: str) -> str:
    """Why a workbook could not be compared, and what to do; empty where it could."""
    if code in PROBLEMS:
        return str(PROBLEMS[code])
    return " ".join(_(sentence) for sentence in REASONS[code]) if code in REASONS else code


def show_rows(rows: Sequence[WorkbookRow], labels: Mapping[str, str]) -> list[ShownRow]:
    """These rows of a preview in words; `labels` are the names of the fields."""
    parents = _list_titles(rows)
    return [_shown_row(row, labels, parents) for row in rows]


def _list_titles(rows: Sequence[WorkbookRow]) -> dict[str, str]:
    ids = {int(p[5:]) for row in rows if (p := row.data["place"]).startswith("task:")}
    return {f"task:{pk}": f"{code} {title}" for pk, code, title in
            Task.objects.filter(pk__in=ids).values_list("pk", "code", "title")}  # fmt: skip


def _shown_row(row: WorkbookRow, labels: Mapping[str, str], parents: Mapping[str, str]) -> ShownRow:
    data = row.data
    cells = [
        ShownCell(
            labels.get(name, name), _shown_value(name, was), _shown_value(name, theirs), _shown_value(name, yours), both
        )
        for name, was, theirs, yours, both in data["cells"]
    ]
    if data["task"] is None and not data["code"]:
        wish = data["wish"]
        cells = [ShownCell(labels[n], "", "", _shown_value(n, wish[n]), both=False) for n in labels if n in wish]
    place = data["place"]
    where = parents.get(place, "") or (_("row %(n)s") % {"n": place[4:]} if place.startswith("row:") else "")
    if place == "top" and data["task"]:
        where = _("the top")
    if data["theme"]:
        where = f"{where} › {data['theme']}".strip(" ›")
    return ShownRow(
        row.number, row.state, str(ROW_LABELS[row.state]), data["code"], data["title"], data["task"], row.choice, cells,
        where, [show_fault(fault, labels) for fault in data["faults"]],
    )  # fmt: skip


def _shown_value(name: str, text: str) -> str:
    labels = CHOICES.get(name, {})
    words = next((str(label) for code, label in labels.items() if str(code) == text), text)
    return words if len(words) <= LONG else words[:LONG] + "…"


def show_fault(fault: Sequence[str], labels: Mapping[str, str]) -> str:
    """What is wrong with a cell, and the remedy, in one sentence."""
    name, code, text = fault
    said = f" “{text}”" if text else ""
    return f"{labels.get(name, name)}{said} {FAULTS.get(code, code)}"

"""The ledger as sheets: which columns a workbook has for a person, and its rows in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from luoshi.core.policy import Policy
from luoshi.ledger.models import Column
from luoshi.ledger.queries.extra_words import list_extra_words
from luoshi.ledger.queries.layouts import OWN_LAYOUT, get_layout_columns, get_layout_for
from luoshi.ledger.queries.records import Record, iterate_records
from luoshi.ledger.queries.workbooks import CHOICES, list_fields
from luoshi.ledger.rules import LIGHTS
from luoshi.ledger.rules.layouts import PRESETS
from luoshi.ledger.rules.workbooks.fields import OFFERED, SEEN, SHOWN, SheetField
from luoshi.ledger.rules.workbooks.lines import META, write_exported
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import Access
from luoshi.papers.book import BookColumn, BookRow, CellValue, write_book
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.tasks.models import STATE_LABELS, Task
from luoshi.tasks.queries import list_sponsors_for, list_unit_names

HIDDEN = ("id", "version", "exported")
WRAPPED = frozenset({"title", "requirement", "standard", "milestones", "last_word"})
EXTRA = frozenset({"source", "received", "handler", "theme"})
MOST_NAMES = 2000


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """The columns of a workbook by field, with the headings that they bear."""

    fields: tuple[SheetField, ...]
    headings: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return list(zip(self.headings, (field.name for field in self.fields), strict=True))


def plan_sheet(access: Access, layout: Sequence[tuple[str, str]] = ()) -> SheetPlan:
    """The columns for editing: those of a layout with its own headings first, then what it lacks, own columns, keys."""
    fields, columns = list_fields(access)
    given = {name: heading for heading, name in layout if name in fields}
    rest = [name for name in (*OFFERED, *columns, *SEEN) if name not in given]
    names = [*given, *rest, *HIDDEN]
    if "serial" in given:
        names.remove("serial")
    taken: set[str] = set()
    headings = []
    for name in names:
        heading = given.get(name) or _heading(fields[name])
        while heading in taken:
            heading += "*"
        taken.add(heading)
        headings.append(heading)
    return SheetPlan(tuple(fields[name] for name in names), tuple(headings), tuple(columns.values()))


def plan_layout(access: Access, layout: Sequence[tuple[str, str]]) -> SheetPlan:
    """The columns of a layout alone, to be read and printed."""
    fields, columns = list_fields(access)
    kept = [(heading, name) for heading, name in layout if name in fields]
    shown = {name for _heading, name in kept}
    own = tuple(column for name, column in columns.items() if name in shown)
    return SheetPlan(tuple(fields[name] for _h, name in kept), tuple(h for h, _name in kept), own)


def name_fields(access: Access) -> dict[str, str]:
    """What the fields of a workbook are called."""
    return {name: _heading(field) for name, field in list_fields(access)[0].items()}


def name_layout(access: Access, key: str) -> str:
    """What a layout is called. Raises Http404."""
    if key in PRESETS:
        return PRESETS[key].chinese if (get_language() or "zh").startswith("zh") else PRESETS[key].english
    get_layout_columns(access, key)
    return get_layout_for(access, id=int(key.removeprefix(OWN_LAYOUT))).name


def _heading(field: SheetField) -> str:
    return field.chinese if (get_language() or "zh").startswith("zh") else field.english


def list_book_columns(plan: SheetPlan, access: Access, *, today: date) -> list[BookColumn]:
    """The columns as a workbook shows them, with what may be chosen in each."""
    choices = _list_choices(plan, access, today=today)
    return [
        BookColumn(
            heading, min(field.width, 60), choices.get(field.name, ()), wraps=field.name in WRAPPED,
            is_hidden=field.name in HIDDEN, is_shown_only=field.step == SHOWN,
        )
        for heading, field in zip(plan.headings, plan.fields, strict=True)
    ]  # fmt: skip


def _list_choices(plan: SheetPlan, access: Access, *, today: date) -> dict[str, list[str]]:
    found = {name: [str(label) for label in labels.values()] for name, labels in CHOICES.items()}
    home = _home(access)
    units = list_unit_names(home, today=today)[:MOST_NAMES] if home else []
    found |= {"lead": units, "co": units}
    found["sponsor"] = sorted(set(list_sponsors_for(access, today=today).values_list("name", flat=True)))
    own = {f"own:{column.pk}": list(column.choices) for column in plan.columns if column.choices}
    return {name: names for name, names in {**found, **own}.items() if names}


def _home(access: Access) -> Unit | None:
    return Unit.objects.filter(pk__in=access.unit_ids).order_by("path").first()


def iterate_rows(tasks: QuerySet[Task], plan: SheetPlan, *, today: date, policy: Policy) -> Iterator[BookRow]:
    """The rows of the sheet in the order of the tree, in constant memory."""
    records = iterate_records(tasks, columns=plan.columns, today=today, policy=policy)
    words = _Words(plan)
    if EXTRA & {field.name for field in plan.fields}:
        records = list_extra_words(records)
    for number, record in enumerate(records, start=1):
        yield BookRow(record.level, words.cells(replace(record, shown={**record.shown, "serial": number})))


class _Words:
    """What a sheet says again and again, translated once."""

    def __init__(self, plan: SheetPlan) -> None:
        self.fields = plan.fields
        self.choices = {n: {str(c): str(w) for c, w in labels.items()} for n, labels in CHOICES.items()}
        self.states = {code: str(label) for code, label in STATE_LABELS.items()}
        self.lights = {number: str(COLOUR_WORDS[colour]) for colour, number in LIGHTS.items()}
        self.own = {f"own:{column.pk}": column.kind for column in plan.columns}

    def cells(self, record: Record) -> list[CellValue]:
        """The cells of a row in the order of the columns."""
        return [self._cell(record, field) for field in self.fields]

    def _cell(self, record: Record, field: SheetField) -> CellValue:
        name = field.name
        if name in self._own_cells:
            shown: CellValue = self._own_cells[name](self, record)
            return shown
        text = record.values.get(name, "")
        if not text:
            return None
        if field.kind == "choice":
            return self.choices[name].get(text, text)
        if field.kind == "date" or self.own.get(name) == "date":
            return date.fromisoformat(text)
        return Decimal(text) if field.kind == "number" or self.own.get(name) == "number" else text

    _own_cells: Mapping[str, Any] = {
        "level": lambda _self, record: record.level,
        "code": lambda _self, record: record.code,
        "state": lambda self, record: self.states.get(record.state, record.state),
        "light": lambda self, record: self.lights.get(record.light, ""),
        "percent": lambda _self, record: record.shown.get("percent"),
        "last_word": lambda _self, record: record.shown.get("last_word", ""),
        "serial": lambda _self, record: record.shown.get("serial"),
        "source": lambda _self, record: record.shown.get("source", ""),
        "received": lambda _self, record: record.shown.get("received"),
        "handler": lambda _self, record: record.shown.get("handler", ""),
        "theme": lambda _self, record: record.shown.get("theme", ""),
        "note": lambda _self, _record: None,
        "id": lambda _self, record: str(record.id),
        "version": lambda _self, record: str(record.version),
        "exported": lambda _self, record: write_exported(record.level, record.values),
    }


class Counted:
    """Rows that are counted while they pass."""

    def __init__(self, rows: Iterable[BookRow]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[BookRow]:
        for row in self.rows:
            self.count += 1
            yield row


def list_meta(plan: SheetPlan, rows: Counted, *, by: Person, now: datetime) -> Iterable[Sequence[str]]:
    """What the hidden sheet keeps: when and for whom it was made, how many rows, what each heading stands for."""
    yield ("at", now.isoformat())
    yield ("by", by.username)
    yield ("count", str(rows.count))
    for heading, name in plan.pairs:
        yield ("heading", heading, name)


def write_for_editing(
    file: IO[bytes], tasks: QuerySet[Task], *, plan: SheetPlan, title: str, access: Access, by: Person, now: datetime,
    today: date, policy: Policy,
) -> int:  # fmt: skip
    """Write these tasks as a workbook that can come back; how many rows it has."""
    rows = Counted(iterate_rows(tasks, plan, today=today, policy=policy))
    return write_book(
        file, title=title, columns=list_book_columns(plan, access, today=today), rows=rows,
        indented=next((n for n, field in enumerate(plan.fields) if field.name == "title"), None),
        hidden=(META, list_meta(plan, rows, by=by, now=now)),
    )  # fmt: skip

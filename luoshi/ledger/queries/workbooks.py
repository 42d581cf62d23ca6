"""Workbooks that came back: whose they are, what their rows would do now, and what names in them mean."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import translation

from luoshi.ledger.models import Column, Workbook, WorkbookRow
from luoshi.ledger.queries.columns import list_columns, may_fill_cell
from luoshi.ledger.queries.layouts import get_layout_columns, list_layouts
from luoshi.ledger.queries.records import list_records
from luoshi.ledger.rules.workbooks.cells import Fault, Words, split_names
from luoshi.ledger.rules.workbooks.fields import (
    BY_NAME,
    CONTENT,
    OWN_PREFIX,
    PLACE,
    STEER,
    SheetField,
    own_field,
)
from luoshi.ledger.rules.workbooks.lines import Line, identify, recognised, settle_places
from luoshi.ledger.rules.workbooks.verdicts import (
    ERROR,
    Known,
    Verdict,
    Wish,
    decide,
    decide_places,
    read_wish,
)
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import UnknownUnit
from luoshi.orgs.rules import Access
from luoshi.tasks.models import CADENCE_LABELS, KIND_LABELS, TIER_LABELS, URGENCY_LABELS, Duty, Task
from luoshi.tasks.queries import NameReader, list_owners_for, list_sponsors_for, list_task_facts
from luoshi.tasks.rules.access import TaskFacts, may, may_see
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.states import ENDED, DutyRole, is_lawful

Key = TypeVar("Key")
CHUNK = 2000
CHOICES: Mapping[str, Mapping[Any, Any]] = {
    "kind": dict(KIND_LABELS), "tier": dict(TIER_LABELS), "urgency": dict(URGENCY_LABELS),
    "cadence": {code: label for code, label in CADENCE_LABELS.items() if code},
}  # fmt: skip
LANGUAGES = ("zh-hans", "en")


def list_fields(access: Access) -> tuple[dict[str, SheetField], dict[str, Column]]:
    """The fields that a workbook of this person may hold, and the own columns among them by field."""
    columns = {f"{OWN_PREFIX}{column.pk}": column for column in list_columns(access)}
    own = {name: own_field(column.pk, column.name, column.kind) for name, column in columns.items()}
    return {**BY_NAME, **own}, columns


def get_words(columns: Mapping[str, Column], *, today: date) -> Words:
    """What people call the choices, in either language, by their codes and labels."""
    found: dict[str, dict[str, str]] = {name: {str(code): str(code) for code in CHOICES[name]} for name in CHOICES}
    for language in LANGUAGES:
        with translation.override(language):
            for name, labels in CHOICES.items():
                found[name] |= {str(label): str(code) for code, label in labels.items()}
    own = {name: list(column.choices) for name, column in columns.items()}
    return Words(found, own, year=today.year)


def get_workbook_for(access: Access, *, id: int) -> Workbook:
    """The person's own workbook; else 404."""
    found = Workbook.objects.select_related("owner", "parent").filter(pk=id, person=access.person_id).first()
    if found is None:
        raise Http404
    return found


def list_workbooks(access: Access, *, limit: int = 20) -> list[Workbook]:
    """The person's latest workbooks."""
    return list(Workbook.objects.filter(person=access.person_id).select_related("owner", "parent")[:limit])


def count_rows(workbook: Workbook) -> dict[str, int]:
    """How many rows of each kind wait in the workbook."""
    rows = WorkbookRow.objects.filter(workbook=workbook).order_by().values_list("state")
    return dict(rows.annotate(Count("pk")))


def count_moves(workbook: Workbook) -> int:
    """How many rows would hang a task elsewhere."""
    rows = WorkbookRow.objects.filter(workbook=workbook, state__in=["changed", "conflict"])
    return rows.exclude(data__place="").count()


def list_rows_of(workbook: Workbook, *, state: str = "") -> QuerySet[WorkbookRow]:
    """The rows of a workbook that ask for something, in the order of the sheet."""
    rows = WorkbookRow.objects.filter(workbook=workbook).order_by("number")
    return rows.filter(state=state) if state else rows


def list_wishes(
    lines: Iterable[Line], outlines: Sequence[Line], *, names: Collection[str], fields: Mapping[str, SheetField],
    words: Words, lenient: bool,
) -> tuple[list[Wish], int, int]:  # fmt: skip
    """What the rows ask for, how many of them are tasks, and how many of those ask for nothing.

    The outlines are held whole, the lines pass one by one; `names` are the fields that the sheet has.
    """
    codes = {code for line in outlines if (code := line.texts.get("code", "").strip())}
    ids: dict[str, int] = {}
    for part in _parts(sorted(codes)):
        ids |= dict(Task.objects.filter(code__in=part).order_by().values_list("code", "pk"))
    known = settle_places(identify(outlines, codes=ids))
    compared = [fields[name] for name in fields if name in names]
    wishes = (read_wish(line, compared, words, lenient=lenient) for line in recognised(lines, known))
    asking = [wish for wish in wishes if wish.asks]
    tasks = sum(line.task_id is not None for line in known)
    return asking, tasks, tasks - sum(wish.task_id is not None for wish in asking)


def decide_wishes(
    wishes: Sequence[Wish], *, access: Access, fields: Mapping[str, SheetField], columns: Mapping[str, Column],
    meanings: "Meanings", owner: Unit | None, parent: Task | None,
) -> list[Verdict]:  # fmt: skip
    """What these rows would do now, to what this person may change."""
    wishes = [_rooted(wish, parent) for wish in wishes]
    ids = {wish.task_id for wish in wishes if wish.task_id is not None}
    above = {wish.place for wish in wishes if wish.place.startswith(("code:", "id:"))}
    named = _list_named(above)
    known = list_known(sorted(ids | set(named.values())), access=access, columns=columns)
    tasks = {pk: known[pk] for pk in ids if pk in known}
    parents = {place: known[pk] for place, pk in named.items() if pk in known}
    verdicts = [decide(wish, tasks.get(wish.task_id or 0), fields) for wish in wishes]
    held = list_held([wish.task_id for wish in wishes if wish.cells.keys() & {"lead", "co"}])
    verdicts = [_named(v, meanings, held.get(v.wish.task_id or 0, {}), owner=owner) for v in verdicts]
    paths = {found.id: found.path for found in known.values()}
    return decide_places(verdicts, parents=parents, tasks=tasks, paths=paths)


def _rooted(wish: Wish, parent: Task | None) -> Wish:
    """A new row without a place of its own stands under the task that was chosen for the whole table."""
    if parent is None or not wish.is_new or wish.code or wish.place not in ("", "top"):
        return wish
    faults = tuple(fault for fault in wish.faults if fault.code != "no_place")
    return replace(wish, place=f"id:{parent.pk}", faults=faults)


def _list_named(places: Iterable[str]) -> dict[str, int]:
    """The tasks that rows name as their parents."""
    found = {place: int(place[3:]) for place in places if place.startswith("id:")}
    codes = {place[5:]: place for place in places if place.startswith("code:")}
    for part in _parts(sorted(codes)):
        for code, pk in Task.objects.filter(code__in=part).order_by().values_list("code", "pk"):
            found[codes[code]] = pk
    return found


def list_known(ids: Sequence[int], *, access: Access, columns: Mapping[str, Column]) -> dict[int, Known]:
    """These tasks as they stand, with what this person may change; those they may not see are left out."""
    found: dict[int, Known] = {}
    for part in _parts(list(ids)):
        tasks = list(Task.objects.filter(pk__in=part).select_related("owner").order_by())
        facts = list_task_facts(tasks)
        seen = [task.pk for task in tasks if may_see(access, facts[task.pk])]
        for pk, record in list_records(seen, columns=list(columns.values())).items():
            held = facts[pk]
            own = frozenset(name for name, column in columns.items() if may_fill_cell(access, held, column))
            found[pk] = Known(
                pk, record.code, record.values, record.path, record.parent_id, _steps(access, held), own,
                _why_not(access, held),
            )  # fmt: skip
    return found


def _steps(access: Access, facts: TaskFacts) -> frozenset[str]:
    """Which kinds of cells this person may change now, and whether they may hang parts under the task."""
    found = set()
    if may(access, facts, "draft") and is_lawful(facts.state, "draft"):
        found.add(CONTENT)
    if may(access, facts, "steer") and is_lawful(facts.state, "steer"):
        found |= {STEER, PLACE}
    if facts.state not in ENDED and (may(access, facts, "draft") or may(access, facts, "cascade")):
        found.add("parts")
    return frozenset(found)


def _why_not(access: Access, facts: TaskFacts) -> str:
    if not may(access, facts, "draft"):
        return "not_yours"
    return "ended" if facts.state in ENDED else "settled"


class Meanings:
    """What the names in a workbook mean: units, groups of units, sponsors. Each name is looked up once."""

    def __init__(self, access: Access, *, home: Unit | None, today: date, lenient: bool = False) -> None:
        self.access, self.today, self.lenient = access, today, lenient
        self.reader = NameReader(access, home=home, today=today) if home else None
        self._units: dict[str, DutyRow | None] = {}
        self._sponsors: dict[str, list[int]] | None = None

    def units(self, text: str, *, role: str, held: Mapping[str, DutyRow]) -> tuple[list[DutyRow], list[str]]:
        """The duties that the names in a cell stand for, and the names that stand for nobody."""
        rows, lost = [], []
        for name in split_names(text):
            row = held.get(name) or self._unit(name)
            if row is None and self.lenient:
                row = DutyRow(role, None, name[:120])
            if row is None:
                lost.append(name)
            else:
                rows.append(replace(row, role=role))
        return rows, lost

    def _unit(self, name: str) -> DutyRow | None:
        if name not in self._units:
            try:
                self._units[name] = self.reader.read(name, role=DutyRole.CO) if self.reader else None
            except UnknownUnit:
                self._units[name] = None
        return self._units[name]

    def sponsor(self, name: str) -> int | None:
        """The one leader of this name who may sponsor tasks."""
        if self._sponsors is None:
            self._sponsors = {}
            for pk, known in list_sponsors_for(self.access, today=self.today).values_list("pk", "name"):
                self._sponsors.setdefault(known, []).append(pk)
        found = self._sponsors.get(name, [])
        return found[0] if len(found) == 1 else None


def get_home(access: Access, workbook: Workbook) -> Unit | None:
    """The unit in whose tree names are looked up."""
    if workbook.owner is not None:
        return workbook.owner
    return Unit.objects.filter(pk__in=access.unit_ids).order_by("path").first()


def _named(verdict: Verdict, meanings: Meanings, held: Mapping[str, DutyRow], *, owner: Unit | None) -> Verdict:
    """The verdict with what is wrong with the names in it, and with who would ask for a new task."""
    faults = []
    for name in ("lead", "co"):
        if name in verdict.wish.cells and _differs(verdict, name):
            _rows, lost = meanings.units(verdict.wish.cells[name], role=DutyRole.CO, held=held)
            faults += [Fault(name, "no_unit", "、".join(lost)[:80])] if lost else []
    sponsor = verdict.wish.cells.get("sponsor", "")
    if sponsor and meanings.sponsor(sponsor) is None and _differs(verdict, "sponsor"):
        faults.append(Fault("sponsor", "no_person", sponsor[:40]))
    if verdict.wish.is_new and not verdict.wish.code and owner is None and verdict.wish.place in ("", "top"):
        faults.append(Fault("parent", "no_owner"))
    return replace(verdict, state=ERROR, faults=(*verdict.faults, *faults)) if faults else verdict


def _differs(verdict: Verdict, name: str) -> bool:
    return verdict.wish.is_new or any(cell.field == name for cell in verdict.cells)


def list_held(ids: Sequence[int | None]) -> dict[int, dict[str, DutyRow]]:
    """The duties of these tasks by the name under which a workbook shows them."""
    found: dict[int, dict[str, DutyRow]] = {}
    for part in _parts([pk for pk in ids if pk]):
        rows = Duty.objects.filter(task__in=part).order_by("pk").select_related("unit")
        for duty in rows:
            name = (duty.unit.short_name or duty.unit.name) if duty.unit else duty.written_name or duty.selector
            row = DutyRow(
                duty.role, duty.unit_id, duty.written_name, duty.selector, duty.text, duty.due_date
            )  # fmt: skip
            found.setdefault(duty.task_id, {}).setdefault(name, row)
    return found


def choose_owner(access: Access) -> Unit | None:
    """The unit in whose name a person's new tasks are asked for, unless they choose another."""
    return list_owners_for(access).first()


def _parts(keys: Sequence[Key]) -> Iterable[Sequence[Key]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def get_layout_headings(access: Access, layout: str) -> dict[str, str]:
    """What the headings of the person's own layouts stand for; those of the chosen one rule."""
    found = {heading: name for each in list_layouts(access) for heading, name in each.columns}
    return found | dict(get_layout_columns(access, layout)) if layout else found

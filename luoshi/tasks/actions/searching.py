"""Keeping what is searched right: in the transaction of every act that writes words, and anew for the whole ledger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from luoshi.core.bulk import insert_like
from luoshi.core.events import subscribe
from luoshi.core.models import Entry
from luoshi.core.prepared import prepared
from luoshi.directives.models import Directive
from luoshi.orgs.models import Unit, UnitName
from luoshi.tasks.models import DIRECTIVE, TASK, UNIT, SearchLine, SearchText, Task
from luoshi.tasks.rules.searching import initials_of, key_of, words_of

CHUNK = 2000
WORDED = ("create_task", "open_tasks", "edit_task", "decide_adaptation", "cascade_task", "cascade_tasks",
          "apply_workbook", "follow_units", "decide_change")  # fmt: skip
OF_UNITS = ("create_unit", "rename_unit", "merge_units", "split_unit", "apply_sheet")
OF_DIRECTIVES = ("register_directive", "edit_directive", "reread_directive")
Fields = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """What a search would not have found, or would have found wrongly."""

    tasks: int
    units: int
    directives: int
    left_over: int  # texts that nothing says any more

    def __bool__(self) -> bool:
        return bool(self.tasks or self.units or self.directives or self.left_over)


def index_tasks(ids: Sequence[int]) -> int:
    """Make these tasks findable by what they say now; how many were not."""
    return sum(_index_rows(list(ids[n : n + CHUNK]), check=False) for n in range(0, len(ids), CHUNK))


def _index_rows(ids: list[int], *, check: bool) -> int:
    wanted = {pk: (title, words) for pk, title, words in _list_said(ids)}
    keys = {fields: key_of(*fields) for fields in set(wanted.values())}
    texts = dict(_list_texts(list(keys.values())))
    lines = dict(_list_lines(ids))
    wrong = [pk for pk, fields in wanted.items() if texts.get(keys[fields], -1) != lines.get(pk)]
    if check or not wrong:
        return len(wrong)
    texts |= _add_texts(TASK, {keys[f]: f for f in keys if keys[f] not in texts}, titles=1)
    rows = [SearchLine(task_id=pk, text_id=texts[keys[wanted[pk]]]) for pk in wrong]
    SearchLine.objects.bulk_create(rows, update_conflicts=True, unique_fields=["task"], update_fields=["text"])
    return len(wrong)


@prepared
def _list_said(tasks: list[int]) -> QuerySet[Task, Any]:
    return Task.objects.filter(pk__in=tasks).order_by().values_list("pk", "title", "requirement")


@prepared
def _list_texts(keys: list[int]) -> QuerySet[SearchText, Any]:
    return SearchText.objects.filter(kind=TASK, key__in=keys).order_by().values_list("key", "pk")


@prepared
def _list_lines(tasks: list[int]) -> QuerySet[SearchLine, Any]:
    return SearchLine.objects.filter(task__in=tasks).order_by().values_list("task_id", "text_id")


def _add_texts(kind: int, fresh: Mapping[int, Fields], *, titles: int) -> dict[int, int]:
    """Insert texts by key, the first `titles` fields with their initials; the ids of their rows by key."""
    if not fresh:
        return {}
    rows = [_text(kind, key, fields, titles=titles) for key, fields in fresh.items()]
    SearchText.objects.bulk_create(rows, ignore_conflicts=True)
    return dict(SearchText.objects.filter(kind=kind, key__in=list(fresh)).values_list("key", "pk"))


def _text(kind: int, key: int, fields: Fields, *, titles: int) -> SearchText:
    initials = " ".join(initials_of(field) for field in fields[:titles])
    return SearchText(kind=kind, key=key, words=words_of(*fields), initials=initials)


def index_parts(parent: int, first: int, last: int) -> None:
    """Make the parts of a cascade findable; where all say the same, in one statement however many they are."""
    where = {"parent": parent, "pk__range": (first, last)}
    parts = Task.objects.filter(**where).order_by()
    said = list(parts.values_list("title", "requirement").distinct()[:2])
    if len(said) != 1:
        index_tasks(list(parts.values_list("pk", flat=True)))
        return
    key = key_of(*said[0])
    found = SearchText.objects.filter(kind=TASK, key=key).values_list("pk", flat=True).first()
    text = found or _add_texts(TASK, {key: said[0]}, titles=1)[key]
    table = connection.ops.quote_name(Task._meta.db_table)
    source = f"{table} t WHERE t.parent_id = %s AND t.id BETWEEN %s AND %s"
    insert_like(SearchLine(text_id=text), source, [parent, first, last], task_id="t.id")


def index_units(units: Iterable[int]) -> int:
    """Make these units findable by the names they bear and bore; how many were not."""
    return _put(UNIT, _list_names(sorted(set(units))), titles=2, check=False)


def _list_names(ids: Sequence[int]) -> Iterator[tuple[int, Fields]]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        names: dict[int, list[str]] = {}
        for unit, name in UnitName.objects.filter(unit__in=chunk).order_by("pk").values_list("unit", "name"):
            names.setdefault(unit, []).append(name)
        for pk, name, short, code in Unit.objects.filter(pk__in=chunk).values_list("pk", "name", "short_name", "code"):
            yield pk, (name, short, *(n for n in dict.fromkeys(names.get(pk, ())) if n not in (name, short)), code)


def index_directives(ids: Iterable[int]) -> int:
    """Make these directives findable by title, number and issuer; how many were not."""
    rows = Directive.objects.filter(pk__in=list(ids)).order_by().values_list("pk", "title", "number", "issuer")
    return _put(DIRECTIVE, ((pk, (title, number, issuer)) for pk, title, number, issuer in rows), titles=1, check=False)


def _put(kind: int, rows: Iterator[tuple[int, Fields]], *, titles: int, check: bool) -> int:
    """Bring the texts of units or directives up to date; how many were not."""
    wrong = 0
    while chunk := dict(islice(rows, CHUNK)):
        stored = SearchText.objects.filter(kind=kind, key__in=list(chunk)).values_list("key", "words", "initials")
        held = {key: (words, initials) for key, words, initials in stored}
        wanted = [_text(kind, key, fields, titles=titles) for key, fields in chunk.items()]
        changed = [row for row in wanted if held.get(row.key) != (row.words, row.initials)]
        wrong += len(changed)
        if not check:
            SearchText.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["kind", "key"], update_fields=["words", "initials"]
            )
    return wrong


def reindex(*, check: bool = False) -> Drift:
    """Compare all that is searched with what stands, and put it right unless only to check."""
    with transaction.atomic():
        ids = Task.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK)
        tasks = 0
        while chunk := list(islice(ids, CHUNK)):
            tasks += _index_rows(chunk, check=check)
        every = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
        units = _put(UNIT, _list_names(every), titles=2, check=check)
        papers = Directive.objects.order_by("pk").values_list("pk", "title", "number", "issuer").iterator()
        named = ((pk, (title, number, issuer)) for pk, title, number, issuer in papers)
        directives = _put(DIRECTIVE, named, titles=1, check=check)
        return Drift(tasks, units, directives, _sweep(check=check))


def _sweep(*, check: bool) -> int:
    """Texts that no task says any more, and those of units and directives that are gone."""
    lines = SearchLine.objects.filter(text=OuterRef("pk"))
    gone = SearchText.objects.filter(
        Q(kind=TASK) & ~Exists(lines)
        | Q(kind=UNIT) & ~Exists(Unit.objects.filter(pk=OuterRef("key")))
        | Q(kind=DIRECTIVE) & ~Exists(Directive.objects.filter(pk=OuterRef("key")))
    )
    return gone.count() if check else gone.delete()[0]


def note_tasks(entry: Entry) -> None:
    """Listener: the tasks of an act that wrote words."""
    data: dict[str, Any] = entry.data
    for parent, first, last, _count in data.get("parts", ()):
        index_parts(parent, first, last)
    ids = [*data.get("task_ids", ()), *(row["task"] for row in data.get("updated", ()))]
    if entry.subject_type == "task" and "parts" not in data:
        ids.append(int(entry.subject_id))
    index_tasks(list(dict.fromkeys(ids)))


def note_units(entry: Entry) -> None:
    """Listener: units made or named otherwise; a sheet of units may have changed any below the one of the entry."""
    if entry.verb == "apply_sheet":
        if entry.data.get("kind") == "units":
            index_units(Unit.objects.within(entry.unit_path).order_by().values_list("pk", flat=True))
        return
    index_units([int(entry.subject_id), *(row["id"] for row in entry.data.get("successors", ()))])


def note_directive(entry: Entry) -> None:
    """Listener: a directive registered, or its head changed."""
    index_directives([int(entry.subject_id)])


def listen() -> None:
    """Hear of every act that writes words that can be searched."""
    for listener, verbs in ((note_tasks, WORDED), (note_units, OF_UNITS), (note_directive, OF_DIRECTIVES)):
        for verb in verbs:
            subscribe(verb, listener)

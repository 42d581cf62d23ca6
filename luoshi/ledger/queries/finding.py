"""What one box finds: tasks, units, directives, people and pages, each as far as the reader may see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.models import Entry
from luoshi.core.prepared import prepared
from luoshi.core.shell import navigation, url
from luoshi.directives.models import Directive
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import list_people
from luoshi.orgs.rules import Access, Role
from luoshi.tasks.models import DIRECTIVE, STATE_LABELS, UNIT, Task
from luoshi.tasks.queries import holding, list_visible, says
from luoshi.tasks.rules.searching import excerpt, initials_of, parse_query, stands_in, words_of

SHOWN = 5  # of each kind
LOOKED_THROUGH = 60  # entries of the journal in which what the reader did last is looked for
RANKED = 25  # tasks among which those of late and those with the words in their title come first
PAGES: tuple[tuple[str, Promise | str, str], ...] = (  # who may open it, its name, its address
    ("", _("Compare two days"), "ledger:between"),
    ("", _("Indicators"), "progress:indicators"),
    ("", _("Saved views"), "ledger:views"),
    ("", _("Own columns"), "ledger:columns"),
    ("", _("Notices"), "notices:list"),
    ("", _("People"), "orgs:people"),
    ("", _("Working-day calendar"), "core:calendar_days"),
    ("", _("Rules of the linter"), "tasks:lint_rules"),
    ("", _("To dispatch"), "tasks:drafts"),
    ("", _("Suggestion box"), "notices:suggestions"),
    ("", _("My account"), "orgs:me"),
    ("work", _("New task"), "tasks:create"),
    ("work", _("Register a directive"), "directives:new"),
    ("work", _("Bring a workbook back"), "ledger:workbooks"),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that can be opened."""

    label: str
    note: str
    url: str
    is_recent: bool = False
    said: tuple[str, str, str] | None = None  # where its text holds the words when its label does not


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, at most SHOWN; `has_more` when there are others."""

    kind: str
    hits: Sequence[Hit]
    has_more: bool = False


Recent = dict[str, list[int]]


def find(access: Access, text: str, *, today: date) -> list[Group]:
    """The groups that hold something; without words what the reader did last, and the pages."""
    recent = list_recent(access)
    if not parse_query(text):
        return _some([Group("task", _recent_tasks(access, recent)), Group("page", _pages(access, text)[:SHOWN])])
    pages = _pages(access, text)
    found = [
        _group("task", _find_tasks(access, text, recent)),
        _group("directive", _find_directives(access, text, recent)),
        _group("unit", _find_units(access, text, recent, today=today)),
        _group("person", _find_people(access, text, today=today)),
        _group("page", pages),
    ]
    return _some(found)


def _some(groups: Iterable[Group]) -> list[Group]:
    return [group for group in groups if group.hits]


def _group(kind: str, hits: list[Hit]) -> Group:
    ordered = sorted(hits, key=lambda hit: not hit.is_recent)
    return Group(kind, ordered[:SHOWN], len(hits) > SHOWN)


def list_recent(access: Access) -> Recent:
    """The tasks, directives and units that the reader did something with last, latest first."""
    found: Recent = {}
    for kind, key in _list_own_subjects(access.person_id):
        if kind in ("task", "directive", "unit") and int(key) not in found.setdefault(kind, []):
            found[kind].append(int(key))
    return found


@prepared
def _list_own_subjects(person: int) -> QuerySet[Entry, Any]:
    mine = Entry.objects.filter(actor=person).order_by("-seq")
    return mine.values_list("subject_type", "subject_id")[:LOOKED_THROUGH]


def _recent_tasks(access: Access, recent: Recent) -> list[Hit]:
    order = {pk: place for place, pk in enumerate(recent.get("task", []))}
    rows = list(list_visible(access).filter(pk__in=list(order)).values_list(*TASK_COLUMNS)) if order else []
    return [_task(row, recent) for row in sorted(rows, key=lambda row: order[row[0]])[:SHOWN]]


TASK_COLUMNS = ("pk", "title", "code", "state", "requirement")


def _task(row: tuple[Any, ...], recent: Recent, text: str = "") -> Hit:
    pk, title, code, state, requirement = row
    said = None if excerpt(title, text) else excerpt(requirement, text)
    note = f"{code} · {STATE_LABELS[state]}"
    return Hit(title, note, url("ledger:task", pk), pk in recent.get("task", ()), said)


def _find_tasks(access: Access, text: str, recent: Recent) -> list[Hit]:
    """The latest tasks that hold the words: those the reader did something with, then those with them in the title."""
    tasks: QuerySet[Task, Any] = list_visible(access).filter(says(text)).values_list(*TASK_COLUMNS)
    rows = list(tasks.order_by("-pk")[:RANKED])
    phrases = parse_query(text)

    def rank(row: tuple[Any, ...]) -> tuple[bool, bool]:
        words, initials = words_of(row[1], row[2]), initials_of(row[1])
        is_named = all(stands_in(phrase, words=words, initials=initials) for phrase in phrases)
        return row[0] not in recent.get("task", ()), not is_named

    return [_task(row, recent, text) for row in sorted(rows, key=rank)]


def _find_directives(access: Access, text: str, recent: Recent) -> list[Hit]:
    rows = Directive.objects.visible_to(access).filter(holding(DIRECTIVE, text)).order_by("-created_at", "-pk")
    return [
        Hit(title, number, url("directives:review", pk), pk in recent.get("directive", ()))
        for pk, title, number in rows.values_list("pk", "title", "number")[: SHOWN + 1]
    ]


def _find_units(access: Access, text: str, recent: Recent, *, today: date) -> list[Hit]:
    rows = Unit.objects.visible_to(access).valid_on(today).filter(holding(UNIT, text)).order_by("path")
    return [
        Hit(name, code, url("orgs:unit", pk), pk in recent.get("unit", ()))
        for pk, name, code in rows.values_list("pk", "name", "code")[: SHOWN + 1]
    ]


def _find_people(access: Access, text: str, *, today: date) -> list[Hit]:
    people: Iterable[Person] = list_people(access, text=" ".join(text.split()), today=today)[: SHOWN + 1]
    return [Hit(person.name, person.username, url("orgs:person", person.pk)) for person in people]


def _pages(access: Access, text: str) -> list[Hit]:
    """The pages whose names hold the words; those where work is entered for who has work."""
    works = any(seat.role != Role.OBSERVER for seat in access.seats)
    named = [(label, target) for _room, label, target in navigation()]
    named += [(str(label), url(name)) for who, label, name in PAGES if url(name) and (works or who != "work")]
    phrases = parse_query(text)
    return [
        Hit(label, "", target)
        for label, target in named
        if all(stands_in(phrase, words=words_of(label), initials=initials_of(label)) for phrase in phrases)
    ]

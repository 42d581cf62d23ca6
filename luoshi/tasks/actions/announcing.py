"""Telling everybody in whole groups of units what they were given: two statements, however many they are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from luoshi.core.bulk import insert_like
from luoshi.core.shell import url
from luoshi.notices.actions import notify_each
from luoshi.notices.models import Notice
from luoshi.orgs.models import Person, Post
from luoshi.orgs.rules import Role
from luoshi.tasks.actions.batches import Batch
from luoshi.tasks.actions.dispatching import ONE_BY_ONE, messages_of
from luoshi.tasks.models import Duty, Task

TITLE, DAY, COUNT = "«title»", "«day»", "«count»"


def tell_batches(batches: Sequence[Batch], *, now: datetime, today: date) -> int:
    """Tell heads and handlers of each unit of its parts, and the sponsors of the tasks; how many messages."""
    source, parameters = _parts_of_people(batches, today=today)
    said = _("Dispatched: %(title)s (due %(day)s)") % {"title": TITLE, "day": DAY}
    summed = _("%(count)s tasks were dispatched to you, the first: %(title)s") % {"count": COUNT, "title": TITLE}
    before, after = url("ledger:task", 0).split("0")
    one_by_one = insert_like(
        Notice(at=now, kind="dispatch"), f"{source} WHERE told.parts <= {ONE_BY_ONE}", parameters,
        person_id="told.person_id", url=("%s || CAST(told.task_id AS varchar) || %s", [before, after]),
        text=(f"REPLACE(REPLACE(%s, '{DAY}', told.due), '{TITLE}', told.title)", [said]),
    )  # fmt: skip
    together = insert_like(
        Notice(at=now, kind="dispatch", url=url("insight:needle")),
        f"{source} WHERE told.parts > {ONE_BY_ONE} GROUP BY told.person_id, told.parts", parameters,
        person_id="told.person_id",
        text=(f"REPLACE(REPLACE(%s, '{COUNT}', CAST(told.parts AS varchar)), '{TITLE}', MIN(told.title))", [summed]),
    )  # fmt: skip
    return one_by_one + together + _tell_sponsors(batches, now=now)


def _parts_of_people(batches: Sequence[Batch], *, today: date) -> tuple[str, list[Any]]:
    """SQL of who is told of which part, with how many parts the person has in all, and its parameters."""
    task, duty, post, person = map(_table, (Task, Duty, Post, Person))
    ranges = " OR ".join("(t.parent_id = %s AND t.id BETWEEN %s AND %s)" for _batch in batches)
    workers = f"""SELECT DISTINCT t.id AS task_id, held.person_id, substr(t.title, 1, 200) AS title,
        COALESCE(CAST(COALESCE(t.due_date, t.review_date) AS varchar), '—') AS due
        FROM {task} t JOIN {duty} d ON d.task_id = t.id JOIN {post} held ON held.unit_id = d.unit_id
        JOIN {person} who ON who.id = held.person_id AND who.is_active
        WHERE ({ranges}) AND held.role IN (%s, %s) AND held.from_date <= %s
        AND (held.to_date IS NULL OR held.to_date >= %s)"""  # noqa: S608 - names of tables only
    source = f"(SELECT w.*, COUNT(*) OVER (PARTITION BY w.person_id) AS parts FROM ({workers}) AS w) AS told"  # noqa: S608
    day = connection.ops.adapt_datefield_value(today)
    given = [value for b in batches for value in (b.parent_id, b.first, b.last)]
    return source, [*given, Role.HEAD.value, Role.HANDLER.value, day, day]


def _tell_sponsors(batches: Sequence[Batch], *, now: datetime) -> int:
    """The leader in charge of a task hears once that it was given down."""
    tasks = Task.objects.filter(pk__in=[b.parent_id for b in batches], sponsor__isnull=False).order_by("sponsor", "pk")
    theirs: dict[int, list[Task]] = {}
    for task in tasks:
        theirs.setdefault(task.sponsor_id or 0, []).append(task)
    messages = [message for person, found in theirs.items() for message in messages_of(person, found)]
    return notify_each(messages, kind="dispatch", now=now)


def _table(model: type[Any]) -> str:
    return connection.ops.quote_name(model._meta.db_table)

"""Telling everybody in whole groups of units what they were given: two statements, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from luoshi.core.bulk import insert_like
from luoshi.core.shell import url
from luoshi.notices.actions import notify_each, say, write_in
from luoshi.notices.models import Notice, Wish
from luoshi.orgs.models import Person, Post
from luoshi.orgs.rules import Role
from luoshi.tasks.actions.batches import Batch
from luoshi.tasks.actions.dispatching import DISPATCHED, ONE_BY_ONE, SEVERAL, messages_of
from luoshi.tasks.models import Duty, Task

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


TITLE, DAY, COUNT = "«title»", "«day»", "«count»"


def tell_batches(batches: Sequence[Batch], *, now: datetime, today: date) -> int:
    """Tell heads and handlers of each unit of its parts, and the sponsors of the tasks; how many messages."""
    source, parameters = _parts_of_people(batches, today=today)
    said, given = _in_each_language(say(DISPATCHED, title=TITLE, day=DAY))
    summed, given_more = _in_each_language(say(SEVERAL, count=COUNT, title=TITLE))
    before, after = url("ledger:task", 0).split("0")
    due = "COALESCE(CAST(COALESCE(t.due_date, t.review_date) AS varchar), '—')"
    one_by_one = insert_like(
        Notice(at=now, kind="dispatch"), f"{source} WHERE told.parts <= {ONE_BY_ONE}", parameters,
        person_id="told.person_id", url=("%s || CAST(t.id AS varchar) || %s", [before, after]),
        text=(f"REPLACE(REPLACE({said}, '{DAY}', {due}), '{TITLE}', substr(t.title, 1, 200))", given),
    )  # fmt: skip
    count = f"'{COUNT}', CAST(told.parts AS varchar)"
    together = insert_like(
        Notice(at=now, kind="dispatch", url=url("insight:needle")),
        f"{source} WHERE told.parts > {ONE_BY_ONE} AND t.id = told.first", parameters, person_id="told.person_id",
        text=(f"REPLACE(REPLACE({summed}, {count}), '{TITLE}', substr(t.title, 1, 200))", given_more),
    )  # fmt: skip
    return one_by_one + together + _tell_sponsors(batches, now=now)


def _in_each_language(text: StrPromise) -> tuple[str, list[str]]:
    """SQL of a message in the language of who is told, and its parameters."""
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    whens = " ".join("WHEN %s THEN %s" for _code in others)
    given = [value for code in others for value in (code, write_in(code, text))]
    return f"(CASE told.language {whens} ELSE %s END)", [*given, write_in(settings.LANGUAGE_CODE, text)]


def _parts_of_people(batches: Sequence[Batch], *, today: date) -> tuple[str, list[Any]]:
    """SQL of who is told of which part, with how many parts the person has in all, and its parameters."""
    task, duty, post, person, wish = map(_table, (Task, Duty, Post, Person, Wish))
    ranges = " OR ".join("(t.parent_id = %s AND t.id BETWEEN %s AND %s)" for _batch in batches)
    pairs = f"""SELECT DISTINCT t.id AS task_id, held.person_id, COALESCE(own.language, '') AS language
        FROM {task} t JOIN {duty} d ON d.task_id = t.id JOIN {post} held ON held.unit_id = d.unit_id
        JOIN {person} who ON who.id = held.person_id AND who.is_active
        LEFT JOIN {wish} own ON own.person_id = who.id
        WHERE ({ranges}) AND held.role IN (%s, %s) AND held.from_date <= %s
        AND (held.to_date IS NULL OR held.to_date >= %s)"""  # noqa: S608 - names of tables only
    counted = "COUNT(*) OVER (PARTITION BY person_id) AS parts, MIN(task_id) OVER (PARTITION BY person_id) AS first"
    source = f"(SELECT p.*, {counted} FROM ({pairs}) AS p) AS told JOIN {task} t ON t.id = told.task_id"  # noqa: S608
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

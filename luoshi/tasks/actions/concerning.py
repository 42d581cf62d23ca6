"""Whom a step concerns, told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from luoshi.core.shell import url
from luoshi.notices.actions import notify
from luoshi.orgs.models import Person
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import Role
from luoshi.tasks.models import Task

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


DESK = (Role.HEAD.value, Role.OFFICE.value, Role.HANDLER.value)
WORKERS = (Role.HEAD.value, Role.HANDLER.value)


def tell_owner(task: Task, *, text: StrPromise, page: str, by: Person, now: datetime, today: date) -> None:
    """Tell those who decide for the unit that asked."""
    _tell(list_people_in([task.owner_id], DESK, today), text=text, page=page, by=by, now=now)


def tell_workers(task: Task, *, units: Iterable[int], text: StrPromise, by: Person, now: datetime, today: date) -> None:
    """Tell those who work on the task in these units."""
    page = url("ledger:task", task.pk)
    _tell(list_people_in(units, WORKERS, today), text=text, page=page, by=by, now=now)


def _tell(people: Iterable[Person], *, text: StrPromise, page: str, by: Person, now: datetime) -> None:
    notify([p for p in people if p.pk != by.pk], kind="task", text=text, url=page, now=now)

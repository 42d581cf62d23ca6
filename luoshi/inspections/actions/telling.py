"""Whom a step of an inspection concerns, told in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from luoshi.notices.actions import notify
from luoshi.orgs.models import Person
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def tell_heads(units: Iterable[int], *, text: StrPromise, page: str, by: Person, now: datetime) -> None:
    """Tell the heads of these units."""
    _tell(units, (Role.HEAD.value,), text=text, page=page, by=by, now=now)


def tell_workers(units: Iterable[int], *, text: StrPromise, page: str, by: Person, now: datetime) -> None:
    """Tell heads, offices and handlers of these units."""
    roles = (Role.HEAD.value, Role.OFFICE.value, Role.HANDLER.value)
    _tell(units, roles, text=text, page=page, by=by, now=now)


def tell_person(person_id: int | None, *, text: StrPromise, page: str, by: Person, now: datetime) -> None:
    """Tell one person, unless they did it themselves."""
    people = Person.objects.filter(pk=person_id or 0, is_active=True).exclude(pk=by.pk)
    notify(people, kind="inspection", text=text, url=page, now=now)


def _tell(
    units: Iterable[int], roles: tuple[str, ...], *, text: StrPromise, page: str, by: Person, now: datetime
) -> None:
    people = list_people_in(units, roles, timezone.localtime(now).date())
    notify([p for p in people if p.pk != by.pk], kind="inspection", text=text, url=page, now=now)

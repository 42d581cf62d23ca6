"""Loads the demo county into an empty database."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from luoshi.core.actions import record_entry
from luoshi.core.models import Entry
from luoshi.demo import county, planting
from luoshi.orgs.models import Person, Unit

LOADED = "load_demo"


class DatabaseNotEmpty(Exception):
    """There are units or people already, and a demo must not be mixed with them."""


@dataclass(frozen=True, slots=True)
class County:
    """The planted county: its units by code and its people by username."""

    units: dict[str, Unit]
    people: dict[str, Person]


def is_loaded() -> bool:
    """Has a demo been loaded into this database?"""
    return Entry.objects.filter(verb=LOADED).exists()


def is_city() -> bool:
    """Is it the city of `--scale city` rather than the county?"""
    return Entry.objects.filter(verb=LOADED, data__has_key="rows").exists()


def refuse_when_not_empty() -> None:
    """Raises DatabaseNotEmpty when there is any unit or person."""
    if Unit.objects.exists() or Person.objects.exists():
        raise DatabaseNotEmpty


def load_county(*, now: datetime) -> County:
    """Plant the units, people and posts of the county: one transaction, one entry. Raises DatabaseNotEmpty."""
    with transaction.atomic():
        refuse_when_not_empty()
        rows = county.units()
        units = planting.plant_units(rows)
        planting.plant_names(rows, units=units)
        people = planting.plant_people(county.people())
        posts = county.posts()
        planting.plant_posts(posts, units=units, people=people)
        planting.plant_figures(county.figures(), units=units, year=timezone.localtime(now).year - 1)
        root = units[rows[0].code]
        record_entry(
            LOADED,
            by=people[planting.ADMINISTRATOR],
            now=now,
            subject=root,
            unit_path=root.path or "",
            units=len(units),
            people=len(people),
            posts=len(posts),
        )
    return County(units=units, people=people)

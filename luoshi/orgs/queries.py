"""Reading units, people and posts; the access a person has today."""

from datetime import date

from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.rules import TENANT_LEVELS, Access, Seat, ancestor_paths


def get_access(person: Person, *, today: date) -> Access:
    """The posts a person holds on a day, as the rules need them; two queries."""
    posts = list(Post.objects.filter(person=person).held_on(today).select_related("unit"))
    paths = {path for post in posts for path in ancestor_paths(post.unit.path or "")}
    levels = dict(Unit.objects.filter(path__in=paths).values_list("path", "level"))
    seats = tuple(
        Seat(role=p.role, unit_id=p.unit_id, path=p.unit.path or "", home=_home(p.unit.path or "", levels=levels))
        for p in posts
    )
    return Access(person_id=person.pk, seats=seats, admin=person.is_superuser)


def _home(path: str, *, levels: dict[str | None, str]) -> str:
    """The nearest government or company at or above a unit; the root where there is none."""
    chain = ancestor_paths(path)
    return next((p for p in reversed(chain) if levels.get(p) in TENANT_LEVELS), chain[0])

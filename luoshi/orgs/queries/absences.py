"""Who is away when, as far as it concerns the reader."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from luoshi.orgs.models import Absence, Person, Post, Unit
from luoshi.orgs.rules import Access, Role

KEEPERS = (Role.HEAD, Role.OFFICE)


def list_staff(access: Access, *, today: date) -> QuerySet[Person]:
    """The person, and those who hold a post in exactly the units of which the person is head or office."""
    units = {seat.unit_id for seat in access.seats if seat.role in KEEPERS}
    posts = Post.objects.filter(unit__in=units, person=OuterRef("pk")).held_on(today)
    people = Person.objects.filter(is_active=True)
    return (people.filter(Exists(posts)) | people.filter(pk=access.person_id)).order_by("username")


def list_absences(access: Access, *, today: date) -> list[Absence]:
    """The days away of the person and their staff that are not over yet."""
    staff = list_staff(access, today=today).values("pk")
    found = Absence.objects.filter(person__in=staff, to_date__gte=today).select_related("person")
    return list(found.order_by("from_date", "person")[:300])


def get_absence_for(access: Access, *, id: int, today: date) -> Absence:
    """The line, when it is of the person or their staff; else 404."""
    found = Absence.objects.filter(pk=id, person__in=list_staff(access, today=today).values("pk"))
    absence = found.select_related("person").first()
    if absence is None:
        raise Http404
    return absence


def get_unit_of(person: Person, *, today: date) -> Unit | None:
    """The unit of the person's first post today."""
    post = Post.objects.filter(person=person).held_on(today).select_related("unit").order_by("pk").first()
    return post.unit if post else None


def list_away(people: Iterable[int], *, since: date, until: date) -> dict[int, list[Absence]]:
    """Who of these people is away within the days, by person, in order."""
    found: dict[int, list[Absence]] = defaultdict(list)
    rows = Absence.objects.filter(person__in=list(people), from_date__lte=until, to_date__gte=since)
    for absence in rows.order_by("from_date", "pk"):
        found[absence.person_id].append(absence)
    return found

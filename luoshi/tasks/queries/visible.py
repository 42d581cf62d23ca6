"""The tasks a person sees, read in the way that is quick for that person."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from luoshi.orgs.models import Unit
from luoshi.orgs.queries.share import is_small_part
from luoshi.orgs.rules import Access, path_range
from luoshi.tasks.models import LEADING_ROLES, Duty, Task

SMALL, GOOD_PART = 100, 4  # one unit in so many
Range = tuple[str, str]  # the lowest and the highest path of a subtree


def list_visible(access: Access, *, whole: bool = False) -> QuerySet[Task]:
    """What Task.objects.visible_to gives, in no order.

    Who sits in a government of some size sees many of the rows that an ordered index offers, so each row is tested as
    it comes. Who sits in a department, or in a government that is a small part of a large tree, sees few of them, so
    those are gathered first through the indexes on units. So are those of a reader of the `whole`, who would otherwise
    test every row there is, unless the person oversees a good part of the tree.
    """
    return _list_visible(access, few=sees_few(access, whole=whole))


def _list_visible(access: Access, *, few: bool) -> QuerySet[Task]:
    if access.admin:
        return Task.objects.order_by()
    return visible_within([path_range(path) for path in access.paths], person=access.person_id, few=few)


def visible_within(ranges: Sequence[Range], *, person: int, few: bool) -> QuerySet[Task]:
    """What somebody sees who sits over the units of these ranges: gathered first, or tested row by row."""
    tasks = Task.objects.order_by()
    return tasks.filter(pk__in=_gather(ranges, person)) if few else tasks.filter(_is_seen(ranges, person))


def sees_few(access: Access, *, whole: bool = False) -> bool:
    """Does the person see so small a part of all tasks that these are gathered before they are put in order?"""
    if access.admin:
        return False
    governs = any(seat.path == seat.home for seat in access.seats)
    return not governs or is_small_part(access.paths, share=GOOD_PART if whole else SMALL)


def _is_seen(ranges: Sequence[Range], person: int) -> Q:
    """The test of one row: its own keys lead to each answer, however many units the person oversees."""
    duties = Duty.objects.filter(_between(ranges, "unit__path")).order_by()
    leads_parent = duties.filter(task=OuterRef("parent"), role__in=LEADING_ROLES)
    return (
        _between(ranges, "owner__path")
        | Q(Exists(duties.filter(task=OuterRef("pk"))))
        | Q(Exists(leads_parent))
        | Q(sponsor=person)
    )


def within(paths: Iterable[str], name: str) -> Q:
    """Does the path of this name lie in one of the subtrees? Of none, it does not."""
    return _between([path_range(path) for path in paths], name)


def _between(ranges: Iterable[Range], name: str) -> Q:
    found = Q(pk__in=[])
    for given in ranges:
        found |= Q(**{f"{name}__range": given})
    return found


def keys_of_any(arms: Iterable[Q]) -> QuerySet[Task, Any]:
    """The keys of tasks for which any of these holds, each found in its own way: a database reads an OR row by row."""
    first, *others = (Task.objects.filter(arm).order_by().values("pk") for arm in arms)
    return first.union(*others)


def _gather(ranges: Sequence[Range], person: int) -> QuerySet[Task, Any]:
    """The keys of what the person sees, each kind through its index."""
    units = Unit.objects.between(ranges).order_by().values("pk")
    duties = Duty.objects.filter(unit__in=units).order_by()
    leading = duties.filter(role__in=LEADING_ROLES)
    tasks = Task.objects.order_by()
    return (
        tasks.filter(owner__in=units)
        .values("pk")
        .union(
            duties.values("task"),
            tasks.filter(parent__in=leading.values("task")).values("pk"),
            tasks.filter(sponsor=person).values("pk"),
        )
    )


def list_tops(access: Access) -> list[QuerySet[Task]]:
    """Of the tasks a person sees, those whose parent they do not see: in one or two sets that have none in common.

    The first is served in order by an index; the second holds what came from units outside, if there are any.
    """
    few = sees_few(access)
    visible = _list_visible(access, few=few)
    tops = visible.filter(parent__isnull=True)
    if access.admin:
        return [tops]
    ranges = [path_range(path) for path in access.paths]
    gathered = _gather(ranges, access.person_id)
    if few:
        return [tops, visible.filter(parent__isnull=False).exclude(parent__in=gathered)]
    if not _list_askers_outside(access).exists():
        return [tops]
    seen = Task.objects.order_by().filter(_is_seen(ranges, access.person_id), pk=OuterRef("parent"))
    outside = Task.objects.order_by().filter(parent__isnull=False, pk__in=gathered)
    return [tops, outside.exclude(within(access.paths, "parent__owner__path")).exclude(Exists(seen))]


def _list_askers_outside(access: Access) -> QuerySet[Unit]:
    """Units that the person does not oversee and that ask for some task."""
    outside = Q()
    for path in access.paths:
        low, high = path_range(path)
        outside &= Q(path__lt=low) | Q(path__gt=high)
    asks = Task.objects.filter(owner=OuterRef("pk")).order_by()
    return Unit.objects.filter(outside, Exists(asks)).order_by()

"""How large a part of the tree some subtrees are: it decides which way of reading is quick."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from luoshi.core.prepared import first, prepared
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import path_range

SMALL = 100  # a part is small when the tree is at least so many times as large


def is_small_part(paths: Iterable[str], *, share: int = SMALL) -> bool:
    """Do all the subtrees together hold less than one unit in `share`? Two queries, of which neither counts.

    Of a tree of less than SMALL units no part is small: there either way of reading is quick.
    """
    paths = list(paths)
    last = first(_list_last())
    units = last.pk if last else 0
    allowed = units // share // max(1, len(paths))
    return units >= SMALL and allowed > 0 and not any(_holds(path, allowed) for path in paths)


@prepared
def _list_last() -> QuerySet[Unit]:
    """The unit entered last: its number says how many there are at most."""
    return Unit.objects.order_by("-pk").only("pk")[:1]


def _holds(path: str, number: int) -> bool:
    """Does the subtree hold more than this number of units?"""
    low, high = path_range(path)
    return bool(_list_further(low, high, window=range(number, number + 1)))


@prepared
def _list_further(low: str, high: str, *, window: range) -> QuerySet[Unit, Any]:
    inside = Unit.objects.filter(path__range=(low, high)).order_by("path")
    return inside.values_list("pk", flat=True)[window.start : window.stop]

"""Paging that costs the same on page 1 and page 1,000 of a bounded list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

T = TypeVar("T")
PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows; `total` counts all rows, `number` starts at 1."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.count else None

    @property
    def first_row(self) -> int:
        """The 1-based place of the first row on this page, 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1 if self.rows else 0


def paginate(
    queryset: "QuerySet[Any, T]", *, number: object = 1, size: int = PAGE_SIZE, total: int | None = None
) -> Page[T]:
    """The page `number` of a queryset; an unreadable or too high number gives the nearest page there is."""
    size = min(size, MAX_PAGE_SIZE)
    total = queryset.count() if total is None else total
    last = max(1, -(-total // size))
    wanted = int(str(number)) if str(number).isdecimal() and len(str(number)) < 9 else 1
    place = min(max(wanted, 1), last)
    return Page(rows=list(queryset[(place - 1) * size : place * size]), number=place, size=size, total=total)

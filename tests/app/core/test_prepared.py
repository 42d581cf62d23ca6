"""Prepared queries answer as the ORM does, for every value, and refuse what they could not keep."""

from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet

from luoshi.core.models import CalendarDay
from luoshi.core.prepared import first, prepared
from luoshi.orgs.models import Post, Unit
from tests.factories.orgs import Cast


def _units(ids: list[int]) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=ids).select_related("parent").order_by("pk")


def _held(unit: int, *, day: date) -> QuerySet[Post, Any]:
    return Post.objects.filter(unit=unit).held_on(day).order_by("pk").values_list("pk", "person__name", "from_date")


def _by_code(code: str, *, level: str | None) -> QuerySet[Unit, str]:
    found = Unit.objects.filter(code=code)
    return (found.filter(level=level) if level else found).values_list("name", flat=True)


@pytest.mark.parametrize("size", [0, 1, 2, 8, 9, 70, 600, 2100])
def test_any_number_of_keys_gives_the_same_rows(cast: Cast, size: int) -> None:
    ids = list(Unit.objects.order_by("pk").values_list("pk", flat=True)) + list(range(9_000_000, 9_002_100))
    found = prepared(_units)(ids[:size])
    assert found == list(_units(ids[:size]))
    assert [unit.parent for unit in found] == [unit.parent for unit in _units(ids[:size])]


def test_days_and_keys_come_with_each_call(cast: Cast) -> None:
    held = prepared(_held)
    for unit in Unit.objects.all():
        for day in (date(2000, 1, 1), date(2026, 11, 20), date(2099, 1, 1)):
            assert held(unit.pk, day=day) == list(_held(unit.pk, day=day))


def test_a_changed_shape_is_written_anew(cast: Cast) -> None:
    by_code = prepared(_by_code)
    for code, level in (("QH", None), ("QH", "county"), ("QH-T01", "county"), ("QH-T01", None)):
        assert by_code(code, level=level) == list(_by_code(code, level=level))


def test_rows_are_read_anew_at_each_call(cast: Cast) -> None:
    days = prepared(lambda day: CalendarDay.objects.filter(day=day).values_list("name", flat=True))
    CalendarDay.objects.filter(day=date(2026, 5, 1)).delete()
    assert first(days(date(2026, 5, 1))) is None
    CalendarDay.objects.create(day=date(2026, 5, 1), is_workday=False, name="劳动节")
    assert first(days(date(2026, 5, 1))) == "劳动节"


@pytest.mark.parametrize(
    "build",
    [
        lambda text: Unit.objects.filter(name__icontains=text),
        lambda text: Unit.objects.filter(name=text, path__startswith=text),
        lambda text: Unit.objects.all(),
        lambda text: Unit.objects.none(),
    ],
)
def test_a_value_that_the_query_changes_is_refused(cast: Cast, build: Any) -> None:
    with pytest.raises(TypeError, match="cannot be prepared"):
        prepared(build)("县")


def test_a_slice_by_a_value_is_refused(cast: Cast) -> None:
    with pytest.raises(TypeError, match="cannot be prepared"):
        prepared(lambda unit, size: Unit.objects.filter(pk=unit)[:size])(1, 5)

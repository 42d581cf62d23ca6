"""What a unit's own table headings stand for, remembered for its next paper."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from luoshi.core.actions import record_entry
from luoshi.directives.models import ColumnName
from luoshi.directives.queries import get_tenant_path
from luoshi.orgs.models import Person, Unit


def remember_columns(unit: Unit, *, roles: Mapping[str, str], by: Person, now: datetime) -> int:
    """Keep what the headings stand for, for the government or company that the unit belongs to; how many."""
    with transaction.atomic():
        home = Unit.objects.get(path=get_tenant_path(unit))
        ColumnName.objects.bulk_create(
            [ColumnName(unit=home, heading=heading, role=role) for heading, role in roles.items()],
            update_conflicts=True, unique_fields=["unit", "heading"], update_fields=["role"],
        )  # fmt: skip
        record_entry(
            "remember_columns", by=by, now=now, subject=home, unit_path=home.path or "", after=dict(roles)
        )  # fmt: skip
    return len(roles)


def forget_column(column: ColumnName, *, by: Person, now: datetime) -> None:
    """Let a heading be read by its own words again."""
    with transaction.atomic():
        record_entry(
            "forget_column", by=by, now=now, subject=column.unit, unit_path=column.unit.path or "",
            before={column.heading: column.role},
        )  # fmt: skip
        column.delete()

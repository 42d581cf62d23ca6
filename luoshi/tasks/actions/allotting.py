"""What new parts owe of the indicators of the task that they were given from, in statements of ten thousand lines."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection

from luoshi.core.bulk import CHUNK, insert_like, lines_sql, lines_value
from luoshi.tasks.actions.indicating import refuse_faulty
from luoshi.tasks.models import Allotment, Indicator, PeriodTarget
from luoshi.tasks.queries.measures import list_bases
from luoshi.tasks.rules.indicators import Owed
from luoshi.tasks.rules.measures import Measure, divide_measure, owed_by_parts

Typed = Mapping[str, Decimal]
OWED = {"task": "bigint", "target": "numeric", "ceiling": "numeric", "weight": "numeric"}
STEPS = {"task": "bigint", "period": "text", "value": "numeric"}


def allot_parts(
    measures: Sequence[Measure], *, units: Sequence[int], parts: Sequence[int], mains: Sequence[Decimal | None],
    typed: Mapping[int, Sequence[Decimal | None]] | None = None, periods: Sequence[Typed] | None = None,
) -> None:  # fmt: skip
    """Let each new part owe its share of every indicator: target, path and weight; in the order of the units.

    `mains` are the targets of the main indicator; `typed` are targets by indicator, `periods` paths of the main one,
    where somebody wrote them. Raises NoSuchPeriod, BandOutOfOrder.
    """
    if not measures or not units:
        return
    indicators = Indicator.objects.in_bulk([m.indicator_id for m in measures])
    all_bases = list_bases(measures, units, year=max(indicator.year for indicator in indicators.values()))
    nothing: list[Typed] = [{}] * len(units)
    for measure in measures:
        bases = all_bases[measure.base]
        targets = list(mains) if measure.is_main else divide_measure(measure, mains=mains, bases=bases)
        own = (typed or {}).get(measure.indicator_id, [None] * len(units))
        owed = owed_by_parts(
            measure, bases=bases,
            targets=[target if value is None else value for value, target in zip(own, targets, strict=True)],
            typed=periods if measure.is_main and periods is not None else nothing,
        )  # fmt: skip
        refuse_faulty(indicators[measure.indicator_id], owed)
        _insert(indicators[measure.indicator_id], parts, owed)


def _insert(indicator: Indicator, parts: Sequence[int], owed: Sequence[Owed]) -> None:
    rows = ((pk, one.target, one.ceiling, one.weight) for pk, one in zip(parts, owed, strict=True))
    columns = {"task_id": "line.task"} | {name: f"line.{name}" for name in ("target", "ceiling", "weight")}
    for lines in _chunks(rows):
        insert_like(Allotment(indicator=indicator), lines_sql(OWED), [lines_value(lines)], **columns)
    table = connection.ops.quote_name(Allotment._meta.db_table)
    source = f"{lines_sql(STEPS)} JOIN {table} a ON a.task_id = line.task AND a.indicator_id = %s"
    path = ((pk, period, value) for pk, one in zip(parts, owed, strict=True) for period, value in one.periods.items())
    for lines in _chunks(path):
        insert_like(
            PeriodTarget(), source, [lines_value(lines), indicator.pk],
            allotment_id="a.id", period="line.period", value="line.value",
        )  # fmt: skip


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk

"""The one number that a task is measured by, of those that a clause promises."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any


def first_target(targets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The first number that the clause promises; a figure too large for its column is left to the words."""
    for target in targets:
        try:
            value = Decimal(str(target["value"]))
        except (InvalidOperation, KeyError):
            continue
        if abs(value) < Decimal(10) ** 14:
            return {
                "target_op": str(target.get("op", ""))[:2],
                "target_value": value.quantize(Decimal("0.0001")),
                "target_unit": str(target.get("unit", ""))[:20],
            }
    return {}

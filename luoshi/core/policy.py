"""What an organisation decides for itself: presets, each value overridable from the environment."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Policy:
    """Clocks and thresholds. Days are calendar days; percentages are points of the planned path.

    A task counts as asked already from `alike_percent` of likeness on, also when it ended within `asked_within_days`.
    More than `inflation_ratio` of a target, or more than `earlier_percent` of the time taken away, is asked beyond what
    was asked from above and needs a reason. A document of one's own is noted as long beyond `paper_length` characters,
    a special one beyond its own.
    """

    palette: str = "traffic"
    near_due_days: int = 7
    behind_yellow: int = 10
    behind_red: int = 30
    coverage_percent: int = 80
    critical_cap: int = 12
    lint_blocks: tuple[str, ...] = ("L101", "L102", "L107", "L109", "L110", "L111")
    acknowledge_days: int = 2
    alike_percent: int = 60
    asked_within_days: int = 365
    paper_length: int = 5000
    special_paper_length: int = 4000
    inflation_ratio: Decimal = Decimal("1.1")
    earlier_percent: int = 10


PRESETS = {
    "county": Policy(),
    "enterprise": Policy(near_due_days=5, behind_yellow=10, behind_red=20, critical_cap=8, acknowledge_days=1),
}
_FIELDS = {
    "LIGHT_PALETTE": "palette",
    "NEAR_DUE_DAYS": "near_due_days",
    "BEHIND_YELLOW": "behind_yellow",
    "BEHIND_RED": "behind_red",
    "COVERAGE_PERCENT": "coverage_percent",
    "CRITICAL_CAP": "critical_cap",
    "LINT_BLOCKS": "lint_blocks",
    "ACKNOWLEDGE_DAYS": "acknowledge_days",
    "ALIKE_PERCENT": "alike_percent",
    "ASKED_WITHIN_DAYS": "asked_within_days",
    "PAPER_LENGTH": "paper_length",
    "SPECIAL_PAPER_LENGTH": "special_paper_length",
    "INFLATION_RATIO": "inflation_ratio",
    "EARLIER_PERCENT": "earlier_percent",
}


def get_policy() -> Policy:
    """The preset named by LUOSHI_PRESET with the values that the environment overrides."""
    given: dict[str, Any] = settings.LUOSHI
    overrides: dict[str, Any] = {}
    for key, field in _FIELDS.items():
        if given[key]:
            overrides[field] = tuple(given[key]) if isinstance(given[key], list) else given[key]
    return replace(PRESETS[given["PRESET"]], **overrides)

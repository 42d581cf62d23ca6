"""What an organisation decides for itself: presets, each value overridable from the environment."""

from collections.abc import Callable, Mapping
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
    a special one beyond its own. Of the lights, `light_lines` are the conditions coloured otherwise than the palette
    says; 0 of what casts doubt is never enough; a check that agrees takes `mismatch_healing` of those that did not off
    the count; a red month that was caught up shows as `caught_up`; a forecast goes on from the pace of the last
    `forecast_days`. From extension number `extension_higher_from` on a higher unit decides; hotline matters may ask
    until the hour `hotline_cutoff` of the due day; a request for a decision is passed on `coordination_passes` times at
    most; more than `lead_changes` changes of the lead are pointed out. A check that finds more than `mismatch_percent`
    off what was reported, in points or in percent of the value, is a mismatch. A leader in charge who did nothing about
    red work for `sponsor_days` is shown it first; after `sponsor_grace_days` more the office is told.
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
    returns_in_doubt: int = 2
    mismatches_in_doubt: int = 1
    mismatch_healing: int = 1
    hollow_in_doubt: int = 3
    light_lines: tuple[tuple[str, str], ...] = ()
    caught_up: str = "yellow"
    forecast_days: int = 90
    extension_higher_from: int = 2
    hotline_cutoff: int = 17
    coordination_passes: int = 2
    lead_changes: int = 2
    mismatch_percent: int = 5
    sponsor_days: int = 30
    sponsor_grace_days: int = 7


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
    "MISMATCH_PERCENT": "mismatch_percent",
    "EXTENSION_HIGHER_FROM": "extension_higher_from",
    "HOTLINE_CUTOFF": "hotline_cutoff",
    "COORDINATION_PASSES": "coordination_passes",
    "LEAD_CHANGES": "lead_changes",
    "SPONSOR_DAYS": "sponsor_days",
    "SPONSOR_GRACE_DAYS": "sponsor_grace_days",
}


Settled = Callable[[], Mapping[str, Any]]
_settled: list[Settled] = []


def settle_policy(settled: Settled) -> None:
    """Let `settled()` give values that somebody set on a page; it must answer without asking the database each time."""
    if settled not in _settled:
        _settled.append(settled)


def get_policy() -> Policy:
    """The policy of the installation with what was set on pages."""
    found = get_preset_policy()
    for settled in _settled:
        found = replace(found, **settled())
    return found


def get_preset_policy() -> Policy:
    """The preset named by LUOSHI_PRESET with the values that the environment overrides."""
    given: dict[str, Any] = settings.LUOSHI
    overrides: dict[str, Any] = {}
    for key, field in _FIELDS.items():
        if given[key]:
            overrides[field] = tuple(given[key]) if isinstance(given[key], list) else given[key]
    return replace(PRESETS[given["PRESET"]], **overrides)

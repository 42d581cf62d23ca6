"""The rules of the linter: code, name, the field to mend, and how serious each is taken where nobody says otherwise."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from luoshi.tasks.rules.linter.facts import Severity

STOP, WARN, HINT = Severity.STOP, Severity.WARN, Severity.HINT


class LintRule(NamedTuple):
    """One rule. Codes are never given anew; the name is for readers of the program."""

    code: str
    name: str
    field: str
    severity: Severity
    theme: str


LINT_RULES = (
    LintRule("L101", "no_owner", "duties", STOP, "who"),
    LintRule("L102", "no_date", "due_date", STOP, "when"),
    LintRule("L103", "no_number", "target_value", WARN, "what"),
    LintRule("L104", "vague_verb", "requirement", WARN, "what"),
    LintRule("L105", "standard_repeats_requirement", "standard", WARN, "what"),
    LintRule("L106", "outside_parent", "due_date", WARN, "when"),
    LintRule("L107", "two_leads", "duties", STOP, "who"),
    LintRule("L108", "paper_only", "standard", WARN, "what"),
    LintRule("L109", "no_lead", "duties", STOP, "who"),
    LintRule("L110", "no_requirement", "requirement", STOP, "what"),
    LintRule("L111", "no_standard", "standard", STOP, "what"),
    LintRule("L112", "selector_only", "duties", HINT, "who"),
    LintRule("L113", "unmatched_unit", "duties", WARN, "who"),
    LintRule("L114", "open_without_cadence", "cadence", WARN, "when"),
    LintRule("L115", "past_date", "due_date", WARN, "when"),
    LintRule("L116", "due_before_start", "due_date", WARN, "when"),
    LintRule("L117", "duty_after_due", "duties", WARN, "when"),
    LintRule("L118", "no_milestones", "milestones", HINT, "when"),
    LintRule("L119", "principle_not_dispatched", "kind", WARN, "what"),
    LintRule("L120", "critical_without_sponsor", "sponsor", WARN, "who"),
    LintRule("L121", "vague_date", "due_date", WARN, "when"),
    LintRule("L122", "no_measure", "target_unit", WARN, "what"),
    LintRule("L123", "rate_without_base", "standard", HINT, "what"),
    LintRule("L124", "copied_from_parent", "requirement", WARN, "burden"),
    LintRule("L125", "asks_for_papers", "standard", WARN, "burden"),
    LintRule("L126", "many_units", "duties", HINT, "who"),
    LintRule("L127", "reports_oftener", "cadence", WARN, "burden"),
    LintRule("L128", "several_acts", "requirement", HINT, "what"),
)
BY_CODE = {rule.code: rule for rule in LINT_RULES}
BY_NAME = {rule.name: rule for rule in LINT_RULES}
SEVERITIES: Mapping[str, Severity] = {rule.code: rule.severity for rule in LINT_RULES}


def with_stops(codes: Collection[str]) -> dict[str, Severity]:
    """The preset with exactly these rules, by code or name, stopping dispatch; unknown ones raise KeyError."""
    stops = {code if code in BY_CODE else BY_NAME[code].code for code in codes}
    return {
        code: STOP if code in stops else WARN if severity == STOP else severity for code, severity in SEVERITIES.items()
    }

"""The soft-task linter: what is missing or vague in a task, said before it is dispatched.

Each rule has a code (registry.py) and is found by one function of its theme: who, when, what, burden.
"""

from collections.abc import Collection, Mapping
from datetime import date

from luoshi.tasks.rules.linter.burden import check_burden
from luoshi.tasks.rules.linter.concreteness import Concreteness, Measured, concreteness
from luoshi.tasks.rules.linter.facts import Finding, Found, LintDuty, LintFacts, LintParent, Severity
from luoshi.tasks.rules.linter.registry import BY_CODE, BY_NAME, LINT_RULES, SEVERITIES, LintRule, with_stops
from luoshi.tasks.rules.linter.suggesting import Suggestion, suggest
from luoshi.tasks.rules.linter.what import check_what, find_vague_verbs, is_paper_only
from luoshi.tasks.rules.linter.when import check_when
from luoshi.tasks.rules.linter.who import check_who

__all__ = [
    "BY_CODE",
    "LINT_RULES",
    "SEVERITIES",
    "Concreteness",
    "Finding",
    "LintDuty",
    "LintFacts",
    "LintParent",
    "LintRule",
    "Measured",
    "Severity",
    "Suggestion",
    "blocks",
    "concreteness",
    "find_vague_verbs",
    "is_paper_only",
    "lint",
    "suggest",
    "with_stops",
]
ORDER = tuple(Severity)


def lint(facts: LintFacts, *, today: date, severities: Mapping[str, Severity] = SEVERITIES) -> tuple[Finding, ...]:
    """Everything missing or vague, the most serious first; a rule that is off says nothing."""
    found = [*check_who(facts), *check_when(facts, today), *check_what(facts), *check_burden(facts)]
    findings = [_finding(one, severities) for one in found]
    kept = [f for f in findings if f.severity != Severity.OFF]
    return tuple(sorted(kept, key=lambda f: ORDER.index(f.severity)))


def _finding(found: Found, severities: Mapping[str, Severity]) -> Finding:
    name, words = found
    rule = BY_NAME[name]
    return Finding(rule.code, severities[rule.code], rule.field, words)


def blocks(findings: Collection[Finding]) -> bool:
    """Does one of the findings stop dispatch?"""
    return any(f.blocks for f in findings)

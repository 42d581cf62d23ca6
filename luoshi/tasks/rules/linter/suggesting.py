"""What a clause's own words offer to mend a soft task: a date, a number, a result; nothing is invented."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from luoshi.directives.rules.deadlines import choose_due, find_deadlines
from luoshi.directives.rules.targets import find_targets
from luoshi.tasks.rules.linter.facts import Finding, LintFacts

RESULT = re.compile(
    r"(?:确保|达到|实现|力争|做到)[^，。；\n]{3,60}"
    r"|[^，。；\n]{0,24}(?:通过(?:竣工)?验收|竣工|投产|投用|投入使用|全覆盖|清零|销号|挂牌|上线运行)[^，。；\n]{0,12}"
)
LARGEST = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value for one field (several columns for a target) with the words of the clause it was read from."""

    field: str
    values: tuple[tuple[str, Any], ...]
    shown: str
    quote: str


def suggest(
    facts: LintFacts, findings: Collection[Finding], *, words: str, issued: date | None
) -> tuple[Suggestion, ...]:
    """At most one suggestion for each field that a finding is about."""
    fields = {f.field for f in findings}
    offers = [make(facts, words, issued) for field, make in MAKERS.items() if field in fields]
    return tuple(offer for offer in offers if offer)


def _due_date(facts: LintFacts, words: str, issued: date | None) -> Suggestion | None:
    if facts.due_date is not None:
        return None
    found = choose_due(find_deadlines(words, start=0, end=len(words), issued=issued, year=None))
    if found is None or found.date is None:
        return None
    return Suggestion("due_date", (("due_date", found.date),), found.date.isoformat(), found.raw)


def _target(facts: LintFacts, words: str, _issued: date | None) -> Suggestion | None:
    found = next((t for t in find_targets(words, start=0, end=len(words)) if abs(t.value) < LARGEST), None)
    if found is None or (facts.target_value is not None and facts.target_value != found.value):
        return None
    values = (("target_op", found.op[:2]), ("target_value", found.value), ("target_unit", found.unit[:20]))
    quote = words[found.span.start : found.span.end]
    return Suggestion("target_value", values, f"{found.op}{found.value.normalize():f}{found.unit}", quote)


def _standard(facts: LintFacts, words: str, _issued: date | None) -> Suggestion | None:
    for found in RESULT.finditer(words):
        quote = found.group().strip("　 、：:（(")
        if quote not in (facts.standard, facts.requirement):
            return Suggestion("standard", (("standard", quote),), quote, quote)
    return None


MAKERS: dict[str, Callable[[LintFacts, str, date | None], Suggestion | None]] = {
    "due_date": _due_date,
    "target_value": _target,
    "target_unit": _target,
    "standard": _standard,
    "requirement": _standard,
}

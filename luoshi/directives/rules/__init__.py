"""The reader of directives: outline, duties, dates, cadence, targets and names, from plain text, without Django."""

from luoshi.directives.rules.export import as_json
from luoshi.directives.rules.facts import (
    Cadence,
    Clause,
    Deadline,
    Evidence,
    Goal,
    Header,
    Mention,
    Proposal,
    Reading,
    Span,
    TableHead,
    Target,
)
from luoshi.directives.rules.facts_units import Match, UnitFact
from luoshi.directives.rules.matching import UnitIndex, expand_selector, match_name
from luoshi.directives.rules.reading import read_directive
from luoshi.directives.rules.units import elided_prefixes

__all__ = [
    "Cadence",
    "Clause",
    "Deadline",
    "Evidence",
    "Goal",
    "Header",
    "Match",
    "Mention",
    "Proposal",
    "Reading",
    "Span",
    "TableHead",
    "Target",
    "UnitFact",
    "UnitIndex",
    "as_json",
    "elided_prefixes",
    "expand_selector",
    "match_name",
    "read_directive",
]

"""The reader of directives: outline, duties, dates, cadence, targets and names, from plain text, without Django."""

from luoshi.directives.rules.export import as_json
from luoshi.directives.rules.facts import Cadence, Clause, Deadline, Header, Mention, Proposal, Reading, Span, Target
from luoshi.directives.rules.reading import read_directive

__all__ = [
    "Cadence",
    "Clause",
    "Deadline",
    "Header",
    "Mention",
    "Proposal",
    "Reading",
    "Span",
    "Target",
    "as_json",
    "read_directive",
]

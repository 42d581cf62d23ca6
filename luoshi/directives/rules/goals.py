"""Finds the indicators that a document sets for itself as a whole, in its paragraphs of overall goals (总体目标)."""

from collections.abc import Sequence
from datetime import date

from luoshi.directives.rules.facts import Clause, Goal


def find_goals(text: str, *, clauses: Sequence[Clause], issued: date | None, year: int | None) -> tuple[Goal, ...]:
    """The document's own indicators, in order."""
    return ()

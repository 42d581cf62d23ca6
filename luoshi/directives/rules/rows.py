"""One row of a task table that states a duty."""

from dataclasses import dataclass

from luoshi.directives.rules.facts import Span
from luoshi.directives.rules.phrases import Note


@dataclass(frozen=True, slots=True)
class Row:
    """One row that states a duty; `goal` is where its standard stands (量化目标)."""

    span: Span
    work: Span
    title: str
    serial: str
    note: Note
    inherited: bool
    goal: Span | None = None

"""What the linter is told of a task, and what it answers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from luoshi.tasks.rules.states import Tier


class Severity(StrEnum):
    """How serious a finding is taken: it stops dispatch, warns, hints, or is not said at all."""

    STOP = "stop"
    WARN = "warn"
    HINT = "hint"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class LintDuty:
    """A duty as the linter needs it: who it names, and by when."""

    role: str
    unit_id: int | None
    selector: str = ""
    name: str = ""
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class LintParent:
    """The task that this one is part of, as far as it binds."""

    requirement: str = ""
    start_date: date | None = None
    due_date: date | None = None
    cadence: str = ""


@dataclass(frozen=True, slots=True)
class LintFacts:
    """A task, or a proposal that may become one, as the linter needs it."""

    title: str
    requirement: str
    standard: str
    kind: str
    tier: int = Tier.ROUTINE
    start_date: date | None = None
    due_date: date | None = None
    review_date: date | None = None
    target_value: Decimal | None = None
    target_unit: str = ""
    cadence: str = ""
    sponsor_id: int | None = None
    duties: tuple[LintDuty, ...] = ()
    parent: LintParent | None = None
    milestones: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: which rule (`code`), how serious, the form's field, and words for the sentence."""

    code: str
    severity: Severity
    field: str
    words: str = ""

    @property
    def blocks(self) -> bool:
        """Does it stop dispatch?"""
        return self.severity == Severity.STOP


Found = tuple[str, str]  # the name of a rule, and the words found

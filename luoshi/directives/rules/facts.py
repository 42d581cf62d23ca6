"""What the reader of directives finds: frozen facts, each cited by offsets into the document's text."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of character offsets into the document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit as the directive writes it; a selector stands for a set of units (各乡镇)."""

    name: str
    span: Span
    selector: bool


@dataclass(frozen=True, slots=True)
class Target:
    """An outcome with a number; op is one of >= > <= < = ~, `period` says by or per when (每年, 到2027年)."""

    name: str
    op: str
    value: Decimal
    unit: str
    span: Span
    period: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due.

    Kinds: fixed; event (会后7日内, counted from a day not known here); open (长期坚持, never overdue); recurring
    (每月10日前); report (a report's date, not the work's); immediate (立行立改); class (急件5日); horizon (中期); vague
    (尽快); trajectory (时间过半任务过半, a point on the way).
    """

    raw: str
    date: date | None
    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: annual, semiannual, quarterly, monthly, weekly or ongoing; `day` counts within the week or month.

    `detail` keeps the words of the day or the months (每季度末（6月、9月和12月底）).
    """

    value: str
    raw: str
    span: Span
    day: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One atomic passage; level 1–4 by kind of marker, 0 for an unnumbered paragraph."""

    index: int
    outline: str
    level: int
    marker: str
    title: str
    text: str
    span: Span
    parent: int | None
    role: str


@dataclass(frozen=True, slots=True)
class Header:
    """What stands around the body: number, title, issuer, date, addressees; kind is directive, minutes or list."""

    number: str
    title: str
    issuer: str
    issued_date: date | None
    addressees: str
    kind: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one field of a proposal is believed, and whether it may be shown as sure.

    `field` is lead, co, joint, guide, verifier, due, cadence, target or work; `value` says which (a unit's name, the
    words of a date); `kind` is explicit, document_rule, inherited, inferred, ocr or model.
    """

    field: str
    value: str
    kind: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Goal:
    """An indicator that the document sets for itself as a whole (总体目标), not for one duty."""

    clause: int
    name: str
    op: str
    value: Decimal
    unit: str
    due: Deadline | None
    span: Span


@dataclass(frozen=True, slots=True)
class TableHead:
    """The headings of a task table and the part that each column was read as; empty where none was understood."""

    span: Span
    headings: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A duty as the words state it, for a person to confirm; notes are codes of what to look at."""

    clause: int
    outline: str
    title: str
    text: str
    span: Span
    duty_span: Span | None
    lead: tuple[Mention, ...]
    co: tuple[Mention, ...]
    joint: tuple[Mention, ...]
    guide: tuple[Mention, ...]
    open_list: bool
    due: Deadline | None
    milestones: tuple[Deadline, ...]
    cadence: Cadence | None
    targets: tuple[Target, ...]
    rule: str
    sure: bool
    notes: tuple[str, ...]
    implied: tuple[Mention, ...] = ()
    verifier: tuple[Mention, ...] = ()
    people: tuple[str, ...] = ()
    standard: Span | None = None
    evidence: tuple[Evidence, ...] = ()
    cadences: tuple[Cadence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole document: its text, header, clauses that cover the text, proposals, goals and table heads."""

    text: str
    header: Header
    clauses: tuple[Clause, ...]
    proposals: tuple[Proposal, ...]
    goals: tuple[Goal, ...] = ()
    tables: tuple[TableHead, ...] = ()

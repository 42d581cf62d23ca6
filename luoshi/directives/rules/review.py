"""Reviewing a directive: which clauses are accounted for, and the marked pieces of its text."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

STRUCTURE = frozenset({"heading", "preamble", "attachment"})
UNDATED = frozenset({"no_due", "deadline_vague"})
DECISIONS = UNDATED | {  # notes on which a person must decide; the others only say how the paper was read
    "lead_to_confirm", "unit_twice", "count_mismatch", "unread_rest", "weekday_mismatch", "report_date", "report_only",
    "horizon", "immediate",
}  # fmt: skip
LEFT_OUT = frozenset({"lead_to_confirm", "no_due"})  # what the paper itself does not say, to be set before dispatch
ANSWERING = frozenset({"lead", "joint"})
PART_LENGTH = 40_000  # characters of text that one page shows


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """What the count of clauses needs to know of one."""

    id: int
    start: int
    end: int
    role: str
    is_information: bool = False


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """Where a proposal stands in the text and in the review."""

    id: int
    start: int
    end: int
    state: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the text with its kind (span, duty, unit, due, target) and the proposal that it belongs to."""

    start: int
    end: int
    kind: str
    proposal: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks."""

    text: str
    kinds: tuple[str, ...] = ()
    proposals: tuple[int, ...] = ()


def clause_states(clauses: Sequence[ClauseFacts], proposals: Sequence[ProposalFacts]) -> dict[int, str]:
    """Each clause is covered, pending (a proposal awaits its decision), information, structure or uncovered.

    A clause is covered by an accepted proposal in any part of it, or by one that an existing task answers; a dropped
    proposal leaves its clause uncovered.
    """
    found = {c.id: _unread(c) for c in clauses}
    ordered = sorted(clauses, key=lambda c: c.start)
    starts = [c.start for c in ordered]
    rank = {"covered": 3, "pending": 2, "information": 1}
    word = {"accepted": "covered", "adopted": "covered", "proposed": "pending", "information": "information"}
    for proposal in proposals:
        state = word.get(proposal.state)
        if state is None:
            continue
        for clause in _overlapping(ordered, starts, proposal.start, proposal.end):
            if found[clause.id] != "structure" and rank[state] > rank.get(found[clause.id], 0):
                found[clause.id] = state
    return found


def share_of(counts: Mapping[str, int]) -> int:
    """The percentage accounted for among the clauses that need an answer, from how many stand where."""
    done = counts.get("covered", 0) + counts.get("information", 0)
    needed = sum(counts.values()) - counts.get("structure", 0)
    return 100 * done // needed if needed else 100


def _unread(clause: ClauseFacts) -> str:
    if clause.role in STRUCTURE:
        return "structure"
    return "information" if clause.is_information else "uncovered"


def _overlapping(ordered: Sequence[ClauseFacts], starts: Sequence[int], start: int, end: int) -> Iterable[ClauseFacts]:
    index = bisect_left(starts, end) - 1
    while index >= 0 and (ordered[index].end > start or starts[index] >= start):
        if ordered[index].end > start:
            yield ordered[index]
        index -= 1


def pieces(text: str, *, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """Cut the text between two offsets wherever a mark begins or ends; marks may nest and overlap."""
    inside = [m for m in marks if m.start < end and m.end > start and m.start < m.end]
    edges = sorted({start, end, *(max(start, m.start) for m in inside), *(min(end, m.end) for m in inside)})
    opening: dict[int, list[Mark]] = {}
    for mark in inside:
        opening.setdefault(max(start, mark.start), []).append(mark)
    found: list[Piece] = []
    open_marks: list[Mark] = []
    for left, right in pairwise(edges):
        open_marks = [m for m in open_marks if m.end > left] + opening.get(left, [])
        kinds = tuple(sorted({m.kind for m in open_marks if m.kind != "span"}))
        found.append(Piece(text[left:right], kinds, tuple(sorted({m.proposal for m in open_marks}))))
    return found


def cells(row: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces of a table's row, cell by cell; empty where the text is no row."""
    found: list[list[Piece]] = [[]]
    for piece in row:
        words = piece.text.split("\t")
        found[-1].append(replace(piece, text=words[0]))
        found.extend([replace(piece, text=w)] for w in words[1:])
    return [[p for p in cell if p.text] for cell in found] if len(found) > 1 else []


def parts(clauses: Sequence[ClauseFacts], *, length: int = PART_LENGTH) -> list[tuple[int, int]]:
    """Divide a long text at clause boundaries into (start, end) parts that one page can show."""
    found: list[tuple[int, int]] = []
    for clause in clauses:
        if found and clause.end - found[-1][0] <= length:
            found[-1] = (found[-1][0], clause.end)
        else:
            found.append((found[-1][1] if found else 0, clause.end))
    return found or [(0, 0)]


def open_notes(notes: Iterable[str], *, has_lead: bool, has_date: bool) -> list[str]:
    """The hints that editing has not answered yet."""
    answered = ({"lead_to_confirm"} if has_lead else set()) | (UNDATED if has_date else set())
    return [note for note in notes if note not in answered]


def is_ready(
    *, is_sure: bool, state: str, units: Sequence[tuple[str, bool]], has_date: bool, notes: Iterable[str],
    with_gaps: bool = False,
) -> bool:  # fmt: skip
    """May this proposal be accepted unseen: was it surely read, and is nothing left for a person to decide?

    `units` are the units that it names, each with its role and whether it was found; one that answers for the work
    must be among them. `has_date` is also true of open-ended work. `with_gaps` lets pass what the paper leaves out, a
    lead or a date: the linter asks for them before dispatch.
    """
    answers = any(role in ANSWERING and found for role, found in units)
    complete = answers and all(found for _role, found in units) and (has_date or with_gaps)
    left = open_notes(notes, has_lead=any(role == "lead" for role, _found in units), has_date=has_date)
    decisions = DECISIONS - LEFT_OUT if with_gaps else DECISIONS
    return is_sure and state == "proposed" and complete and decisions.isdisjoint(left)

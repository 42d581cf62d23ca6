"""A duty that a person points at: its units, date and numbers are read from the marked words by the grammar."""

from datetime import date

from luoshi.directives.rules.cadence import find_cadence
from luoshi.directives.rules.deadlines import choose_due, find_deadlines
from luoshi.directives.rules.duties import find_notes
from luoshi.directives.rules.facts import Proposal, Span
from luoshi.directives.rules.outline import marker_at, run_in_title
from luoshi.directives.rules.phrases import Note
from luoshi.directives.rules.pointing import find_quote
from luoshi.directives.rules.prose import read_prose
from luoshi.directives.rules.targets import find_targets


def pointed_duty(
    text: str, span: Span, *, clause: int, outline: str, issued: date | None, year: int | None
) -> Proposal:
    """The duty that stands in the words between two offsets; never sure, for nobody stated that it is one."""
    note = _note(text, span)
    stretches = [*note.limits, span]
    found = [
        d for s in stretches for d in find_deadlines(text, start=s.start, end=s.end, issued=issued, year=year)
    ]  # fmt: skip
    due = choose_due(tuple(found))
    return Proposal(
        clause=clause, outline=outline, title=run_in_title(text, span.start, span.end),
        text=text[span.start : span.end], span=span, duty_span=note.span if note.units else None, lead=note.lead,
        co=note.co, joint=note.joint, guide=note.guide, open_list=note.open_list, due=due, milestones=(),
        cadence=find_cadence(text, start=span.start, end=span.end),
        targets=find_targets(text, start=span.start, end=span.end), rule="person", sure=False,
        notes=() if due else ("no_due",), verifier=note.verifier, people=note.people,
    )  # fmt: skip


def _note(text: str, span: Span) -> Note:
    notes = find_notes(text, start=span.start, end=span.end)
    notes += [sentence.note for sentence in read_prose(text, start=span.start, end=span.end)]
    return next((n for n in notes if n.units), Note(Span(span.end, span.end)))


def find_words(text: str, words: str, *, start: int, reach: int = 6_000) -> Span | None:
    """Where marked words stand at or after a clause's beginning, white space aside."""
    return find_quote(text, words, within=Span(start, min(len(text), start + reach)), shortest=4)


def own_words(text: str, start: int, end: int) -> Span:
    """The words of a clause without its number and the white space around them."""
    words = text[start:end]
    marker = marker_at(words.lstrip())
    begin = len(words) - len(words.lstrip()) + (marker.end if marker else 0)
    begin += len(words[begin:]) - len(words[begin:].lstrip())
    return Span(start + begin, start + max(begin, len(words.rstrip())))

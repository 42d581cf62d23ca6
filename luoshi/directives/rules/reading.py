"""Reads a whole directive: header, clauses, and the duties that its words state."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType

from luoshi.directives.rules.brackets import OPEN
from luoshi.directives.rules.cadence import find_cadences
from luoshi.directives.rules.confidence import weigh
from luoshi.directives.rules.conventions import Conventions, read_conventions
from luoshi.directives.rules.dates import plan_end_of
from luoshi.directives.rules.deadlines import choose_due, find_deadlines, weekday_is_wrong
from luoshi.directives.rules.duties import find_bare_notes, find_notes
from luoshi.directives.rules.facts import Clause, Deadline, Header, Mention, Proposal, Reading, Span
from luoshi.directives.rules.goals import find_goals
from luoshi.directives.rules.header import document_year, read_header
from luoshi.directives.rules.outline import run_in_title, split_clauses
from luoshi.directives.rules.passages import Group, Noted, find_groups, own_end, with_work
from luoshi.directives.rules.phrases import Note
from luoshi.directives.rules.prose import Sentence, read_plain, read_prose, report_line, sentences
from luoshi.directives.rules.rows import Row
from luoshi.directives.rules.tables import read_tables
from luoshi.directives.rules.targets import find_targets
from luoshi.directives.rules.units import looks_like_unit

BARE_NOTES = 3
LOOKS_BACK = re.compile(r"总结|年度报告|情况的?(?:报告|通报|分析)|名单|公[示告]|表彰|条例|应急预案")
SKIPPED_FIELD = re.compile(r"[ \t\u3000]*(?:编号|序号|类别|领域|来源|提出人|级别|日期)[:：]")
NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Document:
    """What every passage of one document shares."""

    text: str
    header: Header
    year: int | None
    conventions: Conventions
    clauses: tuple[Clause, ...]
    starts: tuple[int, ...]

    def clause_at(self, offset: int) -> Clause:
        """Return the clause that an offset lies in."""
        return self.clauses[max(0, bisect_right(self.starts, offset) - 1)]


def read_directive(
    text: str, *, received_date: date | None = None, doubtful: Sequence[Span] = (),
    columns: Mapping[str, str] = NO_COLUMNS,
) -> Reading:  # fmt: skip
    """Read a directive's plain text; `received_date` gives the year where the paper names none.

    `doubtful` are the ranges that character recognition read; `columns` are a unit's own table headings and the parts
    (text, lead, co, joint, due, people, serial, … or empty) that they were once said to stand for.
    """
    header, body = read_header(text)
    clauses = split_clauses(text, body=body)
    document = _document(text, header, clauses, received_date)
    rows, heads = read_tables(text, columns=columns)
    proposals = sorted(_duties(document, rows), key=lambda p: p.span.start)
    first = document.conventions.leads
    weigh_one = partial(weigh, first_is_lead=first, doubtful=doubtful, issued=header.issued_date, text=text)
    weighed = ((p, weigh_one(p)) for p in proposals)
    proposals = [replace(p, evidence=e, sure=p.sure and all(row.sure for row in e)) for p, e in weighed]
    taken = [p.span for p in proposals]
    goals = find_goals(text, clauses=clauses, issued=header.issued_date, year=document.year, taken=taken)
    return Reading(text, header, _with_duties(clauses, proposals), tuple(proposals), goals, tuple(heads))


def _duties(document: Document, rows: Sequence[Row]) -> Iterator[Proposal]:
    """Yield what the rows of tables and the passages outside them demand."""
    yield from (_from_row(document, row) for row in rows)
    text = document.text
    in_tables = frozenset(document.clause_at(row.span.start).index for row in rows)
    groups = list(find_groups(text, document.clauses, prose=document.header.kind == "minutes", apart=in_tables))
    noted = [Noted(g, find_notes(text, start=g.start, end=g.end)) for g in groups]
    loose = _uses_bare_notes(text, groups, loose=True)
    any_notes = loose or bool(rows) or any(each.notes for each in noted) or _uses_bare_notes(text, groups)
    if any_notes:
        noted = with_work(text, [each if each.notes else _bare(text, each.group, loose=loose) for each in noted])
    charged = _charged(text, noted, any_notes=any_notes)
    for each in noted:
        yield from _proposals(document, each, any_notes=any_notes, charged=each.group.outline in charged)


def _charged(text: str, noted: Sequence[Noted], *, any_notes: bool) -> frozenset[str]:
    """Return the outlines of the items that say in plain words who is charged, as the paper does throughout."""
    items = [each for each in noted if each.group.level and not each.notes]
    found = [e for e in items if read_plain(text, start=e.group.start, end=e.group.end, named=True)]
    if not any_notes:
        return frozenset(e.group.outline for e in found if len(found) >= BARE_NOTES)
    beside = {each.group.parent for each in noted if each.group.level and each.notes}
    return frozenset(e.group.outline for e in found if e.group.parent in beside)


def _bare(text: str, group: Group, *, loose: bool) -> Noted:
    return Noted(group, find_bare_notes(text, start=group.start, end=group.end, loose=loose))


def _uses_bare_notes(text: str, groups: Sequence[Group], *, loose: bool = False) -> bool:
    """Tell whether a paper's passages close with brackets of units and nothing else: that is its way of saying who."""
    asked = [g for g in groups if g.clauses[0].level or not loose]
    bare = [find_bare_notes(text, start=g.start, end=g.end, loose=loose) for g in asked]
    return sum(bool(notes) for notes in bare) >= BARE_NOTES


def _document(text: str, header: Header, clauses: tuple[Clause, ...], received: date | None) -> Document:
    year = document_year(header, received=received)
    starts = tuple(c.span.start for c in clauses)
    return Document(text, header, year, read_conventions(text), clauses, starts)


def _proposals(document: Document, noted: Noted, *, any_notes: bool, charged: bool) -> Iterator[Proposal]:
    group, notes = noted.group, noted.notes
    standing = group.clauses[0].marker.endswith("条")
    if notes:
        yield from _from_notes(document, noted)
    elif document.header.kind == "minutes" and not standing:
        for sentence in read_prose(document.text, start=group.start, end=group.end):
            yield _from_sentence(document, group, sentence)
    elif (charged or not any_notes) and not standing and not LOOKS_BACK.search(document.header.title):
        yield from _from_plain(document, group, named=charged, opening=any_notes)
    if any_notes:
        yield from _reports(document, group, after=notes[-1].span.end if notes else group.start)


def _from_plain(document: Document, group: Group, *, named: bool, opening: bool) -> Iterator[Proposal]:
    """Read what running words charge units with; a sentence that begins so (由X负责) speaks of those before it."""
    start = group.start
    for sentence in read_plain(document.text, start=group.start, end=group.end, named=named):
        named_first = sentence.note.span.start == sentence.span.start
        begins = named_first or document.text.startswith("由", sentence.span.start)
        if opening and not begins:
            continue
        span = _stripped(document.text, start, sentence.span.end) if begins and group.level else sentence.span
        work = span.start if span.start < sentence.span.start else sentence.work
        yield _from_sentence(document, group, replace(sentence, span=span, work=work))
        start = sentence.span.end


def _reports(document: Document, group: Group, *, after: int) -> Iterator[Proposal]:
    """Read reports owed by a date in paragraphs without a note; those after the last item belong to the document."""
    for clause in group.clauses:
        if clause.span.end <= after or (clause.span.start < after and clause.level):
            continue
        alone = Group((clause if clause.level else replace(clause, outline=""),), clause.span.start, clause.span.end)
        for span in sentences(document.text, start=max(after, clause.span.start), end=clause.span.end):
            sentence = report_line(document.text, span)
            if sentence:
                yield _from_sentence(document, alone, sentence)


def _from_notes(document: Document, noted: Noted) -> Iterator[Proposal]:
    text, group = document.text, noted.group
    start = group.start
    lone = len(noted.notes) == 1
    for note in noted.notes:
        end = note.span.start
        if lone and _is_field(note) and text[note.span.start] not in OPEN:
            end = own_end(text, group, note)
        span = _stripped(text, noted.work.start, noted.work.end) if noted.work else _stripped(text, start, end)
        heading = run_in_title(text, group.start, note.span.start) if noted.work else ""
        title = heading or _title(text, group, span, lone=lone)
        yield _proposal(document, group, span, note, title=title)
        start = note.span.end


def _is_field(note: Note) -> bool:
    return any(r.startswith("label_") for r in note.rules)


def _stripped(text: str, start: int, end: int) -> Span:
    """Trim white space and the full stop that a bracket leaves behind."""
    while start < end and text[start] in " \t\r\n\u3000。；，":
        start += 1
    while end > start and text[end - 1] in " \t\r\n\u3000":
        end -= 1
    return Span(start, end)


def _title(text: str, group: Group, span: Span, *, lone: bool) -> str:
    head = group.clauses[0]
    place = text.find(head.title, head.span.start)
    if head.title and lone and not span.start <= place < span.end < place + len(head.title):
        return head.title
    start = span.start
    while not head.level and SKIPPED_FIELD.match(text, start) and (line := text.find("\n", start, span.end)) > 0:
        start = line + 1
    return run_in_title(text, start, span.end) or head.title


def _proposal(
    document: Document,
    group: Group,
    span: Span,
    note: Note,
    *,
    title: str,
    sure: bool = True,
    extra: tuple[str, ...] = (),
) -> Proposal:
    text = document.text
    lead, co, joint = _led(document, note)
    found = _deadlines(document, span, note)
    due = _due(found, note)
    cadences = find_cadences(text, start=span.start, end=max(span.end, note.span.end))
    notes = _notes(note, due, found, lead=lead, joint=joint)
    return Proposal(
        clause=document.clause_at(span.start).index, outline=group.outline, title=title,
        text=text[span.start : span.end], span=span, duty_span=note.span,
        lead=lead, co=co, joint=joint, guide=note.guide, open_list=note.open_list, due=due,
        milestones=_milestones(found, due), cadence=cadences[0] if cadences else None, cadences=cadences,
        targets=find_targets(text, start=span.start, end=span.end), rule=" ".join(note.rules),
        sure=sure and "unread_rest" not in notes and all(looks_like_unit(m.name) for m in note.units),
        notes=(*notes, *extra), implied=document.conventions.implied_at(span.start),
        verifier=note.verifier, people=note.people,
    )  # fmt: skip


def _led(document: Document, note: Note) -> tuple[tuple[Mention, ...], tuple[Mention, ...], tuple[Mention, ...]]:
    """Let the units of a note without a lead be led as the paper says for all its notes."""
    if note.lead or not note.joint:
        return note.lead, note.co, note.joint
    lead = document.conventions.split(note.joint, text=document.text, marked=note.marked)
    rest = tuple(m for m in note.joint if m not in lead)
    return (lead, rest + note.co, ()) if lead else (note.lead, note.co, note.joint)


def _deadlines(document: Document, span: Span, note: Note) -> tuple[tuple[Deadline, ...], tuple[Deadline, ...]]:
    """Return the stated time limits and those in the words of the work."""
    text = document.text
    find = partial(
        find_deadlines, text, issued=document.header.issued_date, year=document.year,
        plan_end=plan_end_of(document.header.title),
    )  # fmt: skip
    stated = [d for s in note.limits for d in find(start=s.start, end=s.end, stated=True)]
    inline = find(start=span.start, end=span.end)
    limits = {(d.span.start, d.span.end) for d in stated}
    return tuple(stated), tuple(d for d in inline if (d.span.start, d.span.end) not in limits)


def _due(found: tuple[tuple[Deadline, ...], tuple[Deadline, ...]], note: Note) -> Deadline | None:
    stated, inline = found
    due = choose_due(stated)
    if due is None or (due.kind == "open" and choose_due(inline) and (choose_due(inline) or due).date):
        due = choose_due(inline) or due
    reports = [d for d in (*stated, *inline) if d.kind == "report"]
    dated = [d for d in reports if d.date] or (reports if "report_only" in note.notes else [])
    return due or (dated[-1] if dated else None)


def _milestones(found: tuple[tuple[Deadline, ...], tuple[Deadline, ...]], due: Deadline | None) -> tuple[Deadline, ...]:
    """Return the other dated steps and reports in order of date."""
    day = due.date if due else None
    rest = {(d.date, d.kind): d for d in (*found[0], *found[1]) if d.kind == "report" or (d.date and d.date != day)}
    kept = [d for d in rest.values() if d is not due]
    return tuple(sorted(kept, key=lambda d: (d.date or date.max, d.span.start)))


def _notes(
    note: Note, due: Deadline | None, found: tuple[tuple[Deadline, ...], tuple[Deadline, ...]], *,
    lead: tuple[Mention, ...], joint: tuple[Mention, ...],
) -> tuple[str, ...]:  # fmt: skip
    codes = list(note.notes)
    if not lead:
        one = len(joint) == 1 and not joint[0].selector
        codes.append("sole_unit" if one and not note.co else "lead_to_confirm")
    if note.open_list:
        codes.append("open_list")
    if due is None or due.kind in ("vague", "class"):
        codes.append("no_due" if due is None else "deadline_vague")
    if any(weekday_is_wrong(d) for group in found for d in group):
        codes.append("weekday_mismatch")
    if due and due.date and not re.search(r"20\d\d", due.raw):
        codes.append("year_assumed")
    return tuple(dict.fromkeys(codes))


def _from_sentence(document: Document, group: Group, sentence: Sentence) -> Proposal:
    text = document.text
    title = run_in_title(text, sentence.work, sentence.span.end).strip("，、 ")
    return _proposal(
        document, group, sentence.span, sentence.note, title=title, sure=sentence.sure, extra=("from_prose",)
    )


def _from_row(document: Document, row: Row) -> Proposal:
    at = document.clause_at(row.span.start)
    own = at.marker if at.marker and at.span.start == row.span.start else None
    outline = "/".join(part for part in (at.outline, row.serial if row.serial != own else "") if part)
    group = Group((replace(at, outline=outline),), row.span.start, row.span.end)
    extra = ("inherited_cell",) if row.inherited else ()
    found = _proposal(document, group, row.work, row.note, title=row.title, sure=not row.inherited, extra=extra)
    return replace(found, standard=row.goal)


def _with_duties(clauses: tuple[Clause, ...], proposals: list[Proposal]) -> tuple[Clause, ...]:
    """Mark the clauses that proposals speak from."""
    owed = {p.clause for p in proposals}
    return tuple(replace(c, role="duty") if c.index in owed else c for c in clauses)

"""Turning a reading into rows: clauses by depth, proposals with their units matched."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from luoshi.core.queries import get_calendar
from luoshi.directives.models import Clause, Directive, Goal, Proposal, SourcePage
from luoshi.directives.rules import Mention, Reading, Target, UnitIndex, elided_prefixes, match_name
from luoshi.directives.rules import Proposal as Duty
from luoshi.directives.rules.drafts import (
    clause_roles,
    goal_of,
    limit_of,
    milestone_name,
    own_words,
    standard_of,
    units_of,
)
from luoshi.directives.rules.trust import with_matches
from luoshi.papers.facts import Paper

LARGEST = Decimal(10) ** 15  # what a goal's column holds
CADENCES = ("annual", "semiannual", "quarterly", "monthly", "weekly")


@dataclass(frozen=True, slots=True)
class Reader:
    """What the proposals of one directive are drafted with."""

    reading: Reading
    index: UnitIndex
    scope_path: str
    day: date
    add_workdays: Callable[[date, int], date]


def reader_for(reading: Reading, *, index: UnitIndex, scope_path: str, day: date) -> Reader:
    """A reader with the working-day calendar of the year after the document's day."""
    calendar = get_calendar(day, day + timedelta(days=366))
    return Reader(reading, index, scope_path, day, calendar.add_workdays)


def store_reading(directive: Directive, reader: Reader) -> tuple[int, int]:
    """Insert the clauses and proposals of a directive; how many of each."""
    clauses = _store_clauses(directive, reader.reading)
    rows = [
        draft_proposal(directive, clauses[duty.clause], duty, reader=reader, position=position)
        for position, duty in enumerate(reader.reading.proposals)
    ]
    Proposal.objects.bulk_create(rows, batch_size=500)
    _store_goals(directive, clauses, reader.reading)
    return len(clauses), len(rows)


def store_pages(directive: Directive, paper: Paper) -> None:
    """Insert the pages that can be shown, each with the places of the text's characters on it."""
    runs: dict[int, list[list[Any]]] = defaultdict(list)
    for start, paragraph in zip(paper.starts, paper.paragraphs, strict=True):
        for run in paragraph.runs:
            place = [start + run.start, start + run.end, run.top, run.bottom, list(run.edges), run.confidence]
            runs[run.page].append(place)
    SourcePage.objects.bulk_create(
        [
            SourcePage(directive=directive, number=s.number, width=s.width, height=s.height, runs=runs[s.number])
            for s in paper.sheets
        ],
        batch_size=100,
    )


def places_of(paper: Paper) -> list[list[Any]]:
    """Where each paragraph of the text stood in the original: [offset, place, page or 0] in order."""
    rows = zip(paper.starts, paper.paragraphs, strict=True)
    return [[start, p.source, p.runs[0].page if p.runs else 0] for start, p in rows]


def table_rows_of(reading: Reading) -> list[dict[str, Any]]:
    """The headings of the task tables as stored."""
    return [
        {"start": t.span.start, "end": t.span.end, "headings": list(t.headings), "roles": list(t.roles)}
        for t in reading.tables
    ]


def _store_goals(directive: Directive, clauses: dict[int, Clause], reading: Reading) -> None:
    Goal.objects.bulk_create(
        Goal(
            directive=directive, clause=clauses[g.clause], position=position, name=g.name[:120], op=g.op,
            value=round(g.value, 4), unit=g.unit[:30], due_date=g.due.date if g.due else None, start=g.span.start,
            end=g.span.end,
        )
        for position, g in enumerate(reading.goals)
        if abs(g.value) < LARGEST
    )  # fmt: skip


def _store_clauses(directive: Directive, reading: Reading) -> dict[int, Clause]:
    """One insert per depth of the outline, so that a clause's parent has its key."""
    roles = clause_roles(reading.clauses, issuer=reading.header.issuer)
    depth: dict[int, int] = {}
    layers: dict[int, list[Clause]] = defaultdict(list)
    rows: dict[int, Clause] = {}
    for clause, role in zip(reading.clauses, roles, strict=True):
        depth[clause.index] = 0 if clause.parent is None else depth[clause.parent] + 1
        row = Clause(
            directive=directive, position=clause.index, outline=clause.outline[:40], level=clause.level, role=role,
            title=clause.title[:300], start=clause.span.start, end=clause.span.end,
            parent=None if clause.parent is None else rows[clause.parent],
        )  # fmt: skip
        rows[clause.index] = row
        layers[depth[clause.index]].append(row)
    for level in sorted(layers):
        for row in layers[level]:
            row.parent_id = row.parent.pk if row.parent else None
        Clause.objects.bulk_create(layers[level], batch_size=500)
    return rows


def draft_proposal(directive: Directive, clause: Clause, duty: Duty, *, reader: Reader, position: int) -> Proposal:
    """A proposal row from a duty as read."""
    limit = limit_of(duty.due, day=reader.day, add_workdays=reader.add_workdays)
    requirement, goal = goal_of(own_words(duty))
    notes = [n for n in dict.fromkeys((*duty.notes, limit.note)) if n]
    units = match_units(units_of(duty), reader=reader)
    evidence = with_matches([asdict(e) for e in duty.evidence], units)
    return Proposal(
        directive=directive, clause=clause, position=position, title=(duty.title or requirement)[:300],
        requirement=requirement, standard=goal or standard_of(duty.targets), start=duty.span.start, end=duty.span.end,
        duty_start=duty.duty_span.start if duty.duty_span else None,
        duty_end=duty.duty_span.end if duty.duty_span else None,
        units=units,
        due_date=limit.due_date, due_raw=duty.due.raw[:120] if duty.due else "",
        due_start=duty.due.span.start if duty.due else None, due_end=duty.due.span.end if duty.due else None,
        is_open_ended=limit.is_open_ended, review_date=limit.review_date,
        cadence=duty.cadence.value if duty.cadence and duty.cadence.value in CADENCES else "",
        milestones=_milestones(duty, reader.reading.text), targets=[target_row(t) for t in duty.targets],
        notes=notes, rule=duty.rule[:120], is_sure=duty.sure, evidence=evidence,
    )  # fmt: skip


def match_units(named: list[tuple[str, Mention]], *, reader: Reader) -> list[dict[str, Any]]:
    """The units of a duty, each matched to the tree with the prefix that it inherits from the one before."""
    prefixes = elided_prefixes(tuple(m for _role, m in named), text=reader.reading.text)
    rows = []
    for (role, mention), prefix in zip(named, prefixes, strict=True):
        row = unit_row(mention.name, role=role, index=reader.index, scope_path=reader.scope_path, prefix=prefix)
        rows.append({**row, "start": mention.span.start, "end": mention.span.end})
    return rows


def unit_row(name: str, *, role: str, index: UnitIndex, scope_path: str, prefix: str = "") -> dict[str, Any]:
    """A name with the unit or selector that it stands for, or with candidates to choose from."""
    match = match_name(name, index=index, scope_path=scope_path, prefix_hint=prefix)
    candidates = [] if match.unit_id else [list(c) for c in match.candidates]
    return {
        "name": name[:120], "role": role, "start": None, "end": None, "unit": match.unit_id,
        "selector": match.selector or "", "candidates": candidates, "how": match.how,
    }  # fmt: skip


def target_row(target: Target) -> dict[str, Any]:
    """A target as stored."""
    return {
        "name": target.name, "op": target.op, "value": f"{target.value.normalize():f}", "unit": target.unit,
        "start": target.span.start, "end": target.span.end,
    }  # fmt: skip


def _milestones(duty: Duty, text: str) -> list[dict[str, Any]]:
    return [
        {"name": milestone_name(text, span=d.span, end=max(duty.span.end, d.span.end)), "date": d.date.isoformat()}
        for d in duty.milestones
        if d.date and d.kind != "report"
    ]

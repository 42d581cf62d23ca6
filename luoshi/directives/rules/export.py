"""Writes a reading as plain data for JSON."""

from decimal import Decimal

from luoshi.directives.rules.facts import (
    Cadence,
    Clause,
    Deadline,
    Evidence,
    Goal,
    Mention,
    Proposal,
    Reading,
    Span,
    TableHead,
    Target,
)


def as_json(reading: Reading) -> dict[str, object]:
    """Return header, clauses, one item per proposal, goals and the heads of tables, in document order."""
    header = reading.header
    return {
        "header": {
            "number": header.number, "title": header.title, "issuer": header.issuer, "addressees": header.addressees,
            "issued_date": header.issued_date.isoformat() if header.issued_date else None, "kind": header.kind,
        },
        "clauses": [_clause(c) for c in reading.clauses],
        "items": [_item(p) for p in reading.proposals],
        "goals": [_goal(g) for g in reading.goals],
        "tables": [_table(t) for t in reading.tables],
    }  # fmt: skip


def _clause(clause: Clause) -> dict[str, object]:
    return {
        "index": clause.index, "outline": clause.outline, "level": clause.level, "title": clause.title,
        "role": clause.role, "parent": clause.parent, "span": _span(clause.span),
    }  # fmt: skip


def _item(proposal: Proposal) -> dict[str, object]:
    due = proposal.due
    return {
        "outline": proposal.outline, "title": proposal.title, "text": proposal.text, "clause": proposal.clause,
        "span": _span(proposal.span), "duty_span": _span(proposal.duty_span),
        "lead": _names(proposal.lead), "co": _names(proposal.co), "joint": _names(proposal.joint),
        "guide": _names(proposal.guide), "verifier": _names(proposal.verifier), "implied": _names(proposal.implied),
        "people": list(proposal.people), "open_list": proposal.open_list,
        "due": due.date.isoformat() if due and due.date else None, "due_raw": due.raw if due else None,
        "due_kind": due.kind if due else None, "milestones": [_deadline(d) for d in proposal.milestones],
        "cadence": proposal.cadence.value if proposal.cadence else None,
        "cadences": [_cadence(c) for c in proposal.cadences],
        "targets": [_target(t) for t in proposal.targets],
        "rule": proposal.rule, "sure": proposal.sure, "notes": list(proposal.notes),
        "evidence": [_evidence(e) for e in proposal.evidence],
    }  # fmt: skip


def _names(mentions: tuple[Mention, ...]) -> list[str]:
    return [m.name for m in mentions]


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None


def _deadline(deadline: Deadline) -> dict[str, object]:
    return {"raw": deadline.raw, "date": deadline.date.isoformat() if deadline.date else None, "kind": deadline.kind}


def _cadence(cadence: Cadence) -> dict[str, object]:
    return {"value": cadence.value, "raw": cadence.raw, "day": cadence.day, "detail": cadence.detail}


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {"field": evidence.field, "value": evidence.value, "kind": evidence.kind, "sure": evidence.sure}


def _target(target: Target) -> dict[str, object]:
    measured = _measured(target.name, target.op, target.value, target.unit)
    return {**measured, "period": target.period, "span": _span(target.span)}


def _goal(goal: Goal) -> dict[str, object]:
    measured = _measured(goal.name, goal.op, goal.value, goal.unit)
    due = _deadline(goal.due) if goal.due else None
    return {"clause": goal.clause, **measured, "due": due, "span": _span(goal.span)}


def _measured(name: str, op: str, number: Decimal, unit: str) -> dict[str, object]:
    whole = number == number.to_integral_value()
    return {"name": name, "op": op, "value": int(number) if whole else float(number), "unit": unit}


def _table(table: TableHead) -> dict[str, object]:
    return {"span": _span(table.span), "headings": list(table.headings), "roles": list(table.roles)}

"""Writes a reading as plain data for JSON."""

from luoshi.directives.rules.facts import Clause, Deadline, Mention, Proposal, Reading, Span, Target


def as_json(reading: Reading) -> dict[str, object]:
    """Return header, clauses and one item per proposal, in document order."""
    header = reading.header
    return {
        "header": {
            "number": header.number, "title": header.title, "issuer": header.issuer, "addressees": header.addressees,
            "issued_date": header.issued_date.isoformat() if header.issued_date else None, "kind": header.kind,
        },
        "clauses": [_clause(c) for c in reading.clauses],
        "items": [_item(p) for p in reading.proposals],
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
        "targets": [_target(t) for t in proposal.targets],
        "rule": proposal.rule, "sure": proposal.sure, "notes": list(proposal.notes),
    }  # fmt: skip


def _names(mentions: tuple[Mention, ...]) -> list[str]:
    return [m.name for m in mentions]


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None


def _deadline(deadline: Deadline) -> dict[str, object]:
    return {"raw": deadline.raw, "date": deadline.date.isoformat() if deadline.date else None, "kind": deadline.kind}


def _target(target: Target) -> dict[str, object]:
    whole = target.value == target.value.to_integral_value()
    value = int(target.value) if whole else float(target.value)
    return {"name": target.name, "op": target.op, "value": value, "unit": target.unit}

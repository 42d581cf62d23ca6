"""How real papers fare with the linter: `python -m bench.lint DIR…` prints counts per rule and how concrete each is."""

import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from luoshi.directives.rules import Proposal, read_directive
from luoshi.tasks.rules.ladder import guess_kind
from luoshi.tasks.rules.linter import LintDuty, LintFacts, concreteness, lint


def facts_of(duty: Proposal, text: str) -> LintFacts:
    """A duty as read, taken as if every named unit existed."""
    roles = {"lead": duty.lead, "joint": duty.joint, "co": duty.co + duty.implied, "guide": duty.guide}
    duties = [
        LintDuty(role, None if m.selector else n + 1, "selector" if m.selector else "", m.name)
        for role, mentions in roles.items()
        for n, m in enumerate(mentions)
    ]
    target = duty.targets[0] if duty.targets else None
    requirement = text[duty.span.start : duty.span.end]
    standard = "；".join(f"{t.name}{t.op}{t.value}{t.unit}" for t in duty.targets)
    return LintFacts(
        title=duty.title, requirement=requirement, standard=standard, duties=tuple(duties),
        kind=guess_kind(duty.title, requirement=requirement, has_number=target is not None).value,
        due_date=duty.due.date if duty.due else None, target_value=target.value if target else None,
        target_unit=target.unit if target else "", cadence=duty.cadence.value if duty.cadence else "",
    )  # fmt: skip


def main(folders: list[str]) -> None:
    """Print one line a paper, and the sum."""
    total: Counter[str] = Counter()
    scores: list[Decimal] = []
    for path in sorted(p for folder in folders for p in Path(folder).rglob("*.txt")):
        reading = read_directive(path.read_text(encoding="utf-8"))
        facts = [facts_of(duty, reading.text) for duty in reading.proposals]
        if not facts:
            continue
        day = reading.header.issued_date or date(2026, 1, 1)
        counts = Counter(f.code for one in facts for f in lint(one, today=day))
        score = concreteness(facts)
        total += counts
        scores.append(score.score or Decimal(0))
        parts = " ".join(f"{p.part} {p.count}/{p.of}" for p in score.parts)
        found = " ".join(f"{code}×{n}" for code, n in sorted(counts.items()))
        print(f"{path.stem}: {len(facts)} duties, concreteness {score.score} ({parts})\n    {found}")
    print("all:", " ".join(f"{code}×{n}" for code, n in total.most_common()))
    if scores:
        print(f"{len(scores)} papers with duties, concreteness {min(scores)} to {max(scores)}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""By when: no date, a date in words, one that has passed or that the task above does not allow."""

import re
from collections.abc import Iterator
from datetime import date

from luoshi.tasks.rules.linter.facts import Found, LintFacts
from luoshi.tasks.rules.linter.who import join

VAGUE_DATE = re.compile(
    r"及时(?!性)|适时|尽快|尽早|早日|抓紧|限期(?!内)|近期|适当时候|条件成熟时?|按时限要求|在规定时间内|择机|逐步"
)
LONG_DAYS = 180


def check_when(facts: LintFacts, today: date) -> Iterator[Found]:
    """What is wrong with the dates."""
    due = facts.due_date
    if due is None:
        yield from _undated(facts)
        return
    if due < today:
        yield "past_date", due.isoformat()
    if facts.start_date and due < facts.start_date:
        yield "due_before_start", facts.start_date.isoformat()
    yield from _within_parent(facts, due)
    late = [d for d in facts.duties if d.due_date and d.due_date > due]
    if late:
        yield "duty_after_due", join(late)
    if not facts.milestones and (due - (facts.start_date or today)).days > LONG_DAYS:
        yield "no_milestones", ""


def _undated(facts: LintFacts) -> Iterator[Found]:
    if facts.review_date is None:
        yield "no_date", ""
    elif not facts.cadence:
        yield "open_without_cadence", ""
    words = list(dict.fromkeys(VAGUE_DATE.findall(f"{facts.requirement}。{facts.standard}")))
    if words and facts.review_date is None:
        yield "vague_date", "、".join(words[:3])


def _within_parent(facts: LintFacts, due: date) -> Iterator[Found]:
    """A part is due neither after its whole nor before the whole begins."""
    parent = facts.parent
    if parent and parent.due_date and due > parent.due_date:
        yield "outside_parent", parent.due_date.isoformat()
    elif parent and parent.start_date and due < parent.start_date:
        yield "outside_parent", parent.start_date.isoformat()

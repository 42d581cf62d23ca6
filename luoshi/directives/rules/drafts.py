"""How a duty as read becomes a draft task: its own words, its standard, its dates."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from luoshi.directives.rules.facts import Deadline, Proposal, Span, Target

OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "~": "约"}
WORKDAYS = re.compile(r"(?P<count>\d{1,3}|[一二三四五六七八九十]{1,3})个?工作日")
NUMERALS = {c: n for n, c in enumerate("一二三四五六七八九", start=1)}
STOPS = "，。；,;（(\n"
ENDS = "。；;！？\n"

AddWorkdays = Callable[[date, int], date]


@dataclass(frozen=True, slots=True)
class Limit:
    """When a draft is due: a date, or open-ended with a date of review; `note` asks the person to look."""

    due_date: date | None = None
    is_open_ended: bool = False
    review_date: date | None = None
    note: str = ""


def limit_of(due: Deadline | None, *, day: date, add_workdays: AddWorkdays) -> Limit:
    """The dates of a draft from what the words say; `day` is the document's own day."""
    if due is None:
        return Limit(note="no_date")
    if due.kind == "open":
        return Limit(is_open_ended=True, review_date=due.date or date(day.year, 12, 31))
    if due.kind == "report":
        return Limit(note="report_date")
    if due.date is None:
        counted = workdays(due.raw)
        found = add_workdays(day, counted) if counted else None
        return Limit(due_date=found, note="date_from_event" if found else "no_date")
    return Limit(due_date=due.date, note={"event": "date_from_event", "horizon": "horizon"}.get(due.kind, ""))


def workdays(raw: str) -> int:
    """The number of working days that words such as 会后5个工作日内 allow; 0 when they name none."""
    found = WORKDAYS.search(raw)
    if not found:
        return 0
    words = found.group("count")
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    return (NUMERALS.get(tens, 1) * 10 if ten else 0) + NUMERALS.get(ones, 0)


def own_words(text: str, *, start: int, end: int, without: Iterable[Span | None]) -> str:
    """The words between two offsets without the duty note, blank lines and outer blanks removed."""
    pieces, at = [], start
    for span in sorted((s for s in without if s), key=lambda s: s.start):
        if at <= span.start and span.end <= end:
            pieces.append(text[at : span.start])
            at = span.end
    pieces.append(text[at:end])
    lines = (line.strip(" \t\u3000\r") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def without_marker(words: str, *, marker: str) -> str:
    """The words without the number that opens their clause."""
    return words[len(marker) :].lstrip(" \t\u3000") if marker and words.startswith(marker) else words


def standard_of(targets: Sequence[Target]) -> str:
    """The standard that the numbers of a duty state: 新增就业 ≥ 900万人；…"""
    return "；".join(f"{t.name} {OPERATORS.get(t.op, t.op)} {plain(t)}".strip() for t in targets)


def plain(target: Target) -> str:
    """A target's value and unit without trailing zeros."""
    return f"{target.value.normalize():f}{target.unit}"


def milestone_name(text: str, *, span: Span, end: int) -> str:
    """What a date inside a sentence is the date of: the words after it, else those before it."""
    after = _until(text[span.end : min(end, span.end + 80)].lstrip("，, 、前"), STOPS)
    if len(after) >= 2:
        return after[:60]
    before = text[max(0, span.start - 80) : span.start].rstrip("，,、 于在到至")
    return re.split(f"[{STOPS}]", before)[-1][-60:] or text[span.start : span.end]


def sentence_starts(words: str) -> list[int]:
    """Where a duty's words may be divided: after each sentence or semicolon outside brackets, but the last."""
    found, depth = [], 0
    for index, char in enumerate(words):
        depth = max(0, depth + (char in "（(〔【") - (char in "）)〕】"))
        if char in ENDS and not depth and words[index + 1 :].strip():
            found.append(index + 1)
    return found[:60]


def short_title(words: str) -> str:
    """A title for a part of a duty: its first sentence, at most 40 characters."""
    return _until(words.strip(), "。；;，\n")[:40] or words.strip()[:40]


def spans_of(proposal: Proposal) -> list[tuple[str, str, Span]]:
    """Every unit that a proposal names, as (role, name, span), in the order written."""
    roles = (
        ("lead", proposal.lead), ("joint", proposal.joint), ("co", proposal.co + proposal.implied),
        ("guide", proposal.guide), ("verifier", proposal.verifier),
    )  # fmt: skip
    named = [(role, m.name, m.span) for role, mentions in roles for m in mentions]
    return sorted(named, key=lambda n: n[2].start)


def _until(words: str, stops: str) -> str:
    for index, char in enumerate(words):
        if char in stops:
            return words[:index]
    return words

"""How a duty as read becomes a draft task: its own words, its standard, its dates, its units."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from luoshi.directives.rules.dates import after, workdays
from luoshi.directives.rules.facts import Clause, Deadline, Mention, Proposal, Span, Target

OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "~": "约"}
STOPS = "，。；,;（(\n"
GOAL = re.compile(r"^(?:整改|工作|任务|主要)?(?:目标|完成标准|验收标准|标准)[:：](?P<goal>.+)$", re.MULTILINE)
IMMEDIATE_DAYS = 7  # 立行立改 names no day: the one proposed, for a person to confirm
CLOSING = re.compile(r"^(?:抄送|分送|主送|印发|出席|列席|请假|记录|附件|[（(]此件)")
SIGNED_DATE = re.compile(
    r"(?:20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})年[\d一二三四五六七八九十]{1,2}月[\d一二三四五六七八九十]{1,3}日"
)
SHORTEST_ISSUER = 4  # characters of a signature line
ENDS = "。；;！？\n"

AddWorkdays = Callable[[date, int], date]
Values = dict[str, Any]  # a proposal's fields, or one row of its units, targets or steps, by name


@dataclass(frozen=True, slots=True)
class Limit:
    """When a draft is due: a date, or open-ended with a date of review; `note` asks the person to look."""

    due_date: date | None = None
    is_open_ended: bool = False
    review_date: date | None = None
    note: str = ""


def limit_of(
    due: Deadline | None, *, day: date, add_workdays: AddWorkdays, immediate_days: int = IMMEDIATE_DAYS
) -> Limit:
    """The dates of a draft from what the words say; `day` is the document's own day."""
    if due is None or due.kind == "recurring":  # a report every month does not say until when the work is to be done
        return Limit(note="no_due")
    if due.kind == "open":
        return Limit(is_open_ended=True, review_date=due.date or date(day.year, 12, 31))
    if due.kind == "report":
        return Limit(note="report_date")
    if due.kind in ("vague", "class"):
        return Limit(note="deadline_vague")
    if due.kind == "immediate":
        return Limit(due_date=day + timedelta(days=immediate_days), note="immediate")
    if due.date is None:
        counted = workdays(due.raw)
        found = add_workdays(day, counted) if counted else after(day, due.raw) if due.kind == "event" else None
        return Limit(due_date=found, note="date_from_event" if found else "no_due")
    return Limit(due_date=due.date, note={"event": "date_from_event", "horizon": "horizon"}.get(due.kind, ""))


def own_words(proposal: Proposal) -> str:
    """The words of the work without the note that names the units; the people it names are kept."""
    start, words, note = proposal.span.start, proposal.text, proposal.duty_span
    if proposal.rule.startswith("column_"):
        words = _cells(proposal)
    elif note and note.start < proposal.span.end and note.end > start:
        words = _without_note(words, max(0, note.start - start), note.end - start, prose="from_prose" in proposal.notes)
    lines = (line.strip(" \t\u3000\r，,、；;") for line in words.split("\n"))
    kept = [line for line in lines if line]
    if proposal.people:
        kept.append("责任人：" + "、".join(proposal.people))
    return "\n".join(kept)


def _cells(proposal: Proposal) -> str:
    """The words of a table's row, a line a cell, the standard's own cell marked as such."""
    goal = proposal.standard
    begin, end = (goal.start - proposal.span.start, goal.end - proposal.span.start) if goal else (0, 0)
    inside = goal is not None and 0 <= begin < end <= len(proposal.text)
    if not inside or (begin == 0 and end == len(proposal.text)):
        return proposal.text.replace("\t", "\n")
    words = proposal.text
    return f"{words[:begin]}\n{words[end:]}\n目标：{words[begin:end].strip()}".replace("\t", "\n")


def _without_note(words: str, begin: int, end: int, *, prose: bool) -> str:
    """In running prose a unit inside the sentence is part of it (所需资金由县财政局统筹) and stays."""
    head = words[:begin]
    if prose and head.strip(" 由请，"):
        return words
    return ("" if prose else head) + words[end:]


def goal_of(words: str) -> tuple[str, str]:
    """Divide the words into (requirement, standard) where a line of them is headed 整改目标 or the like."""
    found = GOAL.search(words)
    if not found:
        return words, ""
    rest = words[: found.start()] + words[found.end() :]
    return "\n".join(line for line in rest.split("\n") if line), found.group("goal").strip()


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


def units_of(proposal: Proposal) -> list[tuple[str, Mention]]:
    """Every unit that a proposal names with its role, in the order written; 「商务部负责」 makes it the lead."""
    alone = "lead" if "sole_unit" in proposal.notes else "joint"
    named = [("lead", m) for m in proposal.lead] + [(alone, m) for m in proposal.joint]
    named += [("co", m) for m in proposal.co] + [("guide", m) for m in proposal.guide]
    named += [("verifier", m) for m in proposal.verifier]
    return sorted(named, key=lambda n: n[1].span.start) + [("co", m) for m in proposal.implied]


def clause_roles(clauses: Sequence[Clause], *, issuer: str = "") -> list[str]:
    """The clauses' roles, where what comes before the first number, signatures and closing lines are structure."""
    first = next((c.index for c in clauses if c.level), len(clauses))
    return [_role(c, numbered=c.index >= first, issuer=issuer) for c in clauses]


def _role(clause: Clause, *, numbered: bool, issuer: str) -> str:
    if clause.role != "text" or clause.level:
        return clause.role
    if not numbered:
        return "preamble"
    words = re.sub(r"[\s、]", "", clause.text)
    signed = len(words) >= SHORTEST_ISSUER and words in issuer.replace("、", "")
    return "attachment" if signed or SIGNED_DATE.fullmatch(words) or CLOSING.match(words) else clause.role


def _until(words: str, stops: str) -> str:
    for index, char in enumerate(words):
        if char in stops:
            return words[:index]
    return words

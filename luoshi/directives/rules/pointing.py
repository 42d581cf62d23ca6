"""A language model may point at words that the grammar left uncovered; it may not say anything of its own.

The model answers with quotations. A quotation that does not stand in its passage is dropped; units, dates, numbers and
cadence are then read from the quoted words by the grammar itself, so a made-up fact has no way in.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from luoshi.directives.rules.cadence import find_cadence
from luoshi.directives.rules.deadlines import choose_due, find_deadlines
from luoshi.directives.rules.facts import Deadline, Evidence, Mention, Proposal, Span
from luoshi.directives.rules.outline import run_in_title
from luoshi.directives.rules.targets import find_targets
from luoshi.directives.rules.units import read_units

SHORTEST_QUOTE = 8
MAX_DUTIES = 40  # of one answer
MAX_UNITS = 30  # of one duty
BATCH_LENGTH = 3_000  # characters of passages in one request
PASSAGE_LENGTH = 1_500
ROLES = ("lead", "co", "joint", "guide")
TASK = (
    "你在协助督查人员从公文中找出交给具体单位办理的任务。下面给出若干条款，每条前有编号。只摘出条款中明确要求某单位或某类单位完成的任务；"
    "指导思想、原则、背景、号召、已完成的工作不是任务。只许照抄原文，不得改写、补充或推测。"
    '只回答一个 JSON 对象：{"duties":[{"passage":编号,"quote":"任务原文，一字不差","lead":["牵头单位原文"],'
    '"co":["配合单位原文"],"joint":["没有写明牵头的责任单位原文"],"due":"时限原文，没有则为空"}]}。'
    '没有任务时回答 {"duties":[]}。'
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A clause that nothing covers: its index in the document and where its words stand."""

    clause: int
    outline: str
    span: Span


@dataclass(frozen=True, slots=True)
class Answered:
    """What of an answer may be proposed, and how many of its suggestions quoted words that are not there."""

    proposals: tuple[Proposal, ...]
    dropped: int


class Nonsense(ValueError):
    """The answer is no JSON object of the agreed shape."""


def batches(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    """Passages gathered into requests of a bounded length; an over-long one is cut."""
    batch: list[Passage] = []
    length = 0
    for passage in passages:
        cut = Span(passage.span.start, min(passage.span.end, passage.span.start + PASSAGE_LENGTH))
        if batch and length + cut.end - cut.start > BATCH_LENGTH:
            yield batch
            batch, length = [], 0
        batch.append(Passage(passage.clause, passage.outline, cut))
        length += cut.end - cut.start
    if batch:
        yield batch


def messages_for(text: str, passages: Sequence[Passage]) -> list[dict[str, str]]:
    """The request for one batch, as chat messages."""
    words = "\n".join(f"[{n}] {text[p.span.start : p.span.end].strip()}" for n, p in enumerate(passages, start=1))
    return [{"role": "system", "content": TASK}, {"role": "user", "content": words}]


def read_answer(
    answer: str, text: str, passages: Sequence[Passage], *, issued: date | None, year: int | None
) -> Answered:
    """Keep the suggestions whose quotation stands in its passage. Raises Nonsense for an answer of another shape."""
    kept: list[Proposal] = []
    suggestions = _suggestions(answer)
    for suggestion in suggestions:
        proposal = _proposal(suggestion, text, passages, issued=issued, year=year)
        if proposal and not any(_overlap(proposal.span, k.span) for k in kept):
            kept.append(proposal)
    return Answered(tuple(sorted(kept, key=lambda p: p.span.start)), len(suggestions) - len(kept))


def _suggestions(answer: str) -> list[dict[str, Any]]:
    start, end = answer.find("{"), answer.rfind("}")
    try:
        data = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError):
        raise Nonsense("no JSON object") from None
    duties = data.get("duties") if isinstance(data, dict) else None
    if not isinstance(duties, list):
        raise Nonsense("no list of duties")
    return [d if isinstance(d, dict) else {} for d in duties[:MAX_DUTIES]]


def _proposal(
    suggestion: dict[str, Any], text: str, passages: Sequence[Passage], *, issued: date | None, year: int | None
) -> Proposal | None:
    number = suggestion.get("passage")
    if not isinstance(number, int) or not 1 <= number <= len(passages):
        return None
    passage = passages[number - 1]
    span = find_quote(text, suggestion.get("quote"), within=passage.span, shortest=SHORTEST_QUOTE)
    units = {role: _units(text, suggestion.get(role), within=passage.span) for role in ROLES}
    if span is None or not any(units.values()):
        return None
    due = _due(text, suggestion.get("due"), within=passage.span, issued=issued, year=year)
    words = [(role, m.name) for role, mentions in units.items() for m in mentions] + ([("due", due.raw)] if due else [])
    return Proposal(
        clause=passage.clause, outline=passage.outline, title=run_in_title(text, span.start, span.end),
        text=text[span.start : span.end], span=span, duty_span=None, lead=units["lead"], co=units["co"],
        joint=units["joint"], guide=units["guide"], open_list=False, due=due, milestones=(),
        cadence=find_cadence(text, start=span.start, end=span.end),
        targets=find_targets(text, start=span.start, end=span.end), rule="model", sure=False,
        notes=() if due else ("no_due",), evidence=tuple(Evidence(f, v, "model", sure=False) for f, v in words),
    )  # fmt: skip


def find_quote(text: str, words: object, *, within: Span, shortest: int = 2) -> Span | None:
    """Where words stand in a passage, white space aside; None where they do not, or are too few to tell."""
    if not isinstance(words, str):
        return None
    wanted = re.sub(r"\s", "", words)
    if len(wanted) < shortest:
        return None
    places = [i for i in range(within.start, within.end) if not text[i].isspace()]
    at = "".join(text[i] for i in places).find(wanted)
    return Span(places[at], places[at + len(wanted) - 1] + 1) if at >= 0 else None


def _units(text: str, names: object, *, within: Span) -> tuple[Mention, ...]:
    """The units among the names that stand in the passage as written."""
    found: list[Mention] = []
    for name in names[:MAX_UNITS] if isinstance(names, list) else []:
        span = find_quote(text, name, within=within)
        if span and not any(_overlap(span, m.span) for m in found):
            found.extend(read_units(text[span.start : span.end], offset=span.start).mentions)
    return tuple(found)


def _due(text: str, words: object, *, within: Span, issued: date | None, year: int | None) -> Deadline | None:
    span = find_quote(text, words, within=within)
    if span is None:
        return None
    return choose_due(find_deadlines(text, start=span.start, end=span.end, issued=issued, year=year, stated=True))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end

"""How far each field of a proposal may be trusted, from what it was read from."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from luoshi.directives.rules.facts import Deadline, Evidence, Mention, Proposal, Span, Target
from luoshi.directives.rules.units import looks_like_unit

# The chance that a field read so is right; `python -m bench.calibration` measures it on labelled papers, as they are
# and with their punctuation, spaces, brackets and lines disturbed. What is shown as sure must be right in SURE of them.
CLAIMED = {"explicit": 0.99, "document_rule": 0.99, "inherited": 0.95, "inferred": 0.85, "ocr": 0.9, "model": 0.5}
SURE = 0.99
LEADS = re.compile(r"牵头|主办|主责|会同|联合|商|_lead")
UNREAD = frozenset({"unread_rest", "count_mismatch"})
# Two names that ran together (扶贫办发展改革委), a label that ran into one, a sign or a space inside.
ENDING = r"(?:部|局|委|办|厅|署|总社|(?<!社)会|银行)"
RUN_TOGETHER = re.compile(
    rf"[\u4e00-\u9fff]{{2,}}{ENDING}(?!办公|机关|直属|下属|所属|驻|党|[\u4e00-\u9fff]{{0,8}}(?:分[局行]|支[队局行]|大队|监管局))"
    rf"[\u4e00-\u9fff]{{2,}}(?:部|局|委|办|厅|署|总社|会|银行|总局|政府)$"
    rf"|[\u4e00-\u9fff]{{2,}}(?:{ENDING}|厅|政府)(?:省|市|县|区)[\u4e00-\u9fff]{{2,}}(?:公司|集团|中心|局|厅|部|委|院)$|范围|[\s，。；：:]"
)
# A number that was not read as one because a sign of it is missing, so that the item before runs on.
NUMBER_LEFT = re.compile(
    r"\s*(?:[（(]?[\s一二三四五六七八九十]{1,5}[）)]|[（(][一二三四五六七八九十]|[一二三四五六七八九十]\s?[一二三四五六七八九十]+[、对]|\d{1,2}\s*[.．、)）])"
)
HEADING_LENGTH = 22
TORN = re.compile(r"[\u4e00-\u9fff][ \u3000]$|[ \u3000][\u4e00-\u9fff]")
DATE_STATED = re.compile(r"(?:[前底末内止]|之前|以前)[）)]?$|^[到至]")
# A bare count is a target for sure where its own words say that so many are to be brought about.
ACHIEVED = re.compile(
    r"(?:确保|力争|计划|累计|全年|同步|至少|争取|推动|实现)*"
    r"(?:新增|新建|改建|扩建|建成|建设|改造|完成|培育|打造|创建|消除|举办|开展|新签约|引进|推出|整治|压降|实现|达到|提高到)"
)
WHOLE_DATE = re.compile(r"20\d{2}|[今明次本]年|二[〇○零]|五[”\"]")


def weigh(
    proposal: Proposal, *, first_is_lead: bool, doubtful: Sequence[Span], issued: date | None = None, text: str = ""
) -> tuple[Evidence, ...]:
    """The evidence for each field that is present, in the order work, units, date, cadence, targets.

    `doubtful` are the ranges of `text`, the whole paper's, that character recognition read, in order; `issued` is the
    paper's own day.
    """
    rows = [
        ("work", proposal.title, _work_kind(proposal), proposal.span),
        *_units(proposal, text, by_rule=first_is_lead and not LEADS.search(proposal.rule)),
    ]
    if proposal.due:
        rows.append(("due", proposal.due.raw, _due_kind(proposal, proposal.due, issued), proposal.due.span))
    if proposal.cadence:
        kind = "explicit" if len(proposal.cadences) < 2 and not _is_guessed(proposal) else "inferred"
        rows.append(("cadence", proposal.cadence.raw, kind, proposal.cadence.span))
    rows += [("target", _words(t), _target_kind(proposal, t), t.span) for t in proposal.targets]
    return tuple(_evidence(*row, doubtful) for row in rows)


def _evidence(field: str, value: str, kind: str, span: Span, doubtful: Sequence[Span]) -> Evidence:
    kind = "ocr" if _overlaps(span, doubtful) else kind
    return Evidence(field, value, kind, kind != "ocr" and CLAIMED[kind] >= SURE)


def _overlaps(span: Span, doubtful: Sequence[Span]) -> bool:
    first = bisect_right(doubtful, span.start, key=lambda s: s.end)
    return first < len(doubtful) and doubtful[first].start < span.end


def _is_guessed(proposal: Proposal) -> bool:
    """Tell whether the duty itself was concluded from running text or from a bracket without any verb."""
    prose = "from_prose" in proposal.notes and not proposal.sure
    return prose or "report_only" in proposal.notes or proposal.rule in ("bare_bracket", "由…", "报送")


def _work_kind(proposal: Proposal) -> str:
    """Where the work begins is in doubt when its number was lost, or when its heading may be a line cut short."""
    text, title = proposal.text, proposal.title
    cut = len(title) > HEADING_LENGTH and not _without_space(text).startswith(_without_space(title)[:6])
    lost = NUMBER_LEFT.match(text) or NUMBER_LEFT.match(title)
    return "inferred" if _is_guessed(proposal) or cut or lost or not text.strip() else "explicit"


def _without_space(words: str) -> str:
    return re.sub(r"\s", "", words)


def _units(proposal: Proposal, text: str, *, by_rule: bool) -> Iterator[tuple[str, str, str, Span]]:
    usual = "document_rule" if by_rule and proposal.lead else "explicit"
    for role in ("lead", "co", "joint", "guide", "verifier"):
        mentions: tuple[Mention, ...] = getattr(proposal, role)
        for mention in mentions:
            kind = "inferred" if _is_torn(text, mention.span) else _unit_kind(proposal, role, mention, usual)
            yield role, mention.name, kind, mention.span
    for mention in proposal.implied:
        yield "co", mention.name, "document_rule", mention.span


def _is_torn(text: str, span: Span) -> bool:
    """Tell whether nothing but a space parts a name from the next words: one name may have been read as two."""
    return bool(TORN.search(text[max(0, span.start - 2) : span.start]) or TORN.match(text[span.end : span.end + 2]))


def _unit_kind(proposal: Proposal, role: str, mention: Mention, usual: str) -> str:
    notes = set(proposal.notes)
    if _is_guessed(proposal) or UNREAD & notes or (role in ("lead", "joint") and "lead_inferred" in notes):
        return "inferred"
    if not looks_like_unit(mention.name) or RUN_TOGETHER.search(mention.name):
        return "inferred"
    return "inherited" if "inherited_cell" in notes else usual


def _due_kind(proposal: Proposal, due: Deadline, issued: date | None) -> str:
    """A date is explicit where it is whole and a label, a bracket or its own words say that it is the limit."""
    note = proposal.duty_span
    stated = note is not None and note.start <= due.span.start < note.end
    others = any(m.date and m.kind == "fixed" for m in proposal.milestones)
    doubted = "weekday_mismatch" in proposal.notes or (others and not stated)
    if _is_guessed(proposal) or doubted or not (stated or DATE_STATED.search(due.raw)):
        return "inferred"
    if due.kind == "open":
        return "explicit" if stated else "inferred"
    if due.kind != "fixed" or due.date is None:
        return "inferred"
    if WHOLE_DATE.search(due.raw):
        return "explicit"
    return "explicit" if issued is not None and due.date.year == issued.year else "inherited"


def _target_kind(proposal: Proposal, target: Target) -> str:
    if _is_guessed(proposal):
        return "inferred"
    stated = target.op != "=" or "率" in target.name or ACHIEVED.match(target.name)
    return "explicit" if stated else "inferred"


def _words(target: Target) -> str:
    return f"{target.name} {target.op} {target.value.normalize():f}{target.unit}"

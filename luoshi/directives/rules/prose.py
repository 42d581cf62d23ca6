"""Reads duties from the prose of meeting minutes, only where it is unmistakable who must do something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from luoshi.directives.rules.brackets import split_outside
from luoshi.directives.rules.facts import Mention, Span
from luoshi.directives.rules.phrases import VERB, VERBS, Draft, Note
from luoshi.directives.rules.units import UnitList, looks_like_unit, read_units

RESOLVED = r"(?:会议)?(?:原则)?(?:议定|明确|要求|决定|强调|同意|指出|确定|部署)"
OPENING = re.compile(
    rf"[ \t\u3000]*(?:{RESOLVED}[^，。；：:]{{0,12}}[，：:、])?(?:以下[^：:]{{0,10}}[：:])?"
    r"[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}是[要]?|第[一二三四五六七八九十][，、]"
    r"|[（(][一二三四五六七八九十\d]{1,2}[）)]|[①-⑳])?[，：:、]?"
)
ANCHOR = re.compile(r"(?<![自理缘事来])由|责成|请(?=[省市县区州乡镇各])|委托|交由")
ACTING = ("lead", "joint", "each", "with", "local", "co")
NAME_END = (
    r"(?:分局|局(?![长党])|委(?![办组宣统政网编巡员会老直社金党])|厅(?!长)|部(?!门|长|分|署)|办公室|办(?!公|理|法|好|事|学|税)|中心(?!城|区)"
    r"|公司|集团|院(?!校|长)|支队|大队|镇|乡|街道|管委会|银行|社(?!会|区|保))"
)
UNIT_PREFIX = re.compile(rf"[省市县区州各][\u4e00-\u9fa5]{{0,14}}?{NAME_END}")
REPORTS = re.compile(
    r"(?P<who>各[^，。；于]{0,24}?(?:部门|单位|地区|政府|(?:街道|乡镇)(?:[（(][^（）()]{1,8}[）)])?|区|县|市|企业|机构))[^。；\n]{0,60}?"
    r"(?:\d{1,2}月(?:\d{1,2}日|底)?|年底|\d{1,2}日)前[^。；\n]{0,120}?报(?:送|告|[^，。；\n]{0,3}[省市县区国]|[^，。；\n]{0,12}(?:局|委|办|厅|室))"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that states a duty: where it stands, where the work begins in it, and who is named."""

    span: Span
    work: int
    note: Note
    sure: bool


def sentences(text: str, *, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences between two offsets; a semicolon ends one."""
    for begin, stop in split_outside(text[start:end], "。；;\n"):
        if text[start + begin : start + stop].strip():
            yield Span(start + begin, start + stop)


def read_prose(text: str, *, start: int, end: int) -> list[Sentence]:
    """Return the sentences between two offsets that name who carries a duty."""
    found = (_sentence(text, span) for span in sentences(text, start=start, end=end))
    return [s for s in found if s]


def _sentence(text: str, span: Span) -> Sentence | None:
    opening = OPENING.match(text, span.start, span.end)
    first = opening.end() if opening else span.start
    anchors = [first, *[m.end() for m in ANCHOR.finditer(text, first, span.end)][:4]]
    for anchor in anchors:
        note, work = _duty_at(text, anchor, span)
        if note:
            return Sentence(Span(_trimmed(text, first, span), span.end), work, note, sure=True)
    return report_line(text, span) or _plain_actor(text, anchors[1:], first, span)


def _trimmed(text: str, first: int, span: Span) -> int:
    while first < span.end and text[first] in " \t\u3000，":
        first += 1
    return first


def _duty_at(text: str, anchor: int, span: Span) -> tuple[Note | None, int]:
    """Read units and verbs from an anchor on; the first list must reach the first verb."""
    draft, reached, partner = Draft(), anchor, False
    for found in VERB.finditer(text, anchor, min(span.end, anchor + 400)):
        role = VERBS[int((found.lastgroup or "v0")[1:])][0]
        units = _units_before(text, reached, found.start(), strict=reached == anchor)
        if units is None:
            break  # what follows is the work itself
        if units.mentions and role in ACTING:
            _place(draft, role, units, partner=partner)
            draft.rules.append(found.group())
        partner = role == "with"
        reached = found.end()
    if partner:
        trailing = _units_after(text, reached, span.end)
        draft.add("co", trailing)
        reached = trailing.mentions[-1].span.end if trailing.mentions else reached
    named = draft.roles["lead"] + draft.roles["joint"]
    return (draft.finish(Span(anchor, reached)) if named else None), reached


def _place(draft: Draft, role: str, units: UnitList, *, partner: bool) -> None:
    if partner or role == "co" or (role not in {"lead", "with"} and draft.roles["lead"]):
        draft.add("co", units)
    else:
        draft.add("lead" if role in ("lead", "with") else "joint", units)
    if role == "co" and draft.roles["joint"] and not draft.roles["lead"]:
        draft.roles["lead"], draft.roles["joint"] = draft.roles["joint"], []
        draft.note("lead_inferred")


def _units_before(text: str, start: int, end: int, *, strict: bool) -> UnitList | None:
    """Read the units that stand right before a verb; None where a first list is not made of units alone."""
    words = text[start:end]
    units = read_units(words, offset=start)
    if all(_named(m) for m in units.mentions):
        return units
    if strict:
        return None
    last = words.rfind("，") + 1
    units = read_units(words[last:], offset=start + last)
    return units if all(_named(m) for m in units.mentions) else None


def _named(mention: Mention) -> bool:
    return looks_like_unit(mention.name) and len(mention.name) <= 24 and "的" not in mention.name


def _units_after(text: str, start: int, end: int) -> UnitList:
    """Read the units after 会同, the last of which may run into the work (县财政局研究提出…)."""
    stop = next((i for i in range(start, min(end, start + 200)) if text[i] in "，。；"), min(end, start + 200))
    units = read_units(text[start:stop], offset=start)
    kept = []
    for mention in units.mentions:
        prefix = UNIT_PREFIX.match(mention.name)
        if prefix and prefix.end() < len(mention.name):
            kept.append(
                replace(mention, name=prefix.group(), span=Span(mention.span.start, mention.span.start + prefix.end()))
            )
            break
        if not _named(mention):
            break
        kept.append(mention)
    return UnitList(tuple(kept), units.open_list)


def report_line(text: str, span: Span) -> Sentence | None:
    """Read 各乡镇于9月25日前将清单报县财政局: a report that a set of units owes by a date."""
    found = REPORTS.search(text, span.start, min(span.end, span.start + 600))
    if not found:
        return None
    who = Span(found.start("who"), found.end("who"))
    mention = Mention(found.group("who"), who, selector=True)
    note = Note(who, joint=(mention,), rules=("报送",), notes=("report_only",))
    return Sentence(Span(_trimmed(text, span.start, span), span.end), who.end, note, sure=False)


def _plain_actor(text: str, anchors: list[int], first: int, span: Span) -> Sentence | None:
    """Read 由县审计局提前介入: a named unit that must act, without any word for its part."""
    for anchor in anchors:
        found = UNIT_PREFIX.match(text, anchor, span.end)
        if found and text[found.end() : found.end() + 1] not in ("", "，", "、"):
            mention = Mention(found.group(), Span(found.start(), found.end()), selector=found.group().startswith("各"))
            note = Note(mention.span, joint=(mention,), rules=("由…",))
            return Sentence(Span(_trimmed(text, first, span), span.end), found.end(), note, sure=False)
    return None

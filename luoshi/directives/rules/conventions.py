"""Rules that a paper sets once for all its notes: who leads a list, which sign marks a lead, who is never listed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from luoshi.directives.rules.facts import Mention, Span
from luoshi.directives.rules.units import MARKS, read_units

SENTENCE_LENGTH = 200
GAPS = re.compile(r"\s+")  # a page's lines may cut 列第一位的为牵头单位 anywhere
LEADING = r"(?:总?牵头|汇总|负?总责|总负责|主办|主责|(?:主要|第一)责任)"
PLACE = (
    r"(?:(?:排名|排序|排列|位列|位次|名列|列于|列为|排位|[排列位居处])(?:在|为|于|居)?(?:第一位?|第1位?|首位?|最?前(?:列|面)?)"
    r"|(?:第一|第1|首)(?:位|个|名|家|列)|第一(?=责任(?:单位|部门)(?:均|都)?[为是]))"
)
HOLDERS = r"(?:单位和部门|单位|部门|机构|地区|处室|科室|者)"
FIRST_IS_LEAD = re.compile(
    rf"{PLACE}(?:的|者)?(?:[^。；，,\n]{{0,6}}?{HOLDERS})?[，,]?(?:均|都|即|统一)?"
    rf"(?:(?:为|是|系|作为|任|担任|承担|负责|对)[^。；，,\n]{{0,10}}?)?{LEADING}"
    rf"|牵头(?:责任)?(?:单位|部门)?(?:均|都|统一)?[列排位居](?:在|于|为)?(?:首位?|第一位?|最?前(?:列|面)?)"
)
SIGN_NAMES = {"逗号": "，,", "分号": "；;", "顿号": "、", "句号": "。", "斜杠": "/／", "斜线": "/／"}
BEFORE_SIGN = re.compile(
    rf"(?P<sign>逗号|分号|顿号|句号|斜杠|斜线)之?以?前(?:面)?(?:的|者)?(?:责任)?{HOLDERS}?(?:均|都)?(?:为|是|系){LEADING}"
)
MARKED = re.compile(
    rf"(?:[标带注加打有]|标注|标记|标有|注有|带有|加注)[“\"']?(?P<mark>[{MARKS}])[”\"']?号?[^。；，,\n]{{0,8}}(?:为|是|系)[^。；，\n]{{0,6}}?{LEADING}"
    rf"|[“\"']?(?P<sign>[{MARKS}])[”\"']?号?(?:表示|代表|标注|标示|为|指)[^。；，,\n]{{0,6}}?{LEADING}"
)
RULE_TAIL = re.compile(
    r"[，,；;。]\s*(?:以?下(?:文)?同|(?:其余|其他|[逗分顿句]号(?:之)?后)[^。；;，,（）()\n]{0,8}为[^。；;，,（）()\n]{2,8})(?=[，,；;。）)\s]|$)"
)
NOT_AGAIN = re.compile(r"不再[^。；\n（）()]{0,8}?(?:列|赘述|注明|标注|标明|重复|说明)[^。；，）)\n]{0,4}")
SCOPE = re.compile(r"(?P<later>以下|下列|下述|后续|之后)|(?P<earlier>以上|上述|前述)|(?P<all>各项|全部|所有|各条)")
DOING = r"(?:负责|落实|实施|承担|执行|参与|配合|办理)"
ALSO = re.compile(
    rf"(?:均|都|皆)(?:需要?|须|应当?|要|涉及|必须)*由?(?P<units>[^。；，均都皆]{{2,80}}?)"
    rf"(?:(?:按照?|结合)[^，。；]{{2,10}}?|具体|共同|组织|抓好|贯彻|认真)*{DOING}"
)
ALSO_HOLDERS = re.compile(
    rf"(?:^|[，；,;：:）)])(?P<units>[^。；，：]{{2,80}}?)(?:均|都|皆)(?:为|是|作为|属于?)[^。；，]{{0,6}}?(?:责任|配合|参与|协同|落实){HOLDERS}"
)


BODY = re.compile(
    r"(?:^|[，；,;：:）)])(?P<units>[^。；，：]{2,60}?)(?:均|都)?(?:为|是)(?:落实|实施|责任)(?:主体|单位)[，,](?:以?下(?:文)?同)"
)


@dataclass(frozen=True, slots=True)
class Implied:
    """Units that every duty between two offsets has besides those written in its note."""

    start: int
    end: int
    units: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a paper says of all its duty notes; `lead_before` is the sign up to which the units of a list lead."""

    first_is_lead: bool = False
    lead_before: str = ""
    marks: str = ""
    implied: tuple[Implied, ...] = ()

    @property
    def leads(self) -> bool:
        """Tell whether the paper says which units of a list lead it."""
        return self.first_is_lead or bool(self.lead_before or self.marks)

    def implied_at(self, offset: int) -> tuple[Mention, ...]:
        """Return the units that a duty at an offset has without their being written."""
        return tuple(unit for rule in self.implied if rule.start <= offset < rule.end for unit in rule.units)

    def split(self, units: tuple[Mention, ...], *, text: str, marked: frozenset[str]) -> tuple[Mention, ...]:
        """Return the units of a list without any lead that lead it by these rules; a collective never does."""
        if self.marks and marked:
            return tuple(u for u in units if u.name in marked)
        if self.lead_before:
            return self._before_sign(units, text)
        if self.first_is_lead and units and not units[0].selector:
            return units[:1]
        return ()

    def _before_sign(self, units: tuple[Mention, ...], text: str) -> tuple[Mention, ...]:
        for index, (left, right) in enumerate(pairwise(units), start=1):
            if set(text[left.span.end : right.span.start]) & set(self.lead_before):
                return tuple(u for u in units[:index] if not u.selector)
        return ()


def read_conventions(text: str) -> Conventions:
    """Find the rules that a paper states for all its notes."""
    before = BEFORE_SIGN.search(text)
    marks = "".join(dict.fromkeys((m.group("mark") or m.group("sign")) for m in MARKED.finditer(text)))
    sign = SIGN_NAMES[before.group("sign")] if before else ""
    first = bool(FIRST_IS_LEAD.search(text) or FIRST_IS_LEAD.search(GAPS.sub("", text)))
    return Conventions(first, sign, marks, tuple(_implied(text)))


def _implied(text: str) -> Iterator[Implied]:
    for span, units in unlisted(text):
        words = text[span.start : span.end]
        scopes = [m.lastgroup for m in SCOPE.finditer(words)]
        mentions = read_units(words[units.start : units.end], offset=span.start + units.start).mentions
        start = span.end if "later" in scopes else 0
        end = span.start if "earlier" in scopes and "later" not in scopes else len(text) + 1
        yield Implied(start, end, mentions)
    for found in BODY.finditer(text):
        mentions = read_units(found.group("units"), offset=found.start("units")).mentions
        yield Implied(found.end(), len(text) + 1, mentions)


def unlisted(text: str) -> Iterator[tuple[Span, Span]]:
    """Yield each 以下均需X负责，不再列出, and where in it the units stand (from its own start)."""
    for found in NOT_AGAIN.finditer(text):
        begin = _sentence_start(text, found.start())
        words = text[begin : found.start()]
        units = ALSO.search(words) or ALSO_HOLDERS.search(words)
        if not units:
            continue
        scope = SCOPE.search(words)
        at = min(scope.start() if scope else units.start("units"), units.start("units"))
        yield (
            Span(begin + at, found.end()),
            Span(units.start("units") - at, units.end("units") - at),
        )


def _sentence_start(text: str, end: int) -> int:
    """Return where the sentence before an offset begins, brackets inside it (各市（含直管县）) skipped."""
    depth, at = 0, end
    while at > max(0, end - SENTENCE_LENGTH):
        char = text[at - 1]
        if char in "）)":
            depth += 1
        elif char in "（(〔[【":
            if not depth:
                break
            depth -= 1
        elif not depth and char in "。；;\n":
            break
        at -= 1
    return at


def without_rules(text: str) -> str:
    """Return a note with the rules it states for all notes blanked out, offsets kept."""
    spans = [span for span, _units in unlisted(text)]
    for pattern in (FIRST_IS_LEAD, BEFORE_SIGN, MARKED):
        spans += [_piece(text, m.start(), m.end()) for m in pattern.finditer(text)]
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _piece(text: str, start: int, end: int) -> Span:
    """Widen a rule to the signs around it, and over the bracket that holds nothing else."""
    while start and text[start - 1] not in "。；;，,（）()\n：:":
        start -= 1
    while end < len(text) and text[end] not in "。；;，,（）()\n":
        end += 1
    while follows := RULE_TAIL.match(text, end):
        end = follows.end()
    if start and text[start - 1] in "：:" and text[max(0, start - 2) : start - 1] in ("注", "中"):
        start -= 2
    if start and end < len(text) and text[start - 1] in "（(" and text[end] in "）)":
        return Span(start - 1, end + 1)
    return Span(start, end)

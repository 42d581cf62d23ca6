"""Reads duties from running words (minutes, plain directives), only where it is unmistakable who must act."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from luoshi.directives.rules.brackets import split_outside
from luoshi.directives.rules.facts import Mention, Span
from luoshi.directives.rules.phrases import VERB, VERBS, Draft, Note, partners
from luoshi.directives.rules.units import UNIT_HEAD, UnitList, is_phrase, looks_like_unit, read_units

RESOLVED = r"(?:会议|现场会|调度会)?(?:一致|原则(?:上)?)?(?:议定|明确|要求|决定|强调|同意|指出|确定|部署|研究决定)"
NUMBERED = (
    r"(?:[一二三四五六七八九十]{1,3}(?:是[要]?|要)|第[一二三四五六七八九十][，、]|其[一二三四五][，、是]"
    r"|[（(][一二三四五六七八九十\d]{1,2}[）)]|[①-⑳]|[⑴-⒇]|\d{1,2}[.．、](?!\d))"
)
OPENING = re.compile(
    rf"[ \t\u3000]*(?:{RESOLVED}[^，。；：:]{{0,12}}[，：:、])?(?:以下[^：:]{{0,10}}[：:])?"
    rf"[ \t\u3000]*{NUMBERED}?[，：:、 ]?"
)
TOPIC = re.compile(r"(?:关于|对于|针对)[^，。；：]{2,30}[，,]")
NEXT_POINT = re.compile(r"[，,](?=[一二三四五六七八九十]是)")
ANCHOR = re.compile(r"(?<![自理缘事来])由|责成|请(?=[省市县区州乡镇各])|委托|交由")
ACTING = ("lead", "joint", "each", "with", "local", "co")
MODAL = re.compile(
    r"(?:要(?![求素件点])|应当?(?![急用])|须|需(?![求要性])|必须|务必|抓紧|尽快|立即|限期|负责|做好|落实|加强|进一步|继续|认真|切实|严格|根据|按照|按|结合|于|在|对"
    r"|组织|制定|研究|协调|安排|提供|完成|统筹|配合|指导|督促|依法|全力|积极|主动)"
)
TRAILING_MODAL = re.compile(r"(?:要|应当?|须|需|必须|务必|可|将|负责|尽快|抓紧|立即|积极|主动|具体|共同|一并|及时)+$")
OWN_PART = re.compile(r"负责|牵头|要(?![求素件点])|应(?![急用])|须")
# What was done, what holds always, and who answers for misconduct are no duties to be carried out.
PAST = re.compile(
    r"近年来|今年以来|年以来|去年|上年|前期已"
    r"|(?<![对将把])(?:已经?|曾|先后)(?!(?:完工|竣工|停工|到期|投产|投用|开工|通车|确权|供地|签约|出让|闲置|建成|批准|备案)[^，。；于]{1,8})"
    r"[^，。；会要]{0,8}(?:完成|开展|建成|开工|启动|印发|出台|组织|投入|于|由|实施|设立|形成)"
    r"|(?:牵头|负责|会同|配合|联合|参与|组织)[^，。；要]{0,14}了|(?:形成|取得|得到|实现|完成|解决|推动|促进|夯实|达到|赢得)了|共(?:认定|评定|评选|收到|完成)|现予以?公[布示]|运转(?:顺畅|良好|有序)|成效(?:明显|显著)"
)
STANDING = re.compile(
    r"负责解释|(?:严肃)?(?:追责|问责|追究)|处分|处罚|查处|本(?:办法|规定|细则|意见|条例|方案)自?|行政区域内|(?:牵头|负责|配合|参与|协同|主抓)的[^，。；]{0,14}(?:机制|制度|格局|体系|体制|模式|领导小组)"
    r"|^[^，。；]{0,6}(?:支持|鼓励|引导|允许|建立健全|成立)(?!由?[县市省区])"
)
GENERIC = re.compile(
    r"^(?:保险|担保|物业|建设|施工|设计|监理|运营|开发|金融|龙头|国有|民营|相关|平台|股份|商业|中介|社会|行业|项目|用人|生产经营|第三方|所在|上级|主管|属地)*"
    r"(?:公司|企业|学校|银行|医院|机构|集团|协会|单位|部门|家庭|社区|村|政府|党委|组织|法院|委员会|办公室|区|县|市|镇|乡)$"
)
VERBAL = re.compile(
    r"^(?:全(?=[省市县区州镇乡村])|[我贵](?=[省市县区局委办厅部院镇乡])|支持|鼓励|建立|成立|健全|完善|形成|引导|推动|组织|加强|落实|坚持|构建|强化|发挥|推行|实行|实施|探索|依托|协调|督促|对|将|把|按|根据|通过|以|从|在|本|该|其|此|这|并|为|及时|确保|做好|认真|积极|凡|如|若|与|和|请|责成|所需|要求|委托|会议|同意|抓紧)"
)
COLLECTIVE = re.compile(
    r"各(?:级)?(?:有关|相关|责任|成员)?[^，。；、于要]{0,8}?(?:乡镇|镇街|街道|部门|单位|区|县|市|镇|乡|村|企业|园区|地区|开发区)(?:[（(][^（()）]{1,12}[）)])?(?:人民政府|政府|办事处|党委)?"
)
DATED = re.compile(
    r"(?:\d{1,2}月(?:\d{1,2}日|上旬|中旬|下旬|底|末)?|年底|\d{1,2}日|[日周月]内|工作日内)(?:之?前|内|以前)?"
)
# 请县生态环境局…, and 县住建局牵头，县财政局配合，…: at the head of a sentence.
ASKED = re.compile(r"(?:责成|请(?=[省市县区州乡镇][^，。；各]))")
OWN_LINE = re.compile(r"(?P<units>[^，。；：:\n]{2,60})[：:](?=负责|牵头|做好|组织|落实|开展|完成)")
LED_BY = re.compile(r"[^，。；]{2,40}(?:牵头|主办)(?:负责|组织实施)?[，,][^。；]")
REPORTS = re.compile(
    r"(?P<who>各[^，。；于]{0,24}?(?:部门|单位|地区|政府|(?:街道|乡镇)(?:[（(][^（()）]{1,8}[）)])?|区|县|市|企业|机构))[^。；\n]{0,60}?"
    r"(?:\d{1,2}月(?:\d{1,2}日|底)?|年底|\d{1,2}日)前[^。；\n]{0,120}?报(?:送|告|[^，。；\n]{0,3}[省市县区国]|[^，。；\n]{0,12}(?:局|委|办|厅|室))"
)
SENTENCE_LENGTH = 600


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
    """Return the sentences of minutes between two offsets that name who carries a duty."""
    found = (
        _sentence(text, part)
        for span in sentences(text, start=start, end=end)
        for point in _points(text, span)
        for part in _parts(text, point)
    )
    return [s for s in found if s]


def read_plain(text: str, *, start: int, end: int, named: bool = False) -> list[Sentence]:
    """Return the sentences of a plain directive that say 由X会同Y… or 由X牵头… of something yet to be done.

    Asked of papers without any duty note: where a paper uses notes, what it leaves without one is no duty, unless it
    is a numbered item beside those that have one. `named`: 由X负责 by itself suffices, for the paper writes so.
    """
    found = []
    for span in sentences(text, start=start, end=end):
        if PAST.search(text, span.start, span.end) or _is_standing(text, span):
            continue
        sentence = _charge(text, span, named=named)
        found += [sentence] if sentence else []
    return found


def _charge(text: str, span: Span, *, named: bool) -> Sentence | None:
    """Read one sentence of a plain directive: 由X会同Y…, X牵头，Y配合，…, or 请X…."""
    first = _trimmed(text, span.start, span)
    asked = ASKED.match(text, first, span.end)
    anchors = [m.end() for m in re.compile("由").finditer(text, span.start, span.end)][:3]
    opens = LED_BY.match(text, first, min(span.end, first + 120))
    for anchor in [*([asked.end()] if asked else [first] if opens else []), *anchors]:
        note, work = _duty_at(text, anchor, span)
        if note and (asked or _is_plain_duty(text, note, span, named=named)):
            return Sentence(Span(first, span.end), work, note, sure=False)
    told = OWN_LINE.match(text, first, span.end)
    if told and DATED.search(text, told.end(), span.end):
        units = read_units(told.group("units"), offset=told.start("units"))
        if units.mentions and all(_named(m) and _acts(m) for m in units.mentions):
            note = Note(Span(told.start("units"), told.end("units")), joint=units.mentions, rules=("由…",))
            return Sentence(Span(told.end(), span.end), told.end(), note, sure=False)
    actor = _plain_actor(text, [asked.end()], first, span) if asked else None
    return actor if actor and not actor.note.joint[0].selector else None


def _is_plain_duty(text: str, note: Note, span: Span, *, named: bool) -> bool:
    """Tell whether known units are charged with something; several of them, a partner or a date make it plain."""
    units = note.lead or note.joint
    if not units or any(m.selector for m in units[:1]):
        return False
    return named or len(note.joint) > 1 or _is_set(text, note, span)


def _is_set(text: str, note: Note, span: Span) -> bool:
    """Tell whether a duty in plain words is more than a habit: it names its partners, or a date."""
    return any(not m.selector for m in note.co) or bool(DATED.search(text, span.start, span.end))


def _is_standing(text: str, span: Span) -> bool:
    return bool(STANDING.search(text[span.start : min(span.end, span.start + SENTENCE_LENGTH)]))


def _points(text: str, span: Span) -> Iterator[Span]:
    """Yield the points of a sentence: 一是…，二是…."""
    start = span.start
    for found in NEXT_POINT.finditer(text, span.start, span.end):
        yield Span(start, found.start())
        start = found.end()
    yield Span(start, span.end)


def _parts(text: str, span: Span) -> Iterator[Span]:
    """Yield the parts of a sentence in which different units each do their own: 甲局负责…，乙局负责…."""
    start, held, shared = span.start, False, False
    for begin, stop in split_outside(text[span.start : span.end], "，,"):
        first = span.start + begin
        opening = OPENING.match(text, first, span.start + stop)
        at = opening.end() if opening else first
        anchor = ANCHOR.match(text, at, span.start + stop)
        actors, reached = _actors(text, anchor.end() if anchor else at, span.start + stop)
        own = OWN_PART.match(text, reached) if actors else None
        if own and held and not shared:
            yield Span(start, first - 1)
            start = first
        shared = (shared and start != first) or bool(re.search("牵头|会同", text[first : span.start + stop]))
        held = held or bool(actors)
    yield Span(start, span.end)


def _sentence(text: str, span: Span) -> Sentence | None:
    opening = OPENING.match(text, span.start, span.end)
    first = opening.end() if opening else span.start
    if PAST.search(text, span.start, span.end) or _is_standing(text, span):
        return None
    topic = TOPIC.match(text, first, span.end)
    named = topic and MODAL.match(text, _actors(text, topic.end(), span.end)[1], span.end)
    anchors = [
        first,
        *([topic.end()] if topic and named else []),
        *[m.end() for m in ANCHOR.finditer(text, first, span.end)][:4],
    ]
    for anchor in anchors:
        note, work = _duty_at(text, anchor, span)
        if note:
            return Sentence(Span(_trimmed(text, first, span), span.end), work, note, sure=True)
    return report_line(text, span) or _plain_actor(text, anchors, first, span)


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
        if units is None or text.startswith("的", found.end()):
            break  # what follows is the work itself; 由X牵头的专班 is no charge
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
    if not named or not any(_acts(m) for m in named):
        return None, reached
    _helpers(text, reached, span.end, draft)
    return draft.finish(Span(anchor, reached)), reached


def _place(draft: Draft, role: str, units: UnitList, *, partner: bool) -> None:
    if partner or role == "co" or (role not in {"lead", "with"} and draft.roles["lead"]):
        draft.add("co", units)
    else:
        draft.add("lead" if role in ("lead", "with") else "joint", units)
    if role == "co" and draft.roles["joint"] and not draft.roles["lead"]:
        draft.roles["lead"], draft.roles["joint"] = draft.roles["joint"], []
        draft.note("lead_inferred")


def _helpers(text: str, start: int, end: int, draft: Draft) -> None:
    """Add as co-units those that a later part of the sentence lets help: …，县财政局做好资金保障."""
    known = {m.name for role in ("lead", "joint", "co") for m in draft.roles[role]}
    for comma in re.compile("[，,]").finditer(text, start, min(end, start + 300)):
        actors, reached = _actors(text, comma.end(), end)
        fresh = tuple(m for m in actors if m.name not in known)
        if fresh and re.compile("做好|给予|提供|配合|协助|保障|支持").match(text, reached):
            draft.add("co", UnitList(fresh, tags=("",) * len(fresh)))


def _units_before(text: str, start: int, end: int, *, strict: bool) -> UnitList | None:
    """Read the units that stand right before a verb; None where a first list is not made of units alone."""
    words = TRAILING_MODAL.sub("", text[start:end])
    units = read_units(words, offset=start)
    if all(_named(m) for m in units.mentions):
        return units
    if strict:
        return None
    last = words.rfind("，") + 1
    units = read_units(words[last:], offset=start + last)
    return units if all(_named(m) for m in units.mentions) else None


def _named(mention: Mention) -> bool:
    name = mention.name
    return looks_like_unit(name) and len(name) <= 24 and not is_phrase(name) and not VERBAL.match(name)


def _acts(mention: Mention) -> bool:
    """Tell whether a mention names one known body, or a set of them, rather than companies or schools at large."""
    return not GENERIC.match(mention.name)


def _units_after(text: str, start: int, end: int) -> UnitList:
    """Read the units after 会同, the last of which may run into the work (县财政局研究提出…)."""
    stop = next((i for i in range(start, min(end, start + 200)) if text[i] in "，。；"), min(end, start + 200))
    found = partners(text[start:stop], offset=start)
    count = next((i for i, m in enumerate(found.mentions) if not _named(m)), len(found.mentions))
    return replace(found, mentions=found.mentions[:count], tags=found.tags[:count])


def _actors(text: str, start: int, end: int) -> tuple[tuple[Mention, ...], int]:
    """Read the units that stand at an offset with nothing between them but 、 or 和, and where they end."""
    found: list[Mention] = []
    while start < end:
        head = UNIT_HEAD.match(text, start, min(end, start + 24))
        if not head or VERBAL.match(head.group()):
            break
        found.append(Mention(head.group(), Span(head.start(), head.end()), head.group().startswith("各")))
        start = head.end()
        if text[start : start + 1] not in ("、", "和", "及"):
            break
        start += 1
    return tuple(found), start


def report_line(text: str, span: Span) -> Sentence | None:
    """Read 各乡镇于9月25日前将清单报县财政局: a report that a set of units owes by a date."""
    found = REPORTS.search(text, span.start, min(span.end, span.start + SENTENCE_LENGTH))
    if not found:
        return None
    who = Span(found.start("who"), found.end("who"))
    mention = Mention(found.group("who"), who, selector=True)
    note = Note(who, joint=(mention,), rules=("报送",), notes=("report_only",))
    return Sentence(Span(_trimmed(text, span.start, span), span.end), who.end, note, sure=False)


def _plain_actor(text: str, anchors: list[int], first: int, span: Span) -> Sentence | None:
    """Read 由县审计局提前介入 or 县水利局要抓紧修复: a named unit that must act, without any word for its part."""
    for anchor in anchors:
        actors, reached = _actors(text, anchor, span.end)
        asked = anchor != first and text[reached : reached + 1] not in ("", "，", "、")
        if not actors:
            actors, reached = _collective(text, anchor, span)
        elif not (asked or MODAL.match(text, reached, span.end)) or not any(_acts(m) for m in actors):
            continue
        if actors:
            note = Note(Span(anchor, reached), joint=actors, rules=("由…",))
            return Sentence(Span(_trimmed(text, first, span), span.end), reached, note, sure=False)
    return None


def _collective(text: str, anchor: int, span: Span) -> tuple[tuple[Mention, ...], int]:
    """Read 各乡镇要于9月10日前…: a set of units owes something only where a date is set."""
    found = COLLECTIVE.match(text, anchor, span.end)
    if not found or not MODAL.match(text, found.end(), span.end) or not DATED.search(text, found.end(), span.end):
        return (), anchor
    return (Mention(found.group(), Span(found.start(), found.end()), selector=True),), found.end()

"""The grammar of a duty note: labels (牵头单位：…；责任单位：…) and verbs (X牵头，Y配合，Z按职责分工负责)."""

import re
from dataclasses import dataclass, field, replace

from luoshi.directives.rules.brackets import depth_of, split_outside
from luoshi.directives.rules.conventions import without_rules
from luoshi.directives.rules.deadlines import is_deadline
from luoshi.directives.rules.facts import Mention, Span
from luoshi.directives.rules.labels import LOOSE, UNIT_ROLES, label_role, names_people, outer_labels
from luoshi.directives.rules.units import UnitList, is_phrase, looks_like_unit, read_units, unit_head

DUTIES = r"(?:(?:按照?|根据|依据|依照|依)(?:各自|有关|相关)?(?:职责|职能)(?:和?分工|权限)?)"
VERBS = (
    (
        "lead",
        rf"总?牵头抓总|牵头组织实施|(?:共同|联合|分别)?总?牵头(?:负责|落实|实施|办理|推进|组织)?"
        rf"|{DUTIES}?(?:负责)?牵头(?:负责)?|主办|(?<!履)(?<!自)主责(?![任主])",
    ),
    (
        "co",
        rf"{DUTIES}?(?:共同|协同|分工|积极|密切|做好)?(?:配合|参与|参加|协助|(?<!政)协办|协同)"
        r"(?:落实|实施|做好|推进|办理)?",
    ),
    ("guide", r"(?:业务|督促|加强|负责)?指导(?![中组员委服站])(?:督促|落实|监督|支持)?"),
    (
        "local",
        rf"(?:结合(?:各自|本地|本地区)?(?:实际|职责|职能)(?:分工)?|{DUTIES})"
        r"(?:抓好|做好|认真|具体|负责|分别|共同|组织)?(?:贯彻)?(?:落实|实施|推进|承担)",
    ),
    ("verifier", r"(?:负责)?(?:督导|验收|督办|督查)(?![室组局处科])"),
    ("with", r"会同|联合(?![会国体社])|(?<=[部委局厅办府院行署社镇乡])商请?(?![务业会户标贸品])"),
    ("each", r"(?:各自|分别)(?:按职责|按职责分工)?(?:负责|落实|实施)"),
    (
        "joint",
        rf"{DUTIES}?(?:分工|共同|具体|统筹|(?<!党)组织|总体|主要)?负责(?:落实|组织实施|实施|办理|推进|制定|统筹)?(?![人同制])"
        r"|分工落实|组织实施|承办",
    ),
    ("joint", r"(?:具体)?(?:落实|实施|办理|完成|承担)(?=[，。；）)]|$)"),
)  # fmt: skip
VERB = re.compile("|".join(f"(?P<v{i}>{pattern})" for i, (_role, pattern) in enumerate(VERBS)))
# 按照“谁主管、谁负责”的原则分别负责
PRINCIPLE = re.compile(r"(?:按照?|根据|坚持|本着)[“\"]?(?:谁[^，。；”\"、]{1,6}[、，]?){1,4}[”\"]?(?:的?原则)?")
HELPS = re.compile(r"做好|统筹|提供|给予|保障|支持|协调|加强")
LIMIT_WORD = re.compile(r"[前底内]|完成|持续|长期|全年|季度")
CONSULTS = re.compile(r"(?:并|及时)?(?:书面)?(?:征求|听取|征询)(?P<units>[^。；]{2,80}?)(?:的)?(?:意见|建议)(?:建议)?")


@dataclass(frozen=True, slots=True)
class Note:
    """Who carries a duty according to one note; `limits` are the spans that state its time limit."""

    span: Span
    lead: tuple[Mention, ...] = ()
    co: tuple[Mention, ...] = ()
    joint: tuple[Mention, ...] = ()
    guide: tuple[Mention, ...] = ()
    verifier: tuple[Mention, ...] = ()
    people: tuple[str, ...] = ()
    limits: tuple[Span, ...] = ()
    open_list: bool = False
    rules: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    marked: frozenset[str] = frozenset()

    @property
    def units(self) -> tuple[Mention, ...]:
        """Every unit that the note names, whatever its part."""
        return self.lead + self.co + self.joint + self.guide + self.verifier


@dataclass(slots=True)
class Draft:
    """A note while it is being read."""

    roles: dict[str, list[Mention]] = field(default_factory=lambda: {role: [] for role in UNIT_ROLES})
    people: list[str] = field(default_factory=list)
    limits: list[Span] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    open_list: bool = False

    def add(self, role: str, units: UnitList) -> None:
        """Add units in a role, or in the part written behind a name (（牵头）), and what their list says of itself."""
        leads = "lead" in units.tags
        for mention, tag in zip(units.mentions, units.tags, strict=True):
            own = tag if tag in UNIT_ROLES else "co" if leads and role == "joint" else role
            self.roles[own].append(mention)
            if tag and tag not in (*UNIT_ROLES, "same"):
                self.marked.add(mention.name)
        self.people.extend(units.people)
        self.open_list = self.open_list or units.open_list
        if units.miscounted:
            self.note("count_mismatch")

    def note(self, code: str) -> None:
        """Remember once that a person should look at something."""
        if code not in self.notes:
            self.notes.append(code)

    def finish(self, span: Span) -> Note:
        """Return the finished note, with a unit named twice kept in its first role."""
        seen: set[str] = set()
        kept: dict[str, tuple[Mention, ...]] = {}
        for role in UNIT_ROLES:
            fresh = []
            for mention in self.roles[role]:
                if mention.name in seen and role != "verifier":
                    self.note("unit_twice")
                    continue
                seen.add(mention.name)
                fresh.append(mention)
            kept[role] = tuple(fresh)
        people, limits, rules = tuple(self.people), tuple(self.limits), tuple(dict.fromkeys(self.rules))
        return Note(
            span, kept["lead"], kept["co"], kept["joint"], kept["guide"], kept["verifier"],
            people, limits, self.open_list, rules, tuple(self.notes), frozenset(self.marked),
        )  # fmt: skip


def read_note(text: str, *, span: Span) -> Note | None:
    """Read the whole of a text as a duty note, or return None where it is something else."""
    draft = Draft()
    plain = text
    text = PRINCIPLE.sub(lambda m: " " * len(m.group()), without_rules(text))
    labels = outer_labels(text)
    loose = LOOSE.match(text)
    if labels:
        _read_labels(text, labels, draft)
    elif loose and label_role(loose) in UNIT_ROLES:
        _read_labels(text, list(LOOSE.finditer(text)), draft)
    elif not _read_phrases(text, draft):
        draft = Draft()
        if not _read_list(text, draft, ruled=text != plain):
            return None
    return draft.finish(span) if any(draft.roles.values()) else None


def _read_list(text: str, draft: Draft, *, ruled: bool) -> bool:
    """Read a list without verbs: its units carry their parts (（牵头）), or a time limit or a rule stands with it."""
    units = read_units(mask_limits(text, 0, draft))
    limited = any(LIMIT_WORD.search(text, s.start, s.end) for s in draft.limits)
    if not (ruled or limited or any(units.tags)) or not all(looks_like_unit(m.name) for m in units.mentions):
        return False
    draft.add("joint", units)
    draft.rules.append("tagged" if any(units.tags) else "bare_bracket")
    return True


def _read_labels(text: str, labels: list[re.Match[str]], draft: Draft) -> None:
    has_lead = any(label_role(m) == "lead" for m in labels)
    ends = [m.start() for m in labels[1:]] + [len(text)]
    before = text[: labels[0].start()].strip(" ，；;。")
    if before:
        _read_phrases(text[: labels[0].start()], draft)
    for found, end in zip(labels, ends, strict=True):
        read_label(text, found, end, draft, has_lead=has_lead)


def read_label(text: str, found: re.Match[str], end: int, draft: Draft, *, has_lead: bool, offset: int = 0) -> None:
    """Read what a label announces, up to `end`."""
    role, start = label_role(found), found.end()
    words = text[start:end]
    if role == "people":
        draft.people.extend(p.strip(" *") for p in re.split(r"[、，,；;。\s]+", words) if p.strip(" *"))
    elif role == "due":
        draft.limits.append(Span(offset + start, offset + end))
    elif role in UNIT_ROLES:
        role = "co" if role == "joint" and has_lead else role
        draft.rules.append(f"label_{role}")
        read_field(words, offset + start, role, draft, people=names_people(found))


def read_field(words: str, offset: int, role: str, draft: Draft, *, people: bool = False) -> None:
    """Read units given for a role: until the sentence ends, time limits apart; a verb inside may refine the role."""
    words = without_rules(words)
    head = words[: next(split_outside(words, "。"))[1]]
    rest = words[len(head) :]
    units = mask_limits(head, offset, draft)
    verb = VERB.search(units)
    cut = max(units.rfind(sign, 0, verb.start()) for sign in "，；,;") + 1 if verb else 0
    if verb and _read_verbs(units[cut:], offset + cut, Draft()):
        draft.add(role, read_units(units[:cut], offset=offset))
        _read_verbs(units[cut:], offset + cut, draft)
        if role == "joint" and draft.roles["lead"]:  # 责任部门：甲部、乙部，甲部牵头
            draft.roles["co"] = draft.roles["joint"] + draft.roles["co"]
            draft.roles["joint"] = []
    else:
        draft.add(role, _persons_apart(read_units(units, offset=offset), people=people))
    if rest.strip("。 "):
        inner = Draft()
        if _read_phrases(rest, inner, offset=offset + len(head)):
            _merge(draft, inner)


def _persons_apart(units: UnitList, *, people: bool) -> UnitList:
    """Take persons' names out of a list that is said to hold them (责任单位及责任人：县教育局 王某)."""
    if not people or not any(unit_head(m.name) for m in units.mentions):
        return units
    mentions: list[Mention] = []
    others: list[str] = []
    for mention in units.mentions:
        end = len(mention.name) if looks_like_unit(mention.name) else unit_head(mention.name)
        mentions += [_cut(mention, end)] if end else []
        others += [mention.name[end:]] if mention.name[end:] else []
    return UnitList(tuple(mentions), units.open_list, units.declared, ("",) * len(mentions), (*units.people, *others))


def _cut(mention: Mention, end: int) -> Mention:
    """Return a mention that ends sooner."""
    return replace(mention, name=mention.name[:end], span=Span(mention.span.start, mention.span.start + end))


def _merge(draft: Draft, inner: Draft) -> None:
    for role in UNIT_ROLES:
        draft.roles[role].extend(inner.roles[role])
    draft.limits.extend(inner.limits)
    draft.open_list = draft.open_list or inner.open_list


def mask_limits(text: str, offset: int, draft: Draft) -> str:
    """Blank out the pieces that state a time limit, and remember them."""
    for start, end in split_outside(text, "，,；;。"):
        if is_deadline(text[start:end]):
            draft.limits.append(Span(offset + start, offset + end))
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _read_phrases(text: str, draft: Draft, *, offset: int = 0) -> bool:
    """Read units and verbs; False where something else than a duty note is found."""
    understood = False
    for start, end in split_outside(text, "。"):
        part = text[start:end]
        if not part.strip(" ，；、"):
            continue
        part = mask_limits(part, offset + start, draft)
        part = _consulted(part, offset + start, draft)
        if part.strip(" ，；;、") and not _read_verbs(part, offset + start, draft):
            return False
        understood = True
    return understood


def _consulted(text: str, offset: int, draft: Draft) -> str:
    """Read 征求Y意见 at the end of a note: Y is heard only, which a co-unit with a remark stands for."""
    found = CONSULTS.search(text)
    if not found or not VERB.search(text, 0, found.start()):
        return text
    units = read_units(found.group("units"), offset=offset + found.start("units"))
    if not _plausible(units):
        return text
    draft.add("co", units)
    draft.note("consult_only")
    return text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]


def _read_verbs(text: str, offset: int, draft: Draft) -> bool:
    """Walk over the verbs of a note; each takes the units that stand before it."""
    reached, partner = 0, False
    first_lead = bool(draft.roles["lead"])
    depth, seen = 0, 0
    for found in VERB.finditer(text):
        depth, seen = depth + depth_of(text[seen : found.start()]), found.start()
        if depth > 0:
            continue
        role = VERBS[int((found.lastgroup or "v0")[1:])][0]
        if role == "with" and not text[reached : found.start()].strip(" ，；;、") and not draft.roles["lead"]:
            return False
        units = read_units(text[reached : found.start()], offset=offset + reached)
        if not _plausible(units):
            return False
        if reached and not looks_like_unit(units.mentions[0].name if units.mentions else "各部门"):
            units = _without_work(units, draft)
        _place(draft, role, units, partner=partner)
        draft.rules.append("分别负责" if role == "each" else found.group())
        if found.group().startswith("商"):
            draft.note("consult_only")
        partner = role == "with"
        reached = found.end()
    if partner:
        units = partners(text[reached:], offset=offset + reached)
        draft.add("co", units)
        return _plausible(units) and reached > 0
    return _closes(text[reached:], offset + reached, draft, begun=bool(reached), led=first_lead)


def _without_work(units: UnitList, draft: Draft) -> UnitList:
    """Leave out what the verb before was about: in 甲局负责资金保障，乙局负责… the words 资金保障."""
    draft.note("unread_rest")
    first = next((i for i, m in enumerate(units.mentions) if looks_like_unit(m.name)), 0)
    return replace(units, mentions=units.mentions[first:], tags=units.tags[first:])


def _closes(text: str, offset: int, draft: Draft, *, begun: bool, led: bool) -> bool:
    """Tell whether what follows the last verb may end a note."""
    rest = text.strip(" ，；;、：:")
    if led or (begun and not rest):
        return begun
    if begun and rest not in ("下同", "等", "完成", "取得实效") and len(rest) > 40:
        return False
    if rest and rest not in ("下同", "以下同"):
        draft.note("unread_rest")
        _helped(text, offset, draft)
    return begun


def _helped(text: str, offset: int, draft: Draft) -> None:
    """Read helpers without a verb of the grammar: …；省财政厅做好资金保障."""
    for start, end in split_outside(text, "，；,;"):
        at = start + len(text[start:end]) - len(text[start:end].lstrip())
        head = unit_head(text[at:end])
        if head and HELPS.match(text, at + head, end):
            found = read_units(text[at : at + head], offset=offset + at)
            draft.add("co" if draft.roles["lead"] else "joint", found)


def partners(text: str, *, offset: int) -> UnitList:
    """Read the units after 会同; the last may run into the work (县财政局研究提出…), which is left out."""
    units = read_units(text, offset=offset)
    kept: list[Mention] = []
    for mention in units.mentions:
        if looks_like_unit(mention.name):
            kept.append(mention)
            continue
        end = unit_head(mention.name)
        if end:
            kept.append(_cut(mention, end))
        elif not kept:
            return units
        break
    return replace(units, mentions=tuple(kept), tags=units.tags[: len(kept)])


def _plausible(units: UnitList) -> bool:
    """Tell whether names could all be units: short, and at least one with a unit's ending."""
    names = [m.name for m in units.mentions]
    return not any(is_phrase(n) for n in names) and (
        not names or any(looks_like_unit(n) or n.endswith("部门") for n in names)
    )


def _place(draft: Draft, role: str, units: UnitList, *, partner: bool) -> None:
    """Put the units before a verb in their role; 会同 makes the first lead and the second co."""
    if role == "with":
        draft.add("lead", units)
    elif partner or (role in ("joint", "each", "local") and draft.roles["lead"]):
        draft.add("co", units)
    elif role == "co":
        draft.add("co", units)
        if draft.roles["joint"] and not draft.roles["lead"]:
            draft.roles["lead"], draft.roles["joint"] = draft.roles["joint"], []
            draft.note("lead_inferred")
    else:
        draft.add("joint" if role in ("each", "local") else role, units)
    if role == "each":
        draft.note("each_separately")
    if role == "local":
        draft.note("adapt_locally")

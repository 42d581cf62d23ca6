"""The grammar of a duty note: labels (牵头单位：…；责任单位：…) and verbs (X牵头，Y配合，Z按职责分工负责)."""

import re
from dataclasses import dataclass, field

from luoshi.directives.rules.brackets import CLOSE, OPEN, split_outside
from luoshi.directives.rules.deadlines import is_deadline
from luoshi.directives.rules.facts import Mention, Span
from luoshi.directives.rules.units import UnitList, looks_like_unit, read_units

HOLDER = r"(?:单位和部门|单位|部门|处室|科室|主体|机构|地区|县区|局|方)"
LABELS = (
    ("lead", rf"(?:牵头责任|主要责任|第一责任|牵头|主办|主责|主牵头){HOLDER}"),
    ("verifier", rf"(?:督导|验收|督办|督查|核查|监督|考核){HOLDER}"),
    ("guide", rf"(?:业务|行业|技术|工作)?指导{HOLDER}"),
    ("co", rf"(?:其他责任|协同责任|配合责任|配合|协办|协同|参与|参加|协作|协助|支持){HOLDER}"),
    ("joint", rf"(?:责任|负责|承办|落实|实施|承担|整改责任|整改|任务|完成){HOLDER}"),
    (
        "people",
        r"(?:牵头|责任|分管|包抓|包保|包联|市级|县级|区级|县|市|督办|挂牌)?(?:领导|责任人|负责人|联系人|主管领导|包保领导)",
    ),
    ("due", r"(?:完成|整改|办理|办结|任务|工作|推进|落实)?(?:时限|期限|时间节点|时间要求|完成时间|整改时间)(?:要求)?"),
    ("scope", r"(?:适用范围|实施范围|备注|进度安排)"),
)
LABEL_WORDS = "|".join(f"(?P<{role}>{pattern})" for role, pattern in LABELS)
LABEL = re.compile(rf"(?:^|(?<=[，。；;、,\s）)】〕]))(?:{LABEL_WORDS})[ \u3000]{{0,3}}[:：]", re.MULTILINE)
UNIT_ROLES = ("lead", "co", "joint", "guide", "verifier")

DUTIES = r"(?:(?:按照?|根据|依据|依照|依)(?:各自|有关|相关)?(?:职责|职能)(?:和?分工|权限)?)"
VERBS = (
    (
        "lead",
        rf"牵头抓总|牵头组织实施|(?:共同|联合|分别)?牵头(?:负责|落实|实施|办理|推进|组织)?"
        rf"|{DUTIES}?(?:负责)?牵头负责?|主办",
    ),
    ("co", rf"{DUTIES}?(?:共同|协同|分工|积极|密切|做好)?(?:配合|参与|参加|协助|协办|协同)(?:落实|实施|做好|推进)?"),
    ("guide", r"(?:业务|督促|加强|负责)?指导(?![中组员委服站])(?:督促|落实)?"),
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
        rf"{DUTIES}?(?:分工|共同|具体|统筹|组织|总体|主要)?负责(?:落实|组织实施|实施|办理|推进|制定|统筹)?(?![人同制])"
        r"|分工落实|组织实施|承办",
    ),
    ("joint", r"(?:落实|实施|办理|完成|承担)(?=[，。；）)]|$)"),
)  # fmt: skip
VERB = re.compile("|".join(f"(?P<v{i}>{pattern})" for i, (_role, pattern) in enumerate(VERBS)))
FIRST_IS_LEAD = re.compile(
    r"(?:第一位|第1位|首位|第一个|排名第一|排列第一|排第一|列第一|排序第一|排在最前|列首|居首|首个)[^。；，\n]{0,18}(?:牵头|汇总|总负责|主办|主责)"
    r"|牵头(?:单位|部门|责任单位)?(?:均|都)?[列排]在?(?:首位|第一位|第一|最前)"
)
ALSO_BELOW = re.compile(
    r"以(?P<where>[上下])[^。；（）()\n]{0,14}?(?:均|都|皆)(?:需要?|须|应|由)?由?(?P<units>[^。；，\n]{2,60}?)(?:按职责)?(?:负责|落实)[^。\n]{0,6}不再[^。\n]{0,6}列[出明示举]?"
)


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
    open_list: bool = False

    def add(self, role: str, units: UnitList) -> None:
        """Add units in a role, and remember what their list says about itself."""
        self.roles[role].extend(units.mentions)
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
            people, limits, self.open_list, rules, tuple(self.notes),
        )  # fmt: skip


def read_note(text: str, *, span: Span) -> Note | None:
    """Read the whole of a text as a duty note, or return None where it is something else."""
    draft = Draft()
    text = _mask(text, ALSO_BELOW)
    labels = outer_labels(text)
    if labels:
        _read_labels(text, labels, draft)
    elif not _read_phrases(text, draft):
        return None
    return draft.finish(span) if any(draft.roles.values()) else None


def outer_labels(text: str) -> list[re.Match[str]]:
    """Return the labels that stand outside nested brackets."""
    found, depth, reached = [], 0, 0
    for match in LABEL.finditer(text):
        depth = max(0, depth + _depth(text[reached : match.start()]))
        reached = match.start()
        if not depth:
            found.append(match)
    return found


def _depth(text: str) -> int:
    return sum(c in OPEN for c in text) - sum(c in CLOSE for c in text)


def _mask(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda m: " " * len(m.group()), text)


def label_role(found: re.Match[str]) -> str:
    """Return which part a label announces."""
    return next(role for role, _pattern in LABELS if found.group(role))


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
        draft.people.extend(p.strip() for p in re.split(r"[、，,；;。\s]+", words) if p.strip())
    elif role == "due":
        draft.limits.append(Span(offset + start, offset + end))
    elif role in UNIT_ROLES:
        role = "co" if role == "joint" and has_lead else role
        _read_label_units(words, offset + start, role, draft)


def _read_label_units(words: str, offset: int, role: str, draft: Draft) -> None:
    """Read units after a label: until the sentence ends, time limits apart; a verb inside may refine the role."""
    parts = list(split_outside(words, "。"))
    head, rest = words[: parts[0][1]], words[parts[0][1] :]
    draft.rules.append(f"label_{role}")
    units = mask_limits(head, offset, draft)
    if VERB.search(units) and _read_verbs(units, offset, Draft()):
        _read_verbs(units, offset, draft)
    else:
        draft.add(role, read_units(units, offset=offset))
    if rest.strip("。 ") and not FIRST_IS_LEAD.search(rest):
        inner = Draft()
        if _read_phrases(rest, inner, offset=offset + len(head)):
            _merge(draft, inner)


def _merge(draft: Draft, inner: Draft) -> None:
    for role in UNIT_ROLES:
        draft.roles[role].extend(inner.roles[role])
    draft.limits.extend(inner.limits)
    draft.open_list = draft.open_list or inner.open_list


def mask_limits(text: str, offset: int, draft: Draft) -> str:
    """Blank out the pieces that state a time limit, and remember them."""
    for start, end in split_outside(text, "，,；;"):
        if is_deadline(text[start:end]):
            draft.limits.append(Span(offset + start, offset + end))
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def _read_phrases(text: str, draft: Draft, *, offset: int = 0) -> bool:
    """Read units and verbs; False where something else than a duty note is found."""
    understood = False
    for start, end in split_outside(text, "。"):
        part = text[start:end]
        if not part.strip(" ，；、") or FIRST_IS_LEAD.search(part):
            continue
        part = mask_limits(part, offset + start, draft)
        if part.strip(" ，；;、") and not _read_verbs(part, offset + start, draft):
            return False
        understood = True
    return understood


def _read_verbs(text: str, offset: int, draft: Draft) -> bool:
    """Walk over the verbs of a note; each takes the units that stand before it."""
    reached, partner = 0, False
    first_lead = bool(draft.roles["lead"])
    for found in VERB.finditer(text):
        if _depth(text[: found.start()]):
            continue
        role = _verb_role(found)
        if role == "with" and not text[reached : found.start()].strip(" ，；;、") and not draft.roles["lead"]:
            return False
        units = read_units(text[reached : found.start()], offset=offset + reached)
        if not _plausible(units):
            return False
        _place(draft, role, units, partner=partner)
        draft.rules.append("分别负责" if role == "each" else found.group())
        partner = role == "with"
        reached = found.end()
    rest = text[reached:].strip(" ，；;、：:")
    if partner:
        units = read_units(text[reached:], offset=offset + reached)
        draft.add("co", units)
        return _plausible(units) and reached > 0
    if first_lead or (reached and not rest):
        return bool(reached)
    if reached and rest not in ("下同", "等", "完成", "取得实效") and len(rest) > 40:
        return False
    if rest and rest != "下同":
        draft.note("unread_rest")
    return bool(reached)


def _verb_role(found: re.Match[str]) -> str:
    return VERBS[int((found.lastgroup or "v0")[1:])][0]


def _plausible(units: UnitList) -> bool:
    """Tell whether names could all be units: short, and at least one with a unit's ending."""
    names = [m.name for m in units.mentions]
    return all(len(n) <= 30 and "的" not in n for n in names) and (not names or any(looks_like_unit(n) for n in names))


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

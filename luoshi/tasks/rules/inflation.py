"""层层加码: what is asked of the parts beyond what was asked from above, and how it grows from tier to tier."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from luoshi.directives.rules.burden import Limits as PaperLimits
from luoshi.directives.rules.burden import find_burdens
from luoshi.tasks.rules.states import Cadence

HIGHEST = Decimal("999.99")  # the ratio shown where nothing at all is allowed of what was allowed
NO_LIMIT = PaperLimits(general=10**9, special=10**9)
A_YEAR = {Cadence.WEEKLY: 52, Cadence.MONTHLY: 12, Cadence.QUARTERLY: 4, Cadence.SEMIANNUAL: 2, Cadence.ANNUAL: 1}
SENTENCE = re.compile(r"[^，。；;\n]+")
PAPERS = re.compile(
    r"照片|相片|影像|视频|截图|打卡|签到|台账|佐证材料|印证材料|支撑材料|档案|一户一档|一人一档|报表|表格|登记表|统计表|花名册|简报|工作信息|信息稿|工作总结|会议记录|会议纪要|学习笔记|心得体会"
)
DEMAND = re.compile(
    r"建立|健全|完善|报送|上报|提供|上传|提交|填写|填报|填表|附|留存|留痕|拍|制作|整理|形成|编发|撰写|做好|有|须|应|要"
)
MATCHED = re.compile(r"核对|比对|核查|依据|根据|为准|一致")  # what is compared with is no demand
SPARED = re.compile(r"不得|不再|无需|不需|免于|避免|精简|减少|取消|不要求|不以")


class Kind(StrEnum):
    """In what more is asked."""

    TARGET = "target"
    DATE = "date"
    REPORT = "report"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which ratio of a target, and which percentage of the span given up, it counts; set by policy."""

    ratio: Decimal
    earlier_percent: Decimal


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked from above. `less` is true where less is better; `summed` where the parts add up to the whole."""

    target: Decimal | None = None
    less: bool = False
    summed: bool = True
    start_date: date | None = None
    due_date: date | None = None
    cadence: str = ""
    words: str = ""

    @property
    def is_heading(self) -> bool:
        """Does it say neither how much nor by when nor what? Then it only stands above others."""
        return self.target is None and self.due_date is None and not self.words.strip()


@dataclass(frozen=True, slots=True)
class Given:
    """What one unit is asked; `part` is whatever names it."""

    part: int
    target: Decimal | None = None
    due_date: date | None = None
    cadence: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Raise:
    """More than was asked: of one part, or of the whole (None). `was` and `now` are the two sides as plain text.

    `figure` is the ratio of a target, the days of a date, the reports a year, or the number of papers.
    """

    kind: Kind
    part: int | None
    figure: Decimal
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of the chain: who gave down, what was asked of it, what it asked in all, and their ratio if known."""

    name: str
    asked: Decimal | None
    given: Decimal | None
    ratio: Decimal | None
    due_date: date | None = None


def harder(asked: Decimal | None, given: Decimal | None, *, less: bool) -> Decimal | None:
    """How many times as hard the given target is as the asked one; None where that cannot be said."""
    if asked is None or given is None:
        return None
    over, under = (asked, given) if less else (given, asked)
    if over < 0 or under < 0 or (over == 0 and under == 0):
        return None
    if under == 0:
        return HIGHEST if less else None
    return min((over / under).quantize(Decimal("0.0001")), HIGHEST)


def find_raises(
    above: Asked, parts: Sequence[Given], *, limits: Limits, given_before: Decimal = Decimal(0), is_all: bool = True
) -> tuple[Raise, ...]:
    """Everything in which the parts are asked for more than was asked from above, beyond the limits.

    `given_before` is what other parts already hold; `is_all` says that nobody is left to whom more would be given, so
    that a sum below what was allowed is meant. A heading that asks for nothing itself cannot be exceeded.
    """
    if above.is_heading:
        return ()
    found = _target_raises(above, parts, limits=limits, given_before=given_before, is_all=is_all)
    for part in parts:
        found += [raised for raised in (_date(above, part, limits), _reports(above, part)) if raised]
        papers = new_papers(above.words, part.words)
        if papers:
            found.append(Raise(Kind.EVIDENCE, part.part, Decimal(len(papers)), now="、".join(papers)))
    return tuple(found)


def find_growth(
    above: Asked, *, before: Sequence[Given], after: Sequence[Given], limits: Limits, others: Decimal = Decimal(0)
) -> tuple[Raise, ...]:
    """What a change adds to what was asked beyond: raises that stood already, no smaller, are not found again.

    `before` is empty where nothing was asked yet; `others` is what parts hold that do not change.
    """
    is_all = bool(before)  # of what only now is given out it is not known whether more will follow
    stood = find_raises(above, before, limits=limits, given_before=others, is_all=is_all)
    known = {(raised.kind, raised.part): raised for raised in stood}
    found = find_raises(above, after, limits=limits, given_before=others, is_all=is_all)
    return tuple(raised for raised in found if _is_more(raised, known.get((raised.kind, raised.part))))


def _is_more(raised: Raise, stood: Raise | None) -> bool:
    if stood is None or raised.figure > stood.figure:
        return True
    return raised.kind == Kind.EVIDENCE and not set(raised.now.split("、")) <= set(stood.now.split("、"))


def _target_raises(
    above: Asked, parts: Sequence[Given], *, limits: Limits, given_before: Decimal, is_all: bool
) -> list[Raise]:
    if not above.summed:
        ratios = ((p, harder(above.target, p.target, less=above.less)) for p in parts)
        return [_ratio(above, r, part=p.part, given=p.target) for p, r in ratios if r is not None and r > limits.ratio]
    own = [p.target for p in parts if p.target is not None]
    if not own or (above.less and not is_all):
        return []
    total = sum(own, given_before)
    ratio = harder(above.target, total, less=above.less)
    return [_ratio(above, ratio, part=None, given=total)] if ratio is not None and ratio > limits.ratio else []


def _ratio(above: Asked, ratio: Decimal, *, part: int | None, given: Decimal | None) -> Raise:
    return Raise(Kind.TARGET, part, ratio, _plain(above.target), _plain(given))


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _date(above: Asked, part: Given, limits: Limits) -> Raise | None:
    """Days given up of the span between start and due date."""
    if above.due_date is None or part.due_date is None or part.due_date >= above.due_date:
        return None
    days = (above.due_date - part.due_date).days
    span = (above.due_date - above.start_date).days if above.start_date else 0
    if span > 0 and Decimal(days * 100) / span <= limits.earlier_percent:
        return None
    return Raise(Kind.DATE, part.part, Decimal(days), above.due_date.isoformat(), part.due_date.isoformat())


def reports_a_year(cadence: str) -> int:
    """How many reports a cadence makes in a year; none for work reported at its milestones."""
    return next((times for known, times in A_YEAR.items() if known.value == cadence), 0)


def _reports(above: Asked, part: Given) -> Raise | None:
    was = max(reports_a_year(above.cadence), _reports_in_words(above.words))
    asked = max(reports_a_year(part.cadence), _reports_in_words(part.words))
    return Raise(Kind.REPORT, part.part, Decimal(asked), str(was), str(asked)) if asked > was else None


def _reports_in_words(words: str) -> int:
    """How often a year the words themselves ask for, by the rules for one's own papers."""
    notes = find_burdens(words, title="", units=1, limits=NO_LIMIT) if words else ()
    times = [quote.times for note in notes if note.code == "asks_report" for quote in note.quotes]
    return max(times, default=0)


def new_papers(asked: str, given: str) -> tuple[str, ...]:
    """The proofs and papers that these words demand and those above did not: photos, forms, ledgers, minutes."""
    before = set(_papers(asked))
    return tuple(word for word in dict.fromkeys(_papers(given)) if word not in before)


def _papers(words: str) -> list[str]:
    sentences = (
        s for s in SENTENCE.findall(words) if DEMAND.search(s) and not MATCHED.search(s) and not SPARED.search(s)
    )
    return [word for sentence in sentences for word in PAPERS.findall(sentence)]


def whole_ratio(tiers: Sequence[Tier]) -> Decimal | None:
    """By how much the target grew from the root down: the product of the ratios that are known; None without any."""
    known = [tier.ratio for tier in tiers if tier.ratio is not None]
    product = Decimal(1)
    for ratio in known:
        product *= ratio
    return product.quantize(Decimal("0.01")) if known else None

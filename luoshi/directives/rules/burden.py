"""What a document of one's own will cost those below: its length, the reports and papers that it asks for.

By the rules against formalism of 2024 (若干规定) general documents hold up to 5,000 characters and special ones up to
4,000; in general none demands reports on how it was carried out, or papers to match it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
TITLE = re.compile(r"《[^《》\n]{1,120}》")
# As a verb only: what an inspection left behind (督察反馈问题整改) is work, no demand for reports.
FEEDBACK = (
    r"(?:(?<=[前内日并要请须每周旬月季年])|(?<=及时|定期|按时|限期|书面|同步|逐级|半年|季度|情况|进展|结果))反馈(?!的|问题|意见|整改|机制|制度|渠道|清单)"
    r"|反馈(?:[至给到]|(?!的|问题|意见|整改)[^，。；的]{0,12}(?:政府|[府委]办|办公室|督查室|专班|领导小组|[省市县区镇乡]委))"
)
SEND = (
    rf"(?:报送|上报|报至|{FEEDBACK}|(?<![汇通公申统])报告(?!期|书)"
    r"|(?<![通汇申预公播海情])报(?!告|表|名|刊|道|批|警|销|社|备|请|业|纸|考))"
)
NEWS = r"(?:情况|进展|总结|小结|台账|报表|月报|季报|材料|清单|方案)"
OFTEN = r"(?:每[周月季旬日]|每半年|每年)"
REPORT = re.compile(
    rf"{SEND}[^，。；]{{0,16}}{NEWS}|{NEWS}[^，。；]{{0,16}}{SEND}|{OFTEN}[^，。；]{{0,14}}{SEND}"
)  # fmt: skip
DOCUMENT = re.compile(
    r"(?:制定|制订|出台|印发|编制|研究提出|细化)[^，。；]{0,14}"
    r"(?:实施方案|实施细则|配套(?:文件|政策|措施|方案|办法)|具体(?:方案|措施|办法)|工作方案|贯彻(?:落实)?(?:意见|措施|方案)|落实(?:方案|举措|措施))"
)
EVERYONE = re.compile(r"各|有关|相关|责任单位|牵头(?:单位|部门)|成员单位")
SPARED = re.compile(r"一次填报|不得|不再|无需|不需|避免|精简|减少|取消|不要求")
MATCHING = re.compile(
    r"各|结合(?:本地|本部门|实际|本单位)|相关(?:单位|部门)|有关(?:单位|部门)|牵头(?:单位|部门)|责任单位"
)
TIMES = (
    ("每日", 365),
    ("每天", 365),
    ("每周", 52),
    ("每旬", 36),
    ("每半年", 2),
    ("每月", 12),
    ("每季", 4),
    ("每年", 1),
)
SPECIAL = re.compile(r"专项")
OFFICES = ("", "人民政府", "办公室", "人民政府办公室", "政府办公室", "党委", "委员会", "委员会办公室", "党组")
QUOTES_SHOWN = 6
QUOTE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a general and a special document may be, in characters; set by policy."""

    general: int
    special: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that ask for something, with their place in the text; `times` a year it is asked."""

    start: int
    end: int
    words: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A gentle note: long (count over limit), asks_report, asks_document, or returns (count of them in a year)."""

    code: str
    quotes: tuple[Quote, ...] = ()
    count: int = 0
    limit: int = 0


def is_own(issuer: str, *, names: Iterable[str]) -> bool:
    """Did the unit of these names, or its office, issue the document?"""
    bare = re.sub(r"\s+", "", issuer)
    return bool(bare) and any(
        bare.removeprefix(name) in OFFICES for name in names if len(name) > 1 and bare.startswith(name)
    )


def find_burdens(
    text: str, *, title: str, units: int, limits: Limits, mentions: Sequence[int] = ()
) -> tuple[Note, ...]:
    """The notes on a document before it goes out; never a reason to stop.

    `units` is how many units it gives work to, `mentions` where in the text single units are named.
    """
    length = len(re.sub(r"\s+", "", text))
    plain = TITLE.sub(lambda found: "〇" * len(found[0]), text)  # a title that is named demands nothing
    limit = limits.special if SPECIAL.search(title) else limits.general
    reports = _quotes(text, plain, REPORT)
    papers = [quote for quote in _quotes(text, plain, DOCUMENT) if MATCHING.search(quote.words)]
    found = [Note("long", count=length, limit=limit)] if length > limit else []
    if reports:
        found.append(Note("asks_report", quotes=tuple(reports[:QUOTES_SHOWN]), count=len(reports)))
    if papers:
        found.append(Note("asks_document", quotes=tuple(papers[:QUOTES_SHOWN]), count=len(papers)))
    returns = sum(quote.times * _answering(quote, text, units=units, mentions=mentions) for quote in reports)
    if units > 1 and returns > len(reports):
        found.append(Note("returns", count=returns))
    return tuple(found)


def _quotes(text: str, plain: str, pattern: re.Pattern[str]) -> list[Quote]:
    """The sentences in which the pattern stands, each once; it is looked for in `plain`, the text without titles."""
    found = []
    for sentence in SENTENCE.finditer(plain):
        asks = pattern.search(sentence[0])
        if asks and not SPARED.search(sentence[0]):
            start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
            words = text[start : sentence.end()].rstrip()
            place = sentence.start() + asks.start() - start
            found.append(Quote(start, start + len(words), _short(words, place), _times(words)))
    return found


def _answering(quote: Quote, text: str, *, units: int, mentions: Sequence[int]) -> int:
    """How many units answer: all where the words say each, else those that the sentence names."""
    named = sum(quote.start <= place < quote.end for place in mentions)
    everyone = not named and EVERYONE.search(text[quote.start : quote.end])
    return max(units if everyone else named, 1)


def _short(words: str, place: int) -> str:
    """A long sentence around the words that ask."""
    if len(words) <= QUOTE_LENGTH:
        return words
    start = max(0, min(place - QUOTE_LENGTH // 3, len(words) - QUOTE_LENGTH))
    return ("…" if start else "") + words[start : start + QUOTE_LENGTH] + "…"


def _times(words: str) -> int:
    return max((times for word, times in TIMES if word in words), default=1)


def count_units(found: Sequence[tuple[int, str]], *, sizes: dict[str, int]) -> int:
    """How many units a document gives work to: matched units once each, and the size of the largest group named."""
    single = {unit for unit, selector in found if unit and not selector}
    groups = {selector for _unit, selector in found if selector}
    return max(len(single), 0) + sum(sizes.get(selector, 0) for selector in groups)

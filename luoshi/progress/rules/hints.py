"""Gentle hints on a report before it is saved: they never block it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

NUMBER = re.compile(
    r"\d|[一二两三四五六七八九十百千万]+(?:个|项|家|户|人|次|亩|公里|万|元|场|处|所|套|台|份|件|批|期|轮)"
)
DATE = re.compile(r"\d\s*[月日号]|[上中下]旬|月底|月初|年底|季度|本周|上周|昨日|今日")
PLACE = re.compile(r"[村镇乡县]|街道|社区|园区|项目部|工地|一线|现场")
NOISE = re.compile(r"[\s，。；：、,.;:！!（）()]+")
SAME = 0.95
JUMP = 50


class Hint(StrEnum):
    """What a reader of the report will miss."""

    EMPTY_WORDS = "empty_words"
    SAME_AS_LAST = "same_as_last"
    NO_VALUE = "no_value"
    VALUE_BELOW_TARGET = "value_below_target"
    PERCENT_FELL = "percent_fell"
    PERCENT_JUMPED = "percent_jumped"
    NO_CAUSE = "no_cause"
    ASK_OF_NOBODY = "ask_of_nobody"
    NO_NEXT_STEP = "no_next_step"


@dataclass(frozen=True, slots=True)
class Report:
    """A report as typed; `percent` is what will count, `typed` what was typed. `target` is one to be reached."""

    done: str
    percent: Decimal | None = None
    typed: Decimal | None = None
    value: Decimal | None = None
    target: Decimal | None = None
    problem: str = ""
    cause: str = ""
    ask: str = ""
    has_asked_unit: bool = False
    next_step: str = ""


def find_hints(report: Report, *, last_done: str = "", last_percent: Decimal | None = None) -> tuple[Hint, ...]:
    """What to look at again before saving, against the last report where there was one."""
    fell = report.percent is not None and last_percent is not None and report.percent < last_percent
    jumped = report.percent is not None and report.percent - (last_percent or 0) > JUMP
    found = [
        (Hint.EMPTY_WORDS, not any(sign.search(report.done) for sign in (NUMBER, DATE, PLACE))),
        (Hint.SAME_AS_LAST, is_same_text(report.done, last_done)),
        (Hint.NO_VALUE, report.target is not None and report.typed is not None and report.value is None),
        (Hint.VALUE_BELOW_TARGET, report.typed == 100 and is_below(report.value, report.target)),
        (Hint.PERCENT_FELL, fell),
        (Hint.PERCENT_JUMPED, jumped),
        (Hint.NO_CAUSE, bool(report.problem) and not report.cause),
        (Hint.ASK_OF_NOBODY, bool(report.ask) and not report.has_asked_unit),
        (Hint.NO_NEXT_STEP, report.percent is not None and report.percent < 100 and not report.next_step),
    ]
    return tuple(hint for hint, holds in found if holds)


def is_hollow(done: str, *, has_value: bool, last_done: str = "") -> bool:
    """Do the words say nothing that can be checked? A figure without words is no empty talk, and a value is a fact."""
    if has_value or not done.strip():
        return False
    return not any(sign.search(done) for sign in (NUMBER, DATE, PLACE)) or is_same_text(done, last_done)


def is_below(value: Decimal | None, target: Decimal | None) -> bool:
    """Is a value given that falls short of the target?"""
    return value is not None and target is not None and value < target


def is_same_text(text: str, last: str) -> bool:
    """Do two reports say the same but for punctuation and a few characters?"""
    one, other = NOISE.sub("", text)[:2000], NOISE.sub("", last)[:2000]
    if not one or not other:
        return False
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= SAME and matcher.ratio() >= SAME and not _numbers_differ(one, other)


def _numbers_differ(one: str, other: str) -> bool:
    """A report that repeats the words with new figures is not the same report."""
    return re.findall(r"\d+", one) != re.findall(r"\d+", other)

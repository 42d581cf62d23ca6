"""Puts right what the shape alone leaves open: whether a mark in a Chinese line is of full or half width."""

import re
from collections.abc import Sequence
from dataclasses import replace

from luoshi.papers.scan.engine import Letter

CHINESE = re.compile(r"[㐀-鿿〇]")
FULL = {"(": "（", ")": "）", ":": "：", ",": "，", ";": "；", "?": "？", "!": "！"}
DIGITS = frozenset("0123456789")
# 〔2025〕10号: one side that is not round is enough, for nothing else stands around a year there.
BRACKETED_YEAR = re.compile(r"(?:[\[［〔【][12]\d{3}[\]］〕】)）]|[(（][12]\d{3}[\]］〕】])(?=\d|第|号)")


# The number of a document may go on from the line before: …〔2026 | 〕12号.
YEAR_ENDED = re.compile(r"[\]］】](?=第?\d{1,4}号)")


def put_right(letters: Sequence[Letter]) -> tuple[Letter, ...]:
    """The letters of a line with full-width marks where official Chinese has them.

    Marks between two digits stay (14:30, 1,000), and so does a line without Chinese. No character is added, dropped
    or turned into another word.
    """
    line = "".join(letter.char for letter in letters)
    if len(line) != len(letters) or not CHINESE.search(line):
        return tuple(letters)
    chars = [_right(line, at) for at in range(len(line))]
    for year in BRACKETED_YEAR.finditer(line):
        chars[year.start()], chars[year.end() - 1] = "〔", "〕"
    for end in YEAR_ENDED.finditer(line):
        chars[end.start()] = "〕"
    return tuple(replace(letter, char=char) for letter, char in zip(letters, chars, strict=True))


def _right(line: str, at: int) -> str:
    char = line[at]
    if char in ":," and 0 < at < len(line) - 1 and line[at - 1] in DIGITS and line[at + 1] in DIGITS:
        return char
    return FULL.get(char, char)

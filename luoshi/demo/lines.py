"""What each line of a plain-text official paper is, as GB/T 9704 would set it: title, number, heading, body."""

import re

_NUMBER = re.compile(r"^\S{1,12}〔\d{4}〕第?\d+[号期]$")
_DATE = re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日$")
_HEADING = re.compile(r"^[一二三四五六七八九十]+、")
_SUBHEADING = re.compile(r"^（[一二三四五六七八九十]+）")
_TITLE_END = re.compile(r"(通知|方案|纪要|清单|办法|意见)$")
_SENTENCE_END = "。；：，）"


def role_of(line: str, *, following: str) -> str:
    """One of number, heading, subheading, signature, title, addressees and body; `following` is the next line."""
    if _NUMBER.match(line):
        return "number"
    if _HEADING.match(line):
        return "heading"
    if _SUBHEADING.match(line):
        return "subheading"
    if _DATE.match(line) or (_DATE.match(following) and line[-1] not in _SENTENCE_END):
        return "signature"
    if _TITLE_END.search(line):
        return "title"
    return "addressees" if line.endswith("：") and not line[0].isdigit() and len(line) < 40 else "body"

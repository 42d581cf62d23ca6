"""Document numbers: 机关代字〔年份〕序号号, six-corner brackets, no leading zeros (GB/T 9704-2012, 7.2.5)."""

import re

MARK = re.compile(r"[\w（）()·-]{1,30}")


def number_of(mark: str, *, year: int, number: int) -> str:
    """The document number of the n-th letter of a series in a year."""
    return f"{mark}〔{year}〕{number}号"


def is_mark(mark: str) -> bool:
    """May this be the 代字 of a series: letters and digits, no brackets of a year, no spaces?"""
    return bool(MARK.fullmatch(mark))


def usual_mark(short_name: str, ending: str) -> str:
    """The 代字 of a unit that has set none: its short name and what the kind is called for short."""
    kept = "".join(ch for ch in short_name if ch.isalnum())
    return f"{kept[: 30 - len(ending)]}{ending}"

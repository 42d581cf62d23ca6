"""Shows a spreadsheet's numbers as its cell formats do: 3, 85%, 2026年6月30日."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

# Formats that a workbook names by number only; those from 27 on are dates in Chinese editions.
BUILT_IN = {
    0: "", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒",
    34: "h:mm", 35: "h:mm:ss", 36: "yyyy年m月", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss",
    46: "h:mm:ss", 47: "mm:ss", 50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日",
    55: "yyyy年m月", 56: "m月d日", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|([0#?][0#?,.]*|\.[0#?]+)|(.)', re.DOTALL)
DATE_SIGNS = re.compile(r"[yYdDeEbB]|[hH]|[sS]|[mM]")
MOST_DECIMALS = 10
FIRST_DAY, FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 (a sheet's dates have no zone)
MOST_DAYS = 2_958_465  # 9999-12-31


@dataclass(frozen=True, slots=True)
class Format:
    """What a cell format shows of a number."""

    before: str = ""
    after: str = ""
    whole: int = 0  # least digits before the point
    least: int = 0  # least and most digits after the point
    most: int | None = None
    percent: bool = False
    dated: str = ""  # which of y, d and h a date shows


@lru_cache(maxsize=512)
def parsed(code: str) -> Format:
    """Return what a format's code says; one that is not understood shows numbers as they are."""
    section = _first_section(code)
    if section.strip().lower() in ("", "general", "@", "g/通用格式"):
        return Format()
    tokens = list(TOKEN.finditer(section))
    bare = "".join(t[5] or ("" if t[3] is None else _elapsed(t[3])) for t in tokens)
    if DATE_SIGNS.search(bare) and "general" not in section.lower():
        return Format(dated="".join(sign for sign in "ydh" if sign in bare.lower().replace("e", "y").replace("s", "h")))
    if "/" in bare or sum(t[4] is not None for t in tokens) != 1:
        return Format()
    return _number_format(tokens)


def _elapsed(words: str) -> str:
    return words if words.lower().strip("hms") == "" else ""


def _first_section(code: str) -> str:
    quoted = False
    for place, sign in enumerate(code):
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            return code[:place]
    return code


def _number_format(tokens: "list[re.Match[str]]") -> Format:
    at = next(i for i, t in enumerate(tokens) if t[4] is not None)
    whole, _point, after = tokens[at][4].partition(".")
    said = ["".join(t[1] or t[2] or t[5] or "" for t in part) for part in (tokens[:at], tokens[at + 1 :])]
    return Format(
        said[0].strip(),
        said[1].strip(),
        whole=whole.count("0"),
        least=after.count("0"),
        most=min(len(after), MOST_DECIMALS),
        percent="%" in said[1],
    )


def show_number(words: str, code: str, *, since_1904: bool = False) -> str:
    """Return a number as its format shows it, without separators of thousands."""
    try:
        number = Decimal(words)
    except InvalidOperation:
        return words
    form = parsed(code)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 30:
        return words
    if form.dated:
        return show_moment(float(number), form.dated, since_1904=since_1904) or plain(number)
    if form.percent:
        number *= 100
    if form.most is None:
        return form.before + plain(number) + form.after
    shown = number.quantize(Decimal(1).scaleb(-form.most), rounding=ROUND_HALF_UP)
    return form.before + _padded(shown, form) + form.after


def exact_number(words: str, code: str, *, since_1904: bool = False) -> str:
    """Return a number whole, whatever its format rounds away: a date with its day, 85% as 85%, else plain digits."""
    try:
        number = Decimal(words)
    except InvalidOperation:
        return words
    form = parsed(code)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 30:
        return words
    if form.dated:
        shown = "h" if form.dated == "h" else "yd"
        return show_moment(float(number), shown, since_1904=since_1904) or plain(number)
    return plain(number * 100) + "%" if form.percent else plain(number)


def plain(number: Decimal) -> str:
    """Return a number as people write it: 3 rather than 3.0, 0.3 rather than 0.30000000000000004."""
    words = f"{Decimal(f'{number:.15g}'):f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def _padded(number: Decimal, form: Format) -> str:
    sign = "-" if number < 0 else ""
    whole, _point, after = f"{abs(number):f}".partition(".")
    after = after[: form.least] + after[form.least :].rstrip("0")
    whole = whole.zfill(form.whole)
    return sign + whole + (f".{after}" if after else "")


def show_moment(days: float, shown: str = "yd", *, since_1904: bool = False) -> str:
    """Return a sheet's date or time in Chinese; empty where the number is none."""
    if not 0 <= days <= MOST_DAYS:
        return ""
    moment = (FIRST_DAY_1904 if since_1904 else FIRST_DAY) + timedelta(seconds=round(days * 86400))
    clock = f"{moment:%H:%M}"
    if days < 1 or shown == "h":
        return clock
    day = f"{moment.year}年{moment.month}月" + (f"{moment.day}日" if "d" in shown or "h" in shown else "")
    return f"{day} {clock}" if "h" in shown and clock != "00:00" else day

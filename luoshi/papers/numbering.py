"""Works out the automatic numbers that Word shows but does not store in the text (一、（一）1. ①)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DIGITS = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
LEVELS = 9
CIRCLED = (("㊱", 36), ("㉑", 21), ("①", 1))
ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def chinese(number: int, *, digits: str = DIGITS, tens: str = "十", hundreds: str = "百") -> str:
    """Return a number up to 999 as Chinese writes it in outlines: 十一, 二十, 一百零五."""
    if not 0 < number < 1000:
        return str(number)
    hundred, rest = divmod(number, 100)
    ten, one = divmod(rest, 10)
    words = digits[hundred] + hundreds if hundred else ""
    if ten:
        words += (digits[ten] if ten > 1 or hundred else "") + tens
    elif hundred and one:
        words += "零"
    return words + (digits[one] if one else "")


def _roman(number: int) -> str:
    words = ""
    for worth, sign in ROMAN:
        count, number = divmod(number, worth)
        words += sign * min(count, 9)
    return words


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)


def _from(first: str, last: int) -> Callable[[int], str]:
    return lambda n: chr(ord(first) + n - 1) if 1 <= n <= last else str(n)


def _circled(number: int) -> str:
    first, least = next(((f, n) for f, n in CIRCLED if number >= n), ("", 0))
    return chr(ord(first) + number - least) if first and number <= 50 else str(number)


def _of(signs: str) -> Callable[[int], str]:
    return lambda n: signs[(n - 1) % len(signs)]


def _sixty(number: int) -> str:
    return STEMS[(number - 1) % 10] + BRANCHES[(number - 1) % 12]


def _digit_by_digit(number: int) -> str:
    return "".join(DIGITS[int(d)] for d in str(number))


FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "chineseLegalSimplified": lambda n: chinese(n, digits=FORMAL, tens="拾", hundreds="佰"),
    "decimalZero": lambda n: f"{n:02d}",
    "decimalHalfWidth": str,
    "custom": str,
    "decimalFullWidth": lambda n: "".join(chr(ord("０") + int(d)) for d in str(n)),
    "decimalFullWidth2": lambda n: "".join(chr(ord("０") + int(d)) for d in str(n)),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "ideographTraditional": _of(STEMS),
    "ideographZodiac": _of(BRANCHES),
    "ideographZodiacTraditional": _sixty,
    "ideographLegalTraditional": lambda n: chinese(n, digits=FORMAL, tens="拾", hundreds="佰"),
    "japaneseLegal": lambda n: chinese(n, digits=FORMAL, tens="拾", hundreds="佰"),
    "numberInDash": lambda n: f"- {n} -",
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": lambda n: _roman(n).lower(),
    "upperRoman": _roman,
    "bullet": lambda _n: "",
    "none": lambda _n: "",
}


@dataclass(slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    plain: bool = False
    restart: int | None = None  # counts anew after this level (from 1) or a higher one; None: after any, 0: never
    style: str = ""


@dataclass(slots=True)
class NumberedList:
    """A list as the document instantiates it; lists of one abstract share their counting."""

    abstract: str
    levels: list[Level]
    starts: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Style:
    """What a paragraph style says about numbering."""

    based_on: str = ""
    number_id: str = ""
    level: int | None = None


def value(element: "etree._Element | None", path: str) -> str:
    """Return the w:val of the element at a path, or nothing."""
    found = element.find(path) if element is not None else None
    return (found.get(f"{W}val") or "") if found is not None else ""


def _whole(words: str, default: int) -> int:
    return int(words) if words.isdecimal() else default


class Numbering:
    """Counts the numbered paragraphs of one document in order."""

    def __init__(self, numbering: "etree._Element | None", styles: "etree._Element | None") -> None:
        self.styles, self.default_style = _styles(styles)
        self.lists = _lists(numbering, self.styles)
        self.counts: dict[str, list[int | None]] = {}
        self.started: set[tuple[str, int]] = set()

    def label(self, properties: "etree._Element | None") -> str:
        """Return the number that Word shows before a paragraph with these properties, and count it."""
        number_id, level = self._place(properties)
        numbered = self.lists.get(number_id)
        if numbered is None or not 0 <= level < LEVELS:
            return ""
        counts = self._count(number_id, numbered, level)
        return _shown(numbered.levels, counts, level)

    def _place(self, properties: "etree._Element | None") -> tuple[str, int]:
        own = properties.find(f"{W}numPr") if properties is not None else None
        number_id, level = value(own, f"{W}numId"), value(own, f"{W}ilvl")
        style = value(properties, f"{W}pStyle") or self.default_style
        if number_id:
            return number_id, _whole(level, self._style_level(style, number_id))
        for _step in range(20):
            found = self.styles.get(style)
            if found is None:
                break
            if found.number_id:
                return found.number_id, _whole(level, self._style_level(style, found.number_id))
            style = found.based_on
        return "", 0

    def _style_level(self, style: str, number_id: str) -> int:
        """Return the level that a list ties to a style, else the one that the style names."""
        levels = self.lists[number_id].levels if number_id in self.lists else []
        tied = next((i for i, level in enumerate(levels) if style and level.style == style), None)
        if tied is not None:
            return tied
        found = self.styles.get(style)
        return found.level or 0 if found else 0

    def _count(self, number_id: str, numbered: NumberedList, level: int) -> list[int | None]:
        counts = self.counts.setdefault(numbered.abstract, [None] * LEVELS)
        start = numbered.starts.get(level, numbered.levels[level].start)
        restart = level in numbered.starts and (number_id, level) not in self.started
        self.started.add((number_id, level))
        now = counts[level]
        counts[level] = start if now is None or restart else now + 1
        for deeper in range(level + 1, LEVELS):
            after = numbered.levels[deeper].restart
            if after is None or level < after:
                counts[deeper] = None
        return counts


def _shown(levels: list[Level], counts: list[int | None], level: int) -> str:
    words = levels[level].text
    for index in range(level + 1):
        if f"%{index + 1}" in words:
            count = counts[index] if counts[index] is not None else levels[index].start
            form = "decimal" if levels[level].plain else levels[index].form
            words = words.replace(f"%{index + 1}", FORMATS.get(form, str)(count or 0))
    return "" if levels[level].form == "bullet" else words.strip()


def _styles(root: "etree._Element | None") -> tuple[dict[str, Style], str]:
    found: dict[str, Style] = {}
    default = ""
    for style in root.iterfind(f"{W}style") if root is not None else ():
        name = style.get(f"{W}styleId") or ""
        numbers = style.find(f"{W}pPr/{W}numPr")
        level = value(numbers, f"{W}ilvl")
        found[name] = Style(
            value(style, f"{W}basedOn"), value(numbers, f"{W}numId"), int(level) if level.isdecimal() else None
        )
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
            default = name
    return found, default


def _lists(root: "etree._Element | None", styles: dict[str, Style]) -> dict[str, NumberedList]:
    if root is None:
        return {}
    abstracts = {a.get(f"{W}abstractNumId") or "": a for a in root.iterfind(f"{W}abstractNum")}
    numbers = {n.get(f"{W}numId") or "": n for n in root.iterfind(f"{W}num")}
    found: dict[str, NumberedList] = {}
    for number_id, number in numbers.items():
        key = value(number, f"{W}abstractNumId")
        linked = styles.get(value(abstracts.get(key), f"{W}numStyleLink"))
        if linked and linked.number_id in numbers:
            key = value(numbers[linked.number_id], f"{W}abstractNumId")
        if key in abstracts:
            found[number_id] = _list(key, abstracts[key], number)
    return found


def _list(key: str, abstract: "etree._Element", number: "etree._Element") -> NumberedList:
    numbered = NumberedList(key, [Level() for _ in range(LEVELS)])
    for element in abstract.iterfind(f"{W}lvl"):
        _define(numbered, element)
    for override in number.iterfind(f"{W}lvlOverride"):
        index = _whole(override.get(f"{W}ilvl") or "", LEVELS)
        start = value(override, f"{W}startOverride")
        redefined = override.find(f"{W}lvl")
        if redefined is not None:
            _define(numbered, redefined)
        if start.isdecimal():
            numbered.starts[index] = int(start)
    return numbered


def _define(numbered: NumberedList, element: "etree._Element") -> None:
    index = _whole(element.get(f"{W}ilvl") or "", LEVELS)
    if index < LEVELS:
        numbered.levels[index] = Level(
            start=_whole(value(element, f"{W}start"), 1),
            form=value(element, f"{W}numFmt") or value(element, f".//{W}numFmt") or "decimal",
            text=value(element, f"{W}lvlText"),
            plain=element.find(f"{W}isLgl") is not None,
            restart=int(restart) if (restart := value(element, f"{W}lvlRestart")).isdecimal() else None,
            style=value(element, f"{W}pStyle"),
        )

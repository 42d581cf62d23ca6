"""The words of one Word paragraph as a reader sees them: final text of tracked changes, results of fields, symbols."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from luoshi.papers.numbering import W, value

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Deleted or moved away, field codes, what stands above characters: not the paper's words.
SKIPPED = frozenset(f"{W}{n}" for n in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "rt", "sdtPr"))
SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
BOX = f"{W}txbxContent"
ALTERNATIVES = f"{COMPATIBILITY}AlternateContent"
PAGE_FIELDS = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
OFF = ("0", "false", "off")
INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
# Symbol fonts keep their signs in the private area: what papers use of Wingdings, Wingdings 2 and Symbol.
WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x9F: "•", 0xA8: "□", 0xA7: "▪", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE8: "→", 0xFB: "×", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x81 + n: chr(ord("①") + n) for n in range(10)}, **{0x8C + n: chr(ord("❶") + n) for n in range(10)},
}  # fmt: skip
WINGDINGS_2 = {0x50: "✓", 0x52: "☑", 0x53: "☒", 0xA3: "□", **{0x6A + n: chr(ord("①") + n) for n in range(10)}}
SYMBOL = {0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xD7: "·", 0xAE: "→"}
FONTS = {"wingdings": WINGDINGS, "wingdings 2": WINGDINGS_2, "symbol": SYMBOL}


@dataclass(slots=True)
class Words:
    """What a paragraph holds: text, boxes anchored in it, and notes that it refers to as (kind, id)."""

    text: str = ""
    boxes: list["etree._Element"] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def words_of(paragraph: "etree._Element", *, hidden: frozenset[str] = frozenset()) -> Words:
    """Read a paragraph; `hidden` are the character styles whose text is not shown."""
    found = Words()
    fields: list[str] = []  # codes of the fields that are open
    found.text = "".join(_parts(paragraph, found, fields, hidden)).translate(INVISIBLE)
    return found


def _parts(paragraph: "etree._Element", found: Words, fields: list[str], hidden: frozenset[str]) -> Iterator[str]:
    waiting = list(reversed(paragraph))
    while waiting:
        child = waiting.pop()
        tag = child.tag
        if tag == f"{W}fldChar":
            _turn(child, fields)
        elif tag == f"{W}instrText" and fields:
            fields[-1] += child.text or ""
        elif tag == BOX:
            found.boxes.append(child)
        elif tag in NOTES:
            found.notes.append((NOTES[tag], child.get(f"{W}id") or ""))
        elif tag in (f"{W}t", f"{MATHS}t", f"{W}sym") or tag in SIGNS:
            if not any(PAGE_FIELDS.match(code) for code in fields):
                yield _sign(child)
        elif _shown(child, hidden):
            waiting.extend(reversed(_alternative(child) if tag == ALTERNATIVES else child))


def _turn(mark: "etree._Element", fields: list[str]) -> None:
    kind = mark.get(f"{W}fldCharType")
    if kind == "begin":
        fields.append("")
    elif kind == "end" and fields:
        fields.pop()


def _shown(element: "etree._Element", hidden: frozenset[str]) -> bool:
    if element.tag in SKIPPED or not isinstance(element.tag, str):
        return False
    if element.tag == f"{W}fldSimple":
        return not PAGE_FIELDS.match(element.get(f"{W}instr") or "")
    return element.tag != f"{W}r" or not is_hidden(element.find(f"{W}rPr"), hidden)


def is_hidden(properties: "etree._Element | None", hidden: frozenset[str] = frozenset()) -> bool:
    """Tell whether a run's properties, or the style they name, hide it."""
    mark = properties.find(f"{W}vanish") if properties is not None else None
    if mark is not None:
        return mark.get(f"{W}val") not in OFF
    return value(properties, f"{W}rStyle") in hidden


def _alternative(element: "etree._Element") -> "etree._Element | list[etree._Element]":
    """Of several ways to say the same, the first."""
    for tag in ("Choice", "Fallback"):
        for way in element.iterfind(f"{COMPATIBILITY}{tag}"):
            return way
    return []


def _sign(element: "etree._Element") -> str:
    if element.tag == f"{W}sym":
        return _symbol(element.get(f"{W}char") or "", element.get(f"{W}font") or "")
    return SIGNS.get(element.tag) or element.text or ""


def _symbol(code: str, font: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= number <= 0xF0FF or number < 0x100:
        known = FONTS.get(font.lower())
        if known is not None:
            return known.get(number & 0xFF, "")
        number &= 0xFF
    return chr(number) if 0x20 <= number < 0xD800 or 0xF900 <= number < 0xFFFE else ""

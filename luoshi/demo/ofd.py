"""Writes a plain-text official paper as an OFD file: A4 as GB/T 9704 asks, 22 lines of 28 characters a page."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Literal
from xml.sax.saxutils import escape

from luoshi.demo.lines import role_of

WIDTH, HEIGHT = 210.0, 297.0
LEFT, TOP = 28.0, 37.0
COLUMNS, ROWS = 28, 22
EM, PITCH = 156.0 / COLUMNS, 225.0 / ROWS
BLOCK = COLUMNS * EM
BASELINE = 0.88
NAMESPACE = "http://www.ofdspec.org/2016"
FONTS = {"方正小标宋简体": 1, "黑体": 2, "楷体": 3, "仿宋": 4, "宋体": 5}
NEVER_FIRST = "，。、；：？！）》」』】〕〉”’…—％%,.;:?!)]}"
NEVER_LAST = "（《「『【〔〈“‘([{"
WORD = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
PADDING = 1.2  # mm on each side of a cell
CELL = 4.6  # size of a table's characters

# How a text object says where its characters stand: each offset, runs of equal ones, or each character on its own.
Offsets = Literal["listed", "repeated", "apart"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a line of a role is set; `indent` in characters, for the first line."""

    font: str = "仿宋"
    size: float = EM
    indent: float = 2.0
    align: str = "left"
    weight: int = 400


LOOKS = {
    "title": Look("方正小标宋简体", 7.76, 0, "centre"),
    "number": Look(indent=0, align="centre"),
    "addressees": Look(indent=0),
    "signature": Look(indent=0, align="right"),
    "heading": Look("黑体"),
    "subheading": Look("楷体"),
    "body": Look(),
}


@dataclass
class Sheet:
    """A page being written: the XML of its objects."""

    objects: list[str] = field(default_factory=list)
    used: float = 0.0  # mm of the text block


def write_ofd(text: str, *, offsets: Offsets = "repeated") -> bytes:
    """One paragraph per line of `text`; lines with tabs in a row make a ruled table. The same text, the same file."""
    lines = [UNFIT.sub("", line) for line in text.splitlines() if line.strip()]
    writer = Writer(offsets)
    for is_table, group in groupby(enumerate(lines), key=lambda row: "\t" in row[1]):
        rows = list(group)
        if is_table:
            writer.table([line.split("\t") for _, line in rows])
            continue
        for index, line in rows:
            following = lines[index + 1] if index + 1 < len(lines) else ""
            writer.paragraph(line.strip(), LOOKS[role_of(line.strip(), following=following)])
    return writer.package()


class Writer:
    """Sets lines and tables on pages."""

    def __init__(self, offsets: Offsets) -> None:
        self.offsets = offsets
        self.sheets = [Sheet()]
        self.count = 100

    def paragraph(self, line: str, look: Look) -> None:
        """Set a paragraph, broken where its lines are full."""
        room = BLOCK / look.size
        pieces = broken(line, room, first=room - look.indent)
        if look.align == "centre":
            pieces = broken(line, width_of(line) / len(pieces) + 1.0)  # of equal length, as titles are
        for number, piece in enumerate(pieces):
            self._set_line(piece, look, is_first=number == 0, is_last=number == len(pieces) - 1)

    def _set_line(self, piece: str, look: Look, *, is_first: bool, is_last: bool) -> None:
        top = self._take(PITCH)
        indent = look.indent * look.size if is_first else 0.0
        free = BLOCK - indent - width_of(piece) * look.size
        left = LEFT + indent
        if look.align != "left":
            left = LEFT + free / (2 if look.align == "centre" else 1) - (4 * EM if look.align == "right" else 0)
        gaps = len(piece) - 1
        stretch = max(0.0, free) / gaps if look.align == "left" and not is_last and gaps else 0.0
        self._text(piece, left, top + (PITCH - look.size) / 2, look, stretch=stretch)

    def _take(self, height: float) -> float:
        """Go down by a height, onto a new page where this one is full; returns where that begins."""
        if self.sheets[-1].used + height > ROWS * PITCH + 0.01:
            self.sheets.append(Sheet())
        top = TOP + self.sheets[-1].used
        self.sheets[-1].used += height
        return top

    # Tables

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Set a ruled table; the cells wrap, a row that does not fit begins a page."""
        widths = column_widths(rows)
        edges = [LEFT]
        for width in widths:
            edges.append(edges[-1] + width)
        most = int((ROWS * PITCH - 2 * PADDING) / (CELL * 1.3))
        for row in rows:
            cells = [
                broken(cell.strip(), max(1.0, (w - 2 * PADDING) / CELL)) for cell, w in zip(row, widths, strict=False)
            ]
            lines = max((len(cell) for cell in cells), default=1)
            for start in range(0, max(1, lines), most):
                self._row([cell[start : start + most] for cell in cells], edges)

    def _row(self, cells: list[list[str]], edges: list[float]) -> None:
        height = max([1, *(len(cell) for cell in cells)]) * CELL * 1.3 + 2 * PADDING
        top = self._take(height)
        for left, cell in zip(edges, cells, strict=False):
            for number, piece in enumerate(cell):
                if piece:
                    self._text(piece, left + PADDING, top + PADDING + number * CELL * 1.3, Look("宋体", CELL))
        for y in (top, top + height):
            self._line(edges[0], y, edges[-1], y)
        for x in edges:
            self._line(x, top, x, top + height)

    # Objects

    def _text(self, piece: str, left: float, top: float, look: Look, *, stretch: float = 0.0) -> None:
        steps = [natural(char) * look.size + stretch for char in piece]
        box = f"{left:.3f} {top:.3f} {sum(steps):.3f} {look.size * 1.12:.3f}"
        codes = "".join(self._codes(piece, steps, look.size * BASELINE))
        self._object(
            f'<ofd:TextObject ID="{self._next()}" Boundary="{box}" Font="{FONTS[look.font]}" Size="{look.size:.3f}">'
            f"{codes}</ofd:TextObject>"
        )

    def _codes(self, piece: str, steps: list[float], base: float) -> Iterator[str]:
        if self.offsets == "apart":
            x = 0.0
            for char, step in zip(piece, steps, strict=True):
                yield f'<ofd:TextCode X="{x:.3f}" Y="{base:.3f}">{escape(char)}</ofd:TextCode>'
                x += step
            return
        words = [f"{step:.3f}" for step in steps[:-1]]
        if self.offsets == "repeated":
            runs = [(word, len(list(same))) for word, same in groupby(words)]
            words = [f"g {count} {word}" if count > 2 else " ".join([word] * count) for word, count in runs]
        deltas = f' DeltaX="{" ".join(words)}"' if words else ""
        yield f'<ofd:TextCode X="0" Y="{base:.3f}"{deltas}>{escape(piece)}</ofd:TextCode>'

    def _line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        box = f"{x1:.3f} {y1:.3f} {max(0.2, x2 - x1):.3f} {max(0.2, y2 - y1):.3f}"
        self._object(
            f'<ofd:PathObject ID="{self._next()}" Boundary="{box}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {x2 - x1:.3f} {y2 - y1:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def _object(self, xml: str) -> None:
        self.sheets[-1].objects.append(xml)

    def _next(self) -> int:
        self.count += 1
        return self.count

    def _number_pages(self) -> None:
        """ "— 3 —" below the text, on the outer side."""
        look = Look("宋体", 4.94)
        sheets = self.sheets
        for number, sheet in enumerate(sheets, start=1):
            words = f"— {number} —"
            width = width_of(words) * look.size
            left = LEFT + look.size if number % 2 == 0 else LEFT + BLOCK - look.size - width
            self.sheets = [sheet]
            self._text(words, left, TOP + ROWS * PITCH + 7.0, look)
        self.sheets = sheets

    # The package

    def package(self) -> bytes:
        """The file, every entry dated 1980, so that equal texts give equal files."""
        self._number_pages()
        pages = {f"Doc_0/Pages/Page_{i}/Content.xml": _page(sheet) for i, sheet in enumerate(self.sheets)}
        steady = io.BytesIO()
        with zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as target:
            for name, xml in {**self._frame(pages), **pages}.items():
                target.writestr(zipfile.ZipInfo(name), xml.encode("utf-8"), zipfile.ZIP_DEFLATED)
        return steady.getvalue()

    def _frame(self, pages: dict[str, str]) -> dict[str, str]:
        id = hashlib.sha256("".join(pages.values()).encode("utf-8")).hexdigest()[:32]
        fonts = "".join(f'<ofd:Font ID="{i}" FontName="{name}" FamilyName="{name}"/>' for name, i in FONTS.items())
        places = "".join(
            f'<ofd:Page ID="{10_000_000 + i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages))
        )
        return {
            "OFD.xml": _xml(
                f'<ofd:OFD xmlns:ofd="{NAMESPACE}" Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
                f"<ofd:DocID>{id}</ofd:DocID><ofd:Creator>Luoshi</ofd:Creator></ofd:DocInfo>"
                "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
            ),
            "Doc_0/Document.xml": _xml(
                f'<ofd:Document xmlns:ofd="{NAMESPACE}"><ofd:CommonData>'
                f"<ofd:MaxUnitID>{10_000_000 + len(pages)}</ofd:MaxUnitID><ofd:PageArea>"
                f"<ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}</ofd:PhysicalBox></ofd:PageArea>"
                f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{places}</ofd:Pages>"
                "</ofd:Document>"
            ),
            "Doc_0/PublicRes.xml": _xml(
                f'<ofd:Res xmlns:ofd="{NAMESPACE}" BaseLoc="Res"><ofd:Fonts>{fonts}</ofd:Fonts></ofd:Res>'
            ),
        }


def _page(sheet: Sheet) -> str:
    objects = "".join(sheet.objects)
    return _xml(
        f'<ofd:Page xmlns:ofd="{NAMESPACE}"><ofd:Content><ofd:Layer ID="11" Type="Body">{objects}</ofd:Layer>'
        "</ofd:Content></ofd:Page>"
    )


def _xml(root: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}'


def natural(char: str) -> float:
    """A character's width in its size."""
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def width_of(text: str) -> float:
    """A line's width in its size."""
    return sum(natural(char) for char in text)


def broken(text: str, room: float, *, first: float | None = None) -> list[str]:
    """Break a text into lines: no closing mark begins one, no opening mark ends one, words and numbers stay whole."""
    lines: list[str] = []
    line = ""
    for word in _unbreakable(text, room):
        here = room if lines or first is None else first
        if line and width_of(line) + width_of(word) > here + 0.01:
            lines.append(line)
            line = ""
        line += word
    return [*lines, line] if line or not lines else lines


def _unbreakable(text: str, room: float) -> Iterator[str]:
    """The pieces between which a line may break."""
    held = ""
    for word, following in pairwise([*WORD.findall(text), ""]):
        held += word
        sticks = held[-1] in NEVER_LAST or (following and following[0] in NEVER_FIRST)
        if not sticks or width_of(held) > room - 2:
            yield held
            held = ""
    if held:
        yield held


def column_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Widths that share the text block: by the longest cell of each column, short ones kept readable."""
    count = max(len(row) for row in rows)
    longest = [max((width_of(row[i]) for row in rows if i < len(row)), default=1.0) for i in range(count)]
    shares = [min(24.0, max(3.0, length)) ** 0.7 for length in longest]
    return [BLOCK * share / sum(shares) for share in shares]

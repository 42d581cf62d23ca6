"""Every form and report, filled and printed by LibreOffice, is measured against GB/T 9704-2012.

Positions are measured, not the shapes of characters: the faces that the standard asks for are licensed, and others
stand in for them where the test runs.
"""

import ctypes
import os
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from luoshi.letters.rules import KINDS, Sort, default_form, fields_of, known_to, required_tags
from luoshi.papers.office import find_office
from luoshi.papers.writing import NUMBER_HERE, check_template, fill_template, put_number

OFFICE = find_office()
pytestmark = [
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice, which prints what is measured, is not installed"),
    pytest.mark.one_database,
]

MM = 72 / 25.4
NEAR = 0.5  # millimetres
TOP, BOTTOM, LEFT, RIGHT = 37.0, 262.0, 28.0, 184.0  # of the text block, from the page's upper left corner
BEARING = 0.6  # millimetres of white that a character of 三号 has on each side
ISSUER = "青禾县人民政府办公室"
# Words as long as real ones, without marks: a line that may not begin with a mark is closed up by one character.
SENTENCE = "请对照年度重点工作任务清单逐项推进重点抓好高标准农田建设和农村供水保障两件民生实事" * 3


@dataclass
class Line:
    """Characters that stand on one line: their left and right edges, and its foot, in millimetres."""

    foot: float
    text: str = ""
    left: float = 1000.0
    right: float = 0.0
    height: float = 0.0


@dataclass
class Sheet:
    """One printed page."""

    lines: list[Line] = field(default_factory=list)
    rules: list[tuple[float, float, float, float, tuple[int, int, int]]] = field(default_factory=list)

    @property
    def number(self) -> Line:
        """The line of the page number."""
        return self.lines[-1]

    def is_full(self) -> bool:
        """Does running text of 三号 alone, without white space in it, reach down to the end of the block?"""
        body = self.lines[:-1]
        if self.rules or len(body) < 15 or body[-1].foot < BOTTOM - 15:
            return False
        return all(lower.foot - upper.foot < 14 for upper, lower in pairwise(body))


def printed(folder: Path) -> dict[str, list[Sheet]]:
    """All kinds printed by one call of LibreOffice, and measured."""
    for kind in KINDS:
        (folder / f"{kind}.docx").write_bytes(filled(kind))
    profile = (folder / "profile").as_uri()
    command = [
        str(OFFICE), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "pdf",
        "--outdir", str(folder), *(str(folder / f"{kind}.docx") for kind in KINDS),
    ]  # fmt: skip
    environment = {**os.environ, "HOME": str(folder)}
    for _attempt in range(2):  # with a new profile it may ask to be started once more
        subprocess.run(command, env=environment, check=False, capture_output=True, timeout=240)
        if all((folder / f"{kind}.pdf").is_file() for kind in KINDS):
            break
    return {kind: measured(folder / f"{kind}.pdf") for kind in KINDS}


def filled(kind: str) -> bytes:
    form = default_form(kind, issuer=ISSUER)
    assert not check_template(form, known=known_to(kind), required=required_tags(kind)).faults
    values: dict[str, object] = {}
    longest = next(given.tag for given in fields_of(kind) if given.sort == Sort.TEXT and given.name != "attachments")
    for given in fields_of(kind):
        if given.sort == Sort.ROWS:
            values[given.tag] = [dict.fromkeys(("序号", *given.columns), "柳河镇") for _n in range(3)]
        else:
            longer = {Sort.TEXT: SENTENCE, Sort.DATE: "2026年12月20日"}
            values[given.tag] = longer.get(given.sort, "建成高标准农田")
    values |= {
        "发文机关": ISSUER,
        "发文字号": f"青政督{NUMBER_HERE}",
        "标题": KINDS[kind].title,
        "附件": "附件：进展台账",
    }
    values[longest] = "\n".join([SENTENCE * 4] * 3)
    return put_number(fill_template(form, values), number="〔2026〕12号")  # type: ignore[arg-type]


def measured(path: Path) -> list[Sheet]:
    document = pypdfium2.PdfDocument(path)
    sheets = []
    for page in document:
        height = page.get_height()
        assert (round(page.get_width() / MM), round(height / MM)) == (210, 297)
        sheets.append(Sheet(_lines(page.get_textpage(), height), _rules(page, height)))
    document.close()
    return sheets


def _lines(text: "pypdfium2.PdfTextPage", height: float) -> list[Line]:
    found: dict[int, Line] = defaultdict(lambda: Line(0.0))
    for n in range(text.count_chars()):
        sign = text.get_text_range(n, 1)
        if not sign.strip():
            continue
        left, foot, right, top = (edge / MM for edge in text.get_charbox(n, loose=True))
        key = next((k for k in found if abs(k - (height / MM - foot) * 100) < 150), round((height / MM - foot) * 100))
        line = found[key]
        line.text += sign
        line.left, line.right = min(line.left, left), max(line.right, right)
        line.foot, line.height = max(line.foot, height / MM - foot), max(line.height, top - foot)
    return [found[key] for key in sorted(found)]


def _rules(page: "pypdfium2.PdfPage", height: float) -> list[tuple[float, float, float, float, tuple[int, int, int]]]:
    """Lines drawn across most of the page: left, right, top and foot in millimetres, and colour."""
    rules = []
    for drawn in page.get_objects(max_depth=4):
        if drawn.type != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        left, foot, right, top = (edge / MM for edge in drawn.get_bounds())
        if right - left > 100:
            rules.append((left, right, height / MM - top, height / MM - foot, _colour(drawn)))
    return rules


def _colour(drawn: "pypdfium2.PdfObject") -> tuple[int, int, int]:
    """The colour of a line, drawn or filled."""
    parts = [ctypes.c_uint(0) for _n in range(4)]
    for ask in (pdfium.FPDFPageObj_GetStrokeColor, pdfium.FPDFPageObj_GetFillColor):
        ask(drawn, *parts)
        if parts[0].value:
            break
    return parts[0].value, parts[1].value, parts[2].value


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Sheet]]:
    return printed(tmp_path_factory.mktemp("printed"))


@pytest.mark.parametrize("kind", KINDS)
def test_text_stands_in_the_block_of_the_standard(sheets: dict[str, list[Sheet]], kind: str) -> None:
    """156 × 225 mm, 37 mm from the top and 28 mm from the left (5.2)."""
    full = [sheet for sheet in sheets[kind] if sheet.is_full()]
    assert full, "no page is full of running text"
    for sheet in full:
        body = sheet.lines[:-1]
        assert abs(min(line.left for line in body) - LEFT) < NEAR
        assert abs(max(line.right for line in body) + BEARING - RIGHT) < NEAR
        pitch = (body[-1].foot - body[0].foot) / (len(body) - 1)
        assert abs(pitch * 22 - (BOTTOM - TOP)) < NEAR
        assert body[0].foot - body[0].height > TOP
        assert abs(body[0].foot - pitch - TOP) < 1.5  # a line's characters stand at its foot
        assert body[-1].foot < BOTTOM


@pytest.mark.parametrize("kind", KINDS)
def test_full_page_has_22_lines_of_28_characters(sheets: dict[str, list[Sheet]], kind: str) -> None:
    full = [sheet for sheet in sheets[kind] if sheet.is_full()]
    for sheet in full:
        assert abs(len(sheet.lines) - 1 - 22) <= 1
        lengths = [len(line.text) for line in sheet.lines[:-1] if line.left < LEFT + 1 and line.right > RIGHT - 1]
        assert lengths
        assert all(abs(length - 28) <= 1 for length in lengths)
        assert sorted(lengths)[len(lengths) // 2] == 28


@pytest.mark.parametrize("kind", KINDS)
def test_red_rule_is_as_wide_as_the_text_4_mm_below_the_number(sheets: dict[str, list[Sheet]], kind: str) -> None:
    """7.2.7."""
    first = sheets[kind][0]
    red = [rule for rule in first.rules if rule[4][0] > 200 and rule[4][1] < 40]
    assert red
    left, right, top, foot, _colour = red[0]
    assert abs(left - LEFT) < NEAR
    assert abs(right - RIGHT) < NEAR
    number = next(line for line in first.lines if "〔2026〕12" in line.text)
    assert abs((top + foot) / 2 - number.foot - 4) < NEAR


@pytest.mark.parametrize("kind", KINDS)
def test_issuer_stands_35_mm_below_the_top_of_the_text(sheets: dict[str, list[Sheet]], kind: str) -> None:
    """7.2.4; the upper edge differs with the face, so a millimetre more is let pass."""
    issuer = next(line for line in sheets[kind][0].lines if ISSUER in line.text)
    assert abs(issuer.foot - issuer.height - (TOP + 35)) < 1.5
    assert abs((issuer.left + issuer.right) / 2 - (LEFT + RIGHT) / 2) < NEAR


@pytest.mark.parametrize("kind", KINDS)
def test_page_numbers_stand_7_mm_below_the_text_outside(sheets: dict[str, list[Sheet]], kind: str) -> None:
    """四号 between dashes, right on odd pages and left on even ones, one character in (7.5)."""
    character = 14 / MM
    for n, sheet in enumerate(sheets[kind], 1):
        assert sheet.number.text == f"—{n}—"
        middle = sheet.number.foot - sheet.number.height / 2
        assert abs(middle - (BOTTOM + 7)) < 1.0
        edge = sheet.number.right - (RIGHT - character) if n % 2 else sheet.number.left - (LEFT + character)
        assert abs(edge) < NEAR


@pytest.mark.parametrize("kind", KINDS)
def test_imprint_stands_at_the_foot_between_rules_of_full_width(sheets: dict[str, list[Sheet]], kind: str) -> None:
    """7.4: the last page ends with copies, printer and date."""
    last = sheets[kind][-1]
    rules = [rule for rule in last.rules if rule[2] > 230]
    assert len(rules) >= 3
    for left, right, _top, _foot, _colour in rules:
        assert abs(left - LEFT) < NEAR
        assert abs(right - RIGHT) < NEAR
    assert abs(max(rule[3] for rule in rules) - BOTTOM) < 3
    assert any(line.text.endswith("印发") for line in last.lines)

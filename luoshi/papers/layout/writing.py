"""Writes lines into paragraphs and keeps for each character where it stood on its page."""

from collections.abc import Iterable, Sequence

from luoshi.papers.facts import Paragraph, Run
from luoshi.papers.layout.facts import PageContent
from luoshi.papers.layout.lines import Line
from luoshi.papers.layout.marks import LATIN

SCALE = 10_000


class Writer:
    """Puts words together: lines, spaces and tabs; `sizes` are the pages' widths and heights."""

    def __init__(self, sizes: dict[int, tuple[float, float]]) -> None:
        self.sizes = sizes
        self.words: list[str] = []
        self.length = 0
        self.runs: list[Run] = []

    def add(self, words: str) -> None:
        """Add characters that stand on no page."""
        self.words.append(words)
        self.length += len(words)

    def add_line(self, line: Line) -> None:
        """Add a line's words with their places."""
        width, height = self.sizes[line.page]
        drawn = line.glyphs
        sure = [g.confidence for g in drawn if g.confidence is not None]
        edges, last = [], line.left
        for mark in line.marks:
            edges.append(_share(mark.left if mark is not None else last, width))
            last = mark.right if mark is not None else last
        run = Run(
            self.length,
            self.length + len(line.text),
            line.page,
            _share(min(g.top for g in drawn), height),
            _share(max(g.bottom for g in drawn), height),
            (*edges, _share(line.right, width)),
            min(sure) if sure else None,
        )
        self.runs.append(run)
        self.add(line.text)

    def add_lines(self, lines: Iterable[Line]) -> None:
        """Add lines that one paragraph flows over."""
        before: Line | None = None
        for line in lines:
            if before is not None and needs_space(before.text, line.text):
                self.add(" ")
            self.add_line(line)
            before = line

    def paragraph(self, source: str) -> Paragraph:
        """The paragraph written, and a clean sheet for the next."""
        written = Paragraph("".join(self.words), source, tuple(self.runs))
        self.words, self.length, self.runs = [], 0, []
        return written


def page_sizes(pages: Sequence[PageContent]) -> dict[int, tuple[float, float]]:
    """Each page's width and height."""
    return {p.number: (max(p.width, 1.0), max(p.height, 1.0)) for p in pages}


def needs_space(before: str, after: str) -> bool:
    """Whether words broken over two lines were apart: Latin words are, Chinese ones and numbers are not."""
    a, b = before[-1:], after[:1]
    if not (LATIN.match(a) and LATIN.match(b)) or a in "-/([" or b in ")],.;:%":
        return False
    return not (a.isdigit() and b.isdigit())


def _share(length: float, whole: float) -> int:
    return max(0, min(SCALE, round(length / whole * SCALE)))

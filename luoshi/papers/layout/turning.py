"""Puts the places of characters back onto a page's picture that was turned upright before it was read."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import cos, radians, sin

from luoshi.papers.facts import Paragraph, Run
from luoshi.papers.layout.facts import PageContent

SCALE = 10_000
PIECE = 6  # characters of a tilted line that share one box
MOST_TILT = 10.0  # beyond it, each character has a box of its own


def turned_back(paragraph: Paragraph, pages: dict[int, PageContent]) -> Paragraph:
    """The paragraph with its runs as they stand on the pictures; runs of tilted lines become several short ones."""
    if not any(pages[run.page].turned for run in paragraph.runs):
        return paragraph
    return replace(paragraph, runs=tuple(r for run in paragraph.runs for r in _pieces(run, pages[run.page])))


def _pieces(run: Run, page: PageContent) -> Sequence[Run]:
    if not page.turned:
        return [run]
    step = PIECE if abs(page.turned) < MOST_TILT else 1
    cuts = [*range(run.start, run.end, step), run.end]
    return [_back(run, start, end, page) for start, end in pairwise(cuts)]


def _back(run: Run, start: int, end: int, page: PageContent) -> Run:
    """The characters from start to end, their box drawn around where they are on the picture."""
    edges = run.edges[start - run.start : end - run.start + 1]
    middle = (run.top + run.bottom) / 2
    if end - start > 1:
        spots = [_spot(edge, middle, page) for edge in edges]
        half = (run.bottom - run.top) / 2
        xs, ys = [spot[0] for spot in spots], [y + d for _x, y in (spots[0], spots[-1]) for d in (-half, half)]
    else:
        corners = [_spot(edge, y, page) for edge in edges for y in (run.top, run.bottom)]
        across = [x for x, _y in corners]
        xs, ys = [min(across), max(across)], [y for _x, y in corners]
    return Run(start, end, run.page, _kept(min(ys)), _kept(max(ys)), tuple(_kept(x) for x in xs), run.confidence)


def _spot(x: float, y: float, page: PageContent) -> tuple[float, float]:
    """A place of the upright page on the picture, both in ten-thousandths; the page was turned about its middle."""
    angle = radians(page.turned)
    right, down = (x / SCALE - 0.5) * page.width, (y / SCALE - 0.5) * page.height
    sideways = round(page.turned / 90) % 2
    width, height = (page.height, page.width) if sideways else (page.width, page.height)
    back = (right * cos(angle) - down * sin(angle), right * sin(angle) + down * cos(angle))
    return ((back[0] / width + 0.5) * SCALE, (back[1] / height + 0.5) * SCALE)


def _kept(share: float) -> int:
    return max(0, min(SCALE, round(share)))

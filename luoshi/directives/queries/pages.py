"""The pages of an original that can be shown, and what on them was recognised."""

from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.directives.models import Directive, Proposal, SourcePage
from luoshi.directives.queries.review import list_marks
from luoshi.directives.rules.places import Box, find_boxes, pages_between

PAGED = frozenset({"pdf", "ofd", "scan"})
PICTURE_POLICY = "default-src 'none'; img-src data:; sandbox"  # a drawn page is shown and may do nothing


def list_doubtful(directive: Directive) -> list[tuple[int, int]]:
    """The ranges of the text that character recognition read."""
    pages = SourcePage.objects.filter(directive=directive).values_list("runs", flat=True)
    return sorted((run[0], run[1]) for runs in pages for run in runs if run[5] is not None)


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page of the original with the boxes of the proposals' words on it."""

    number: int
    width: float
    height: float
    boxes: list[Box]


def list_shown_pages(directive: Directive, *, span: tuple[int, int], proposals: Sequence[Proposal]) -> list[ShownPage]:
    """The pages of the original on which a stretch of the text stands, in order."""
    between = pages_between(directive.sources, *span)
    pages = SourcePage.objects.filter(directive=directive)
    if between:
        pages = pages.filter(number__range=between)
    marks = [m for p in proposals for m in list_marks(p)]
    return [ShownPage(p.number, p.width, p.height, find_boxes(p.runs, marks)) for p in pages.order_by("number")]


def has_pages(directive: Directive) -> bool:
    """Can the original be shown page by page?"""
    return bool(directive.file) and directive.paper_kind in PAGED

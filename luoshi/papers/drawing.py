"""Draws a page of a paper as people see it, for the review beside its words."""

from luoshi.papers.facts import Limits
from luoshi.papers.kinds import kind_in
from luoshi.papers.refusals import UnreadablePaper

DRAWN = frozenset({"pdf", "ofd", "scan"})


def draw_page(data: bytes, *, name: str, number: int, limits: Limits) -> tuple[bytes, str]:
    """The picture of a page and its content type. Raises UnreadablePaper for what has no pages or not this one."""
    kind = kind_in(data, name=name)
    if kind == "pdf":
        from luoshi.papers.pdf import page_image

        return page_image(data, number=number), "image/png"
    if kind == "ofd":
        from luoshi.papers.ofd import page_svg

        return page_svg(data, number=number), "image/svg+xml"
    if kind == "scan":
        from luoshi.papers import scan

        return scan.page_image(data, number=number, limits=limits), "image/jpeg"
    raise UnreadablePaper("unsupported")

"""Colours of OFD as SVG writes them; shadings are drawn in their first colour."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from luoshi.papers.ofd.archive import children, named
from luoshi.papers.ofd.document import Resource
from luoshi.papers.ofd.geometry import number
from luoshi.papers.ofd.objects import Style


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour and how much of what is under it shows."""

    colour: str
    opacity: float


def paint_of(style: Style, name: str, resources: Mapping[str, Resource]) -> Paint | None:
    """The colour in which an object is filled or stroked; None where the file gives none."""
    element = style.paint(name)
    if element is None:
        return None
    opacity = min(1.0, max(0.0, number(element.get("Alpha"), 255.0) / 255.0))
    shading = next((e for e in element if named(e).endswith("Shd")), None)
    if shading is not None:
        segments = [c for s in children(shading, "Segment") for c in children(s, "Color")]
        element = segments[0] if segments else element
    return Paint(_colour(element, resources), opacity)


def _colour(element: "etree._Element", resources: Mapping[str, Resource]) -> str:
    parts = [_part(word) for word in (element.get("Value") or "").split()[:4]]
    space = resources.get(element.get("ColorSpace") or "")
    kind = (space.element.get("Type") or "").upper() if space else ""
    if len(parts) == 4 or (kind == "CMYK" and len(parts) == 4):
        cyan, magenta, yellow, black = (p / 255 for p in parts)
        parts = [round(255 * (1 - ink) * (1 - black)) for ink in (cyan, magenta, yellow)]
    elif len(parts) == 1:
        parts = parts * 3
    return f"rgb({parts[0]},{parts[1]},{parts[2]})" if len(parts) == 3 else "#000"


def _part(word: str) -> int:
    if word.startswith("#"):
        try:
            return min(255, int(word[1:3] or "0", 16))
        except ValueError:
            return 0
    return round(min(255.0, max(0.0, number(word))))

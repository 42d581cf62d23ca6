"""Walks what a page draws: text, paths and pictures in drawing order, each with its transformation to millimetres."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from luoshi.papers.ofd.archive import child, named
from luoshi.papers.ofd.document import Resource
from luoshi.papers.ofd.geometry import Matrix, box, matrix, moved, number
from luoshi.papers.refusals import UnreadablePaper

DEPTH = 20
LEAVES = {"TextObject", "PathObject", "ImageObject"}
GROUPS = {"Layer", "PageBlock", "Content"}


@dataclass(frozen=True, slots=True)
class Style:
    """The drawing parameters that reach an object from its layer, group or unit, nearest first."""

    sources: "tuple[etree._Element, ...]" = ()

    def value(self, name: str) -> str | None:
        """The nearest value of an attribute."""
        return next((found for e in self.sources if (found := e.get(name)) is not None), None)

    def paint(self, name: str) -> "etree._Element | None":
        """The nearest colour: FillColor or StrokeColor."""
        return next((found for e in self.sources if (found := child(e, name)) is not None), None)


@dataclass(frozen=True, slots=True)
class Placed:
    """A drawn object: `matrix` takes its own coordinates to the page in millimetres."""

    kind: str  # text, path, image
    element: "etree._Element"
    matrix: Matrix
    frame: Matrix  # takes the coordinates of its boundary to the page
    style: Style
    opacity: float
    visible: bool


@dataclass
class Budget:
    """How many objects may still be drawn, and how many of them within units: units that contain units multiply."""

    left: int
    within: int = 60_000

    def spend(self, *, within: bool) -> None:
        """Count one object."""
        self.left -= 1
        self.within -= within
        if self.left < 0 or self.within < 0:
            raise UnreadablePaper("expands_too_far")

    @property
    def is_spent(self) -> bool:
        """Whether it was too much."""
        return self.left < 0 or self.within < 0


@dataclass
class Walk:
    """One walk over the objects of a page."""

    resources: Mapping[str, Resource]
    budget: Budget
    open_units: list[str] = field(default_factory=list)

    def objects(self, container: "etree._Element | None", outer: Matrix) -> Iterator[Placed]:
        """The objects that a content, layer, appearance or block draws."""
        if container is not None:
            yield from self._in(container, _Around(outer), 0)

    def _in(self, container: "etree._Element", around: "_Around", depth: int) -> Iterator[Placed]:
        if depth > DEPTH:
            return
        around = self._styled(container, around)
        for element in container:
            name = named(element)
            if name in GROUPS:
                self.budget.spend(within=bool(self.open_units))
                yield from self._in(element, around, depth + 1)
            elif name in LEAVES:
                self.budget.spend(within=bool(self.open_units))
                yield self._placed(element, around)
            elif name == "CompositeObject":
                self.budget.spend(within=bool(self.open_units))
                yield from self._unit(element, around, depth)

    def _unit(self, element: "etree._Element", around: "_Around", depth: int) -> Iterator[Placed]:
        id = element.get("ResourceID") or ""
        unit = self.resources.get(id)
        if unit is None or id in self.open_units:
            return
        placed = self._placed(element, around)
        self.open_units.append(id)
        inner = _Around(placed.matrix, placed.style, placed.opacity, placed.visible)
        for content in (e for e in unit.element if named(e) == "Content"):
            yield from self._in(content, inner, depth + 1)
        self.open_units.pop()

    def _placed(self, element: "etree._Element", around: "_Around") -> Placed:
        left, top, _, _ = box(element.get("Boundary"))
        frame = moved(left, top).then(around.matrix)
        inner = self._styled(element, around)
        return Placed(
            named(element)[: -len("Object")].lower(),
            element,
            matrix(element.get("CTM")).then(frame),
            frame,
            inner.style,
            inner.opacity,
            inner.visible,
        )

    def _styled(self, element: "etree._Element", around: "_Around") -> "_Around":
        parameters = tuple(self._parameters(element.get("DrawParam")))
        # A container's own children are what it draws, not how: looking through them for each object would not end.
        own = (element, *parameters) if named(element) in LEAVES else parameters
        return _Around(
            around.matrix,
            Style((own + around.style.sources)[:DEPTH]),
            around.opacity * opacity_of(element),
            around.visible and element.get("Visible", "true").strip().lower() not in ("false", "0"),
        )

    def _parameters(self, id: str | None) -> "Iterator[etree._Element]":
        seen: set[str] = set()
        while id and id not in seen and id in self.resources and len(seen) < DEPTH:
            seen.add(id)
            yield self.resources[id].element
            id = self.resources[id].element.get("Relative")


@dataclass(frozen=True, slots=True)
class _Around:
    matrix: Matrix
    style: Style = Style()
    opacity: float = 1.0
    visible: bool = True


def opacity_of(element: "etree._Element") -> float:
    """An object's own opacity, 0 to 1."""
    return min(1.0, max(0.0, number(element.get("Alpha"), 255.0) / 255.0))

"""Paints outlines black on white, so that they can be recognised as a scan is."""

from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops, ImageDraw

from luoshi.papers.ofd.geometry import POINTS, Box, Matrix
from luoshi.papers.ofd.paths import Step

Contour = list[tuple[float, float]]


class Canvas:
    """A white window on a page, its box in points, on which shapes are painted black."""

    def __init__(self, window: Box, *, dots: float, finer: int, most: int) -> None:
        self.left, self.top, self.width, self.height = window
        self.finer = finer
        self.scale = finer * dots / 72
        self.scale *= min(1.0, (most / max(1.0, self.width * self.height * self.scale * self.scale)) ** 0.5)
        size = (max(1, int(self.width * self.scale)), max(1, int(self.height * self.scale)))
        self._image = Image.new("L", size, 255)

    @property
    def image(self) -> Image.Image:
        """The window, its edges softened where it was painted finer."""
        return self._image.reduce(self.finer) if self.finer > 1 else self._image

    def paint(self, steps: Sequence[Step], matrix: Matrix) -> None:
        """Fill a shape; what lies in two of its contours is a hole."""
        contours = [[self._pixel(*matrix.at(*corner)) for corner in c] for c in flat(steps) if len(c) > 2]
        xs, ys = [x for c in contours for x, _ in c], [y for c in contours for _, y in c]
        if not xs:
            return
        left, top = max(0, int(min(xs))), max(0, int(min(ys)))
        right, bottom = min(self._image.width, int(max(xs)) + 2), min(self._image.height, int(max(ys)) + 2)
        if right <= left or bottom <= top:
            return
        mask = Image.new("1", (right - left, bottom - top))
        for contour in contours:
            part = Image.new("1", mask.size)
            ImageDraw.Draw(part).polygon([(x - left, y - top) for x, y in contour], fill=1)
            mask = ImageChops.logical_xor(mask, part)
        self._image.paste(0, (left, top), mask)

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        return (x * POINTS - self.left) * self.scale, (y * POINTS - self.top) * self.scale


def flat(steps: Sequence[Step]) -> Iterator[Contour]:
    """The contours of a path as corners; curves in a few straight pieces."""
    contour: Contour = []
    for step in steps:
        v = step.values
        if step.command in "MC":
            yield contour
            contour = [(v[0], v[1])] if v else contour[:1]
        elif step.command in "LA" or not contour:
            contour.append((v[-2], v[-1]))
        else:
            contour.extend(_curve(contour[-1], v))
    yield contour


def _curve(start: tuple[float, float], values: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """Points of a curve with one or two handles."""
    points = [start, *zip(values[::2], values[1::2], strict=True)]
    weights = (1, 2, 1) if len(points) == 3 else (1, 3, 3, 1)
    last = len(points) - 1
    for part in range(1, 7):
        t = part / 6
        shares = [w * t**i * (1 - t) ** (last - i) for i, w in enumerate(weights)]
        yield (
            sum(s * p[0] for s, p in zip(shares, points, strict=True)),
            sum(s * p[1] for s, p in zip(shares, points, strict=True)),
        )

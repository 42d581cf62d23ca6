"""Draws a page of an OFD paper as a standalone SVG: no scripts, nothing fetched, to be shown as an image."""

import base64
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from luoshi.papers.facts import Limits
from luoshi.papers.ofd.archive import child, children
from luoshi.papers.ofd.colours import Paint, paint_of
from luoshi.papers.ofd.document import Opened, Page, PageRef
from luoshi.papers.ofd.fonts import Fonts
from luoshi.papers.ofd.geometry import Matrix, box, matrix, moved, number
from luoshi.papers.ofd.objects import Budget, Placed, Style, Walk
from luoshi.papers.ofd.paths import Step, is_filled, is_stroked, steps_of
from luoshi.papers.ofd.pictures import media_of, picture_of
from luoshi.papers.ofd.reading import origin
from luoshi.papers.ofd.text import Script, Sign, is_private, script_of
from luoshi.papers.refusals import UnreadablePaper

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
SERIF = "FangSong, STFangsong, FangSong_GB2312, SimSun, 'Noto Serif CJK SC', 'Source Han Serif SC', serif"
SANS = "SimHei, 'Microsoft YaHei', 'PingFang SC', 'Noto Sans CJK SC', sans-serif"
NAME = re.compile(r"[^\w \-.]")
MAX_OBJECTS = 20_000
MAX_STEPS = 400_000
MAX_CHARACTERS = 60_000
MAX_PICTURE, MAX_PICTURES = 3_000_000, 12_000_000
WIDEST = 1_600  # pixels of a picture that is drawn anew
HAIRLINE = 0.1
LINE_WIDTH = 0.353
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def page_svg(data: bytes, *, number: int, limits: Limits | None = None) -> bytes:
    """A page, counted from 1, as an SVG file. Raises UnreadablePaper, also where there is no such page."""
    opened = Opened(data, limits=limits or Limits())
    if not 1 <= number <= len(opened.pages):
        raise UnreadablePaper("broken")
    return Drawing(opened, opened.pages[number - 1]).svg()


@dataclass
class Room:
    """What may still go into a picture of a page."""

    characters: int = MAX_CHARACTERS
    steps: int = MAX_STEPS
    pictures: int = MAX_PICTURES
    budget: Budget = field(default_factory=lambda: Budget(MAX_OBJECTS))


class Drawing:
    """One page being drawn."""

    def __init__(self, opened: Opened, ref: PageRef) -> None:
        self.opened = opened
        self.page: Page = opened.page(ref)
        self.room = Room()
        self.clips = 0
        self.fonts = Fonts(opened)
        self.shapes: dict[tuple[str, int, str], str] = {}
        width, height = self.page.area[2], self.page.area[3]
        self.root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG, "xlink": "http://www.w3.org/1999/xlink"})
        self.root.set("version", "1.1")
        self.root.set("width", f"{_short(width)}mm")
        self.root.set("height", f"{_short(height)}mm")
        self.root.set("viewBox", f"0 0 {_short(width)} {_short(height)}")
        self.kept = self._add(self.root, "defs")
        self._add(self.root, "rect", width=_short(width), height=_short(height), fill="#fff")

    def svg(self) -> bytes:
        """The file: templates below, the page, templates above, annotations on top."""
        try:
            for container, outer in self._sheets():
                for placed in Walk(self.page.resources, self.room.budget).objects(container, outer):
                    if placed.visible and placed.opacity > 0:
                        self._draw(placed)
        except UnreadablePaper:  # so much that the rest is left out
            if not self.room.budget.is_spent:
                raise
        written: bytes = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")
        return written

    def _sheets(self) -> "Iterator[tuple[etree._Element | None, Matrix]]":
        outer = origin(self.page)
        above = [part for part, order in self.page.templates if order == "Foreground"]
        yield from ((self.opened.template(part), outer) for part, order in self.page.templates if order != "Foreground")
        yield self.page.content, outer
        yield from ((self.opened.template(part), outer) for part in above)
        for appearance in self.opened.appearances(self.page.ref):
            left, top, _, _ = box(appearance.get("Boundary"))
            yield appearance, moved(left, top).then(outer)

    def _draw(self, placed: Placed) -> None:
        drawn = {"text": self._text, "path": self._path, "image": self._image}[placed.kind](placed)
        if drawn is None:
            return
        if placed.opacity < 1:
            drawn.set("opacity", _short(placed.opacity))
        self._clipped(placed).append(drawn)

    # Text

    def _text(self, placed: Placed) -> "etree._Element | None":
        script = script_of(placed, most=self.room.characters)
        signs = [s for s in script.signs if not UNFIT.match(s.char)]
        if not signs or not script.is_painted or script.size <= 0:
            return None
        if any(is_private(s.char) for s in signs):
            return self._outlined(script, signs, placed)
        drawn = self._written(script, signs)
        self._dress(drawn, placed)
        return drawn

    def _outlined(self, script: Script, signs: list[Sign], placed: Placed) -> "etree._Element":
        """Letters whose codes mean something in their own font only are drawn as that font draws them."""
        group = etree.Element(f"{{{SVG}}}g")
        left: list[Sign] = []
        for sign in signs:
            shape = self._shape(script, sign)
            if shape:
                size = script.size
                at = Matrix(a=size * script.stretch, d=size, e=sign.x, f=sign.y).then(script.matrix)
                etree.SubElement(group, f"{{{SVG}}}use", {LINK: f"#{shape}", "transform": _matrix(at)})
            else:
                left.append(sign)
        self.room.characters -= len(signs) - len(left)
        _paint(group, "fill", paint_of(placed.style, "FillColor", self.page.resources), "#000")
        if left:
            written = self._written(script, left)
            self._dress(written, placed)
            group.append(written)
        return group

    def _shape(self, script: Script, sign: Sign) -> str:
        """The name under which a letter's outline is kept in the picture; empty where there is none."""
        key = (script.font, sign.glyph, sign.char)
        if key not in self.shapes:
            steps = self.fonts.outline(self.page, script, sign)[: max(0, self.room.steps)]
            self.room.steps -= len(steps)
            self.shapes[key] = f"g{len(self.shapes)}" if steps else ""
            if steps:
                self._add(self.kept, "path", id=self.shapes[key], d=_commands(steps))
        return self.shapes[key]

    def _written(self, script: Script, signs: list[Sign]) -> "etree._Element":
        self.room.characters -= len(signs)
        drawn = etree.Element(f"{{{SVG}}}text")
        stretched = Matrix(a=script.stretch).then(script.matrix)
        drawn.set("transform", _matrix(stretched))
        drawn.set("x", " ".join(_short(s.x / script.stretch) for s in signs))
        drawn.set("y", " ".join(_short(s.y) for s in signs) if len({s.y for s in signs}) > 1 else _short(signs[0].y))
        drawn.set("font-size", _short(script.size))
        drawn.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        if script.turn:
            drawn.set("rotate", " ".join([str(script.turn)] * len(signs)))
        drawn.text = "".join(s.char for s in signs)
        return drawn

    def _dress(self, drawn: "etree._Element", placed: Placed) -> None:
        element = placed.element
        font = self.page.resources.get(element.get("Font") or "")
        name = NAME.sub("", (font.element.get("FontName") or "") if font else "")[:60].strip()
        rest = SANS if any(n in name for n in ("黑", "Hei", "Arial", "Sans")) else SERIF
        drawn.set("font-family", f"'{name}', {rest}" if name else rest)
        is_bold = font is not None and (font.element.get("Bold") or "").lower() == "true"
        if is_bold or number(element.get("Weight"), 400) >= 600:
            drawn.set("font-weight", "bold")
        if (element.get("Italic") or "").lower() == "true":
            drawn.set("font-style", "italic")
        filled = (element.get("Fill") or "true").lower() not in ("false", "0")
        self._fill(drawn, placed, "#000" if filled else None, filled=filled)
        if (element.get("Stroke") or "false").lower() in ("true", "1"):
            self._stroke(drawn, placed)

    # Paths

    def _path(self, placed: Placed) -> "etree._Element | None":
        filled, stroked = is_filled(placed), is_stroked(placed)
        data = self._data(placed)
        if not data or not (filled or stroked):
            return None
        drawn = etree.Element(f"{{{SVG}}}path", d=data, transform=_matrix(placed.matrix))
        self._fill(drawn, placed, None, filled=filled)
        if (placed.element.get("Rule") or "").lower().startswith("even"):
            drawn.set("fill-rule", "evenodd")
        if stroked:
            self._stroke(drawn, placed)
        return drawn

    def _data(self, placed: Placed) -> str:
        steps = steps_of(placed)[: max(0, self.room.steps)]
        self.room.steps -= len(steps)
        return _commands(steps) if steps and steps[0].command == "M" else ""

    def _fill(self, drawn: "etree._Element", placed: Placed, default: str | None, *, filled: bool) -> None:
        paint = paint_of(placed.style, "FillColor", self.page.resources) if filled else None
        _paint(drawn, "fill", paint, default)

    def _stroke(self, drawn: "etree._Element", placed: Placed) -> None:
        style = placed.style
        _paint(drawn, "stroke", paint_of(style, "StrokeColor", self.page.resources), "#000")
        drawn.set("stroke-width", _short(max(HAIRLINE / (placed.matrix.rise or 1), _width(style))))
        for attribute, name in (("Cap", "stroke-linecap"), ("Join", "stroke-linejoin")):
            value = (style.value(attribute) or "").lower()
            if value in ("round", "square", "bevel"):
                drawn.set(name, value)
        dashes = [number(w) for w in (style.value("DashPattern") or "").split()[:20]]
        if any(d > 0 for d in dashes):
            drawn.set("stroke-dasharray", " ".join(_short(abs(d)) for d in dashes))

    # Pictures

    def _image(self, placed: Placed) -> "etree._Element | None":
        uri = self._uri(media_of(self.opened, self.page, placed.element.get("ResourceID")))
        if not uri:
            return None
        drawn = etree.Element(f"{{{SVG}}}image", width="1", height="1", preserveAspectRatio="none")
        drawn.set("transform", _matrix(placed.matrix))
        drawn.set(LINK, uri)
        return drawn

    def _uri(self, data: bytes) -> str:
        picture = picture_of(data, self.opened.limits.max_pixels)
        if picture is None:
            return ""
        kind = "png" if data.startswith(b"\x89PNG") else "jpeg" if data.startswith(b"\xff\xd8\xff") else ""
        if not kind or len(data) > MAX_PICTURE:
            saved = io.BytesIO()
            picture.thumbnail((WIDEST, WIDEST))
            picture.save(saved, "PNG")
            data, kind = saved.getvalue(), "png"
        self.room.pictures -= len(data)
        return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}" if self.room.pictures >= 0 else ""

    # Clips

    def _clipped(self, placed: Placed) -> "etree._Element":
        """The group in which an object is cut to its clips; the page itself where it has none."""
        group = self.root
        clips = child(placed.element, "Clips")
        is_carried = clips is not None and (clips.get("TransFlag") or "true").lower() != "false"
        for clip in children(clips, "Clip")[:5]:
            drawn = (self._area(placed, area, is_carried=is_carried) for area in children(clip, "Area")[:50])
            areas = [area for area in drawn if area is not None]
            if areas:
                self.clips += 1
                cut = self._add(group, "clipPath", id=f"c{self.clips}")
                cut.extend(areas)
                group = self._add(group, "g")
                group.set("clip-path", f"url(#c{self.clips})")
        return group

    def _area(self, placed: Placed, area: "etree._Element", *, is_carried: bool) -> "etree._Element | None":
        path = child(area, "Path")
        if path is None:
            return None
        left, top, _, _ = box(path.get("Boundary"))
        outer = matrix(area.get("CTM")).then(placed.matrix if is_carried else placed.frame)
        at = matrix(path.get("CTM")).then(moved(left, top)).then(outer)
        data = self._data(replace(placed, element=path))
        return etree.Element(f"{{{SVG}}}path", d=data, transform=_matrix(at)) if data else None

    def _add(self, parent: "etree._Element", name: str, **attributes: str) -> "etree._Element":
        return etree.SubElement(parent, f"{{{SVG}}}{name}", attributes)


_COMMANDS = {"M": "M", "L": "L", "Q": "Q", "B": "C", "A": "A", "C": "Z"}


def _commands(steps: Sequence[Step]) -> str:
    return " ".join(
        _COMMANDS[s.command] + " ".join(_flag(s.command, i, v) for i, v in enumerate(s.values)) for s in steps
    )


def _flag(command: str, index: int, value: float) -> str:
    """A number of a path; the fourth and fifth of an arc are flags."""
    return ("1" if value else "0") if command == "A" and index in (3, 4) else _short(value)


def _width(style: Style) -> float:
    return abs(number(style.value("LineWidth"), LINE_WIDTH))


def _paint(drawn: "etree._Element", name: str, paint: Paint | None, default: str | None) -> None:
    drawn.set(name, paint.colour if paint else default or "none")
    if paint and paint.opacity < 1:
        drawn.set(f"{name}-opacity", _short(paint.opacity))


def _matrix(m: Matrix) -> str:
    return f"matrix({' '.join(_short(v, 6) for v in (m.a, m.b, m.c, m.d, m.e, m.f))})"


def _short(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"

"""The outlines of an embedded TrueType font: for letters whose codes mean something in their own font only."""

import struct
from collections.abc import Iterator, Sequence

from luoshi.papers.ofd.geometry import Matrix
from luoshi.papers.ofd.paths import Step

SIMPLE = (b"\x00\x01\x00\x00", b"true")
MAX_POINTS = 4_000
MAX_PARTS = 24
MAX_CODES = 80_000
DEPTH = 4

Point = tuple[float, float, bool]  # x, y, whether the outline passes through it


class Outlines:
    """Reads glyphs of a font by number or by code; what is broken or of another kind has no outline."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tables: dict[bytes, tuple[int, int]] = {}
        self.codes: dict[int, int] = {}
        self.known: dict[int, tuple[Step, ...]] = {}
        self.em, self.is_long, self.count = 1000, False, 0
        try:
            self._open()
        except (struct.error, IndexError, ValueError):
            self.tables, self.codes = {}, {}

    def _open(self) -> None:
        if self.data[:4] not in SIMPLE:
            return
        for at in range(12, 12 + 16 * min(64, struct.unpack_from(">H", self.data, 4)[0]), 16):
            tag, _, start, length = struct.unpack_from(">4sIII", self.data, at)
            self.tables[tag] = (start, length)
        head, _ = self.tables.get(b"head", (len(self.data), 0))
        self.em = struct.unpack_from(">H", self.data, head + 18)[0] or 1000
        self.is_long = struct.unpack_from(">h", self.data, head + 50)[0] == 1
        self.count = self.tables.get(b"loca", (0, 0))[1] // (4 if self.is_long else 2) - 1
        if b"cmap" in self.tables:
            self.codes = self._codes(self.tables[b"cmap"][0])

    def _codes(self, start: int) -> dict[int, int]:
        count = struct.unpack_from(">H", self.data, start + 2)[0]
        found: dict[int, int] = {}
        for at in range(start + 4, start + 4 + 8 * min(20, count), 8):
            platform, _, offset = struct.unpack_from(">HHI", self.data, at)
            kind = struct.unpack_from(">H", self.data, start + offset)[0]
            if platform in (0, 3) and kind == 4:
                found.update(self._short_codes(start + offset))
            elif platform in (0, 3) and kind == 12:
                found.update(self._long_codes(start + offset))
        return found

    def _short_codes(self, at: int) -> Iterator[tuple[int, int]]:
        count = struct.unpack_from(">H", self.data, at + 6)[0] // 2
        ends, starts, shifts, offsets = (
            struct.unpack_from(f">{count}H", self.data, at + 14 + skip * 2 * count + (2 if skip else 0))
            for skip in range(4)
        )
        base = at + 16 + 6 * count
        for i in range(count):
            for code in range(starts[i], min(ends[i], 0xFFFE) + 1):
                glyph = code
                if offsets[i]:
                    place = base + 2 * i + offsets[i] + 2 * (code - starts[i])
                    glyph = struct.unpack_from(">H", self.data, place)[0] if place + 2 <= len(self.data) else 0
                    if not glyph:
                        continue
                yield code, (glyph + shifts[i]) & 0xFFFF

    def _long_codes(self, at: int) -> Iterator[tuple[int, int]]:
        left = MAX_CODES
        for group in range(min(20_000, struct.unpack_from(">I", self.data, at + 12)[0])):
            first, last, glyph = struct.unpack_from(">III", self.data, at + 16 + 12 * group)
            for step in range(min(left, max(0, last - first + 1))):
                yield first + step, glyph + step
            left -= max(0, last - first + 1)
            if left <= 0:
                return

    def glyph_of(self, char: str) -> int:
        """The number of a character's glyph; 0 where the font has none."""
        return self.codes.get(ord(char), 0)

    def outline(self, glyph: int) -> tuple[Step, ...]:
        """A glyph's contours in sizes of the font, y downwards; empty where there is none."""
        if glyph not in self.known:
            try:
                contours = self.contours(glyph)
            except (struct.error, IndexError, ValueError):
                contours = []
            sized = ([(x / self.em, -y / self.em, on) for x, y, on in contour] for contour in contours)
            self.known[glyph] = tuple(step for contour in sized for step in _steps(contour))
        return self.known[glyph]

    def contours(self, glyph: int, depth: int = 0) -> list[list[Point]]:
        """A glyph's contours in units of the font."""
        if b"glyf" not in self.tables or not 0 <= glyph < self.count or depth > DEPTH:
            return []
        loca, glyf = self.tables[b"loca"][0], self.tables[b"glyf"][0]
        if self.is_long:
            start, end = struct.unpack_from(">II", self.data, loca + 4 * glyph)
        else:
            start, end = (2 * v for v in struct.unpack_from(">HH", self.data, loca + 2 * glyph))
        if end <= start:
            return []
        at = glyf + start
        number = struct.unpack_from(">h", self.data, at)[0]
        return self._simple(at + 10, number) if number >= 0 else self._composed(at + 10, depth)

    def _simple(self, at: int, number: int) -> list[list[Point]]:
        ends = struct.unpack_from(f">{number}H", self.data, at)
        total = ends[-1] + 1 if ends else 0
        if not 0 < total <= MAX_POINTS:
            return []
        at += 2 * number
        at += 2 + struct.unpack_from(">H", self.data, at)[0]
        flags, at = self._flags(at, total)
        xs, at = self._line(at, flags, short=2, same=16)
        ys, _ = self._line(at, flags, short=4, same=32)
        points: list[Point] = [(x, y, bool(flag & 1)) for x, y, flag in zip(xs, ys, flags, strict=True)]
        starts = (0, *(end + 1 for end in ends[:-1]))
        return [points[start : end + 1] for start, end in zip(starts, ends, strict=True)]

    def _flags(self, at: int, total: int) -> tuple[list[int], int]:
        flags: list[int] = []
        while len(flags) < total:
            flag, at = self.data[at], at + 1
            flags.append(flag)
            if flag & 8:
                flags.extend([flag] * self.data[at])
                at += 1
        return flags[:total], at

    def _line(self, at: int, flags: Sequence[int], *, short: int, same: int) -> tuple[list[int], int]:
        """The coordinates along one axis, each told as the step from the one before."""
        found: list[int] = []
        value = 0
        for flag in flags:
            if flag & short:
                value += self.data[at] if flag & same else -self.data[at]
                at += 1
            elif not flag & same:
                value += struct.unpack_from(">h", self.data, at)[0]
                at += 2
            found.append(value)
        return found, at

    def _composed(self, at: int, depth: int) -> list[list[Point]]:
        found: list[list[Point]] = []
        for _ in range(MAX_PARTS):
            flags, glyph = struct.unpack_from(">HH", self.data, at)
            wide = bool(flags & 1)
            x, y = struct.unpack_from(">hh" if wide else ">bb", self.data, at + 4)
            at += 8 if wide else 6
            count = 4 if flags & 128 else 2 if flags & 64 else 1 if flags & 8 else 0
            scale = [v / 16384 for v in struct.unpack_from(f">{count}h", self.data, at)]
            at += 2 * count
            a, b, c, d = {0: (1, 0, 0, 1), 1: (*scale, 0, 0, *scale)}.get(count) or (
                (scale[0], 0, 0, scale[1]) if count == 2 else tuple(scale)
            )
            part = Matrix(a, b, c, d, x if flags & 2 else 0, y if flags & 2 else 0)
            found += [[(*part.at(px, py), on) for px, py, on in contour] for contour in self.contours(glyph, depth + 1)]
            if not flags & 32 or sum(map(len, found)) > MAX_POINTS:
                break
        return found


def _steps(points: list[Point]) -> Iterator[Step]:
    """A contour as commands: two points off the outline have one on it between them."""
    if len(points) < 2:
        return
    full: list[Point] = []
    for (x1, y1, on1), (x2, y2, on2) in zip(points, [*points[1:], points[0]], strict=True):
        full.append((x1, y1, on1))
        if not on1 and not on2:
            full.append(((x1 + x2) / 2, (y1 + y2) / 2, True))
    first = next((i for i, point in enumerate(full) if point[2]), None)
    if first is None:
        return
    full = [*full[first:], *full[: first + 1]]
    yield Step("M", full[0][:2])
    at = 1
    while at < len(full):
        x, y, on = full[at]
        if on:
            yield Step("L", (x, y))
        elif at + 1 < len(full):
            yield Step("Q", (x, y, *full[at + 1][:2]))
            at += 1
        at += 1
    yield Step("C", ())

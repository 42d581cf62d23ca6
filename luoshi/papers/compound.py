"""Opens the container of the old office formats far enough to measure a workbook before a reader makes grids of it."""

import struct
from collections.abc import Iterator

from luoshi.papers.refusals import UnreadablePaper

HEAD = 512
LAST = 0xFFFFFFFA  # numbers of sectors from here on mean: none, the end, a table
ENTRY = 128
BOOKS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})
BEGIN, MANY_NUMBERS = 0x0809, 0x00BD
CELLS = frozenset({0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x0206, 0x0406, 0x00D6, 0x00FD})
CELLS |= {MANY_NUMBERS, 0x0203, 0x0204, 0x0205, 0x027E}
NOTHING = (0xFFFF, -1)
MOST_CELLS = 4_000_000


def check_book(data: bytes) -> None:
    """Raise UnreadablePaper where the sheets of an .xls workbook span more cells than a table has."""
    try:
        for stream in _books(data):
            if sum(_areas(stream)) > MOST_CELLS:
                raise UnreadablePaper("too_large")
    except (struct.error, IndexError):
        raise UnreadablePaper("broken") from None


def _books(data: bytes) -> Iterator[bytes]:
    """Yield the streams that may be the workbook."""
    sizes, folder = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 48)[0]
    if not 7 <= sizes <= 16:
        raise UnreadablePaper("broken")
    sector = 1 << sizes
    following = _following(data, sector)
    entries = _chained(data, folder, following, sector)
    for at in range(0, len(entries) - ENTRY + 1, ENTRY):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + min(max(length - 2, 0), 64)].decode("utf-16-le", "ignore")
        if name in BOOKS:
            yield _chained(data, struct.unpack_from("<I", entries, at + 116)[0], following, sector)


def _following(data: bytes, sector: int) -> list[int]:
    """Return for each sector the one after it."""
    tables = [n for n in struct.unpack_from("<109I", data, 76) if n < LAST]
    more, each = struct.unpack_from("<I", data, 68)[0], sector // 4
    while more < LAST and len(tables) * sector < len(data):
        numbers = struct.unpack_from(f"<{each}I", data, (more + 1) * sector)
        tables += [n for n in numbers[:-1] if n < LAST]
        more = numbers[-1]
    found: list[int] = []
    for table in tables[: len(data) // sector + 1]:
        found += struct.unpack_from(f"<{each}I", data, (table + 1) * sector)
    return found


def _chained(data: bytes, first: int, following: list[int], sector: int) -> bytes:
    parts: list[bytes] = []
    while first < LAST and len(parts) * sector <= len(data):
        parts.append(data[(first + 1) * sector : (first + 2) * sector])
        first = following[first]
    return b"".join(parts)


def _areas(stream: bytes) -> Iterator[int]:
    """Yield for each sheet how many cells lie between its first and its last."""
    at, rows, columns = 0, NOTHING, NOTHING
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == BEGIN:
            yield _width(rows) * _width(columns)
            rows, columns = NOTHING, NOTHING
        elif kind in CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", stream, at + 4)
            last = column + (length - 6) // 6 - 1 if kind == MANY_NUMBERS else column
            rows = (min(rows[0], row), max(rows[1], row))
            columns = (min(columns[0], column), max(columns[1], last))
        at += 4 + length
    yield _width(rows) * _width(columns)


def _width(ends: tuple[int, int]) -> int:
    return max(0, ends[1] - ends[0] + 1)

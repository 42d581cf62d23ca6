"""Small workbooks in the old binary format (.xls), written byte by byte because nothing else here writes them."""

import struct
from collections.abc import Mapping

Cells = Mapping[tuple[int, int], str | float]
SECTOR = 512
END, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(sheets: Mapping[str, Cells], *, hidden: frozenset[str] = frozenset()) -> bytes:
    """A workbook of sheets; a cell's place is its row and column from 0."""
    parts = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0))]
    bodies = [_sheet(cells) for cells in sheets.values()]
    heads = [_name(name) for name in sheets]
    begin = len(parts[0]) + sum(10 + len(head) for head in heads) + 4
    for name, head, body in zip(sheets, heads, bodies, strict=True):
        parts.append(_record(0x0085, struct.pack("<IBB", begin, name in hidden, 0) + head))
        begin += len(body)
    stream = b"".join(parts) + _record(0x000A, b"") + b"".join(bodies)
    return compound({"Workbook": stream})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """The container of the old formats with the named streams in it, each padded past the size of a small one."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", kind=5, start=END, size=0, child=1)]
    for number, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(-(-max(len(content), 4096) // SECTOR) * SECTOR, b"\0")
        start = len(sectors)
        sectors += [padded[i : i + SECTOR] for i in range(0, len(padded), SECTOR)]
        chain += [*range(start + 1, len(sectors)), END]
        after = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, kind=2, start=start, size=len(padded), right=after))
    folder = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    folder_start = len(sectors)
    sectors += [folder[i : i + SECTOR] for i in range(0, len(folder), SECTOR)]
    chain += [*range(folder_start + 1, len(sectors)), END]
    tables = 1
    while tables * 128 < len(chain) + tables:
        tables += 1
    places = [*range(len(sectors), len(sectors) + tables), *[FREE] * (109 - tables)]
    table = struct.pack(
        f"<{tables * 128}I", *(chain + [TABLE] * tables + [FREE] * (tables * 128 - len(chain) - tables))
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, folder_start, 0, 4096, END, 0, END, 0)
    return head + struct.pack("<109I", *places) + b"".join(sectors) + table


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _name(name: str) -> bytes:
    return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")


def _sheet(cells: Cells) -> bytes:
    rows = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0))
    for (row, column), value in cells.items():
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            words = value.encode("utf-16-le")
            rows += _record(0x0204, place + struct.pack("<HB", len(value), 1) + words)
        else:
            rows += _record(0x0203, place + struct.pack("<d", value))
    return rows + _record(0x000A, b"")


def _entry(name: str, *, kind: int, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    words = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", FREE, right, child)
    return (
        words.ljust(64, b"\0")
        + struct.pack("<HBB", len(words), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )

"""Sheets that a reading process hands on, kept in a file without a name: they are read more than once, never held."""

import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any, Self

from luoshi.papers.facts import GridRow

HEAD = 60  # rows at the beginning of a sheet that are looked at before the others


class Grid:
    """A sheet: its title, whether people see it, its first rows, and where its blocks of rows lie in the file."""

    def __init__(self, file: IO[bytes], title: str, *, is_shown: bool) -> None:
        self.title, self.is_shown = title, is_shown
        self.head: list[GridRow] = []
        self._file = file
        self._blocks: list[int] = []

    def take(self, line: bytes, rows: list[Any]) -> None:
        """Keep a block of rows."""
        if len(self.head) < HEAD:
            self.head += _rows(rows[: HEAD - len(self.head)])
        self._blocks.append(self._file.seek(0, 2))
        self._file.write(line + b"\n")

    def rows(self) -> Iterator[GridRow]:
        """Every row that holds anything, in order."""
        for place in self._blocks:
            self._file.seek(place)
            yield from _rows(json.loads(self._file.readline())["rows"])


class Spool:
    """The sheets of a workbook while it is compared; the file goes with the block."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def take(self, block: dict[str, Any], line: bytes) -> None:
        """Take up rows of a sheet, or the beginning of the next one."""
        if "rows" in block:
            self.grids[-1].take(line, block["rows"])
        else:
            self.grids.append(Grid(self._file, block["title"], is_shown=block["shown"]))


def _rows(rows: list[Any]) -> list[GridRow]:
    return [
        GridRow(number, fold, {int(column): words for column, words in cells.items()}) for number, fold, cells in rows
    ]

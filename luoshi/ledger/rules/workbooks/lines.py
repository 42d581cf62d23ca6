"""The rows of a sheet: which task each is, under which row it stands, and what it held when it was exported."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from luoshi.ledger.rules.workbooks.cells import Fault
from luoshi.ledger.rules.workbooks.headings import Cells, Heading

LONG = 80  # a longer text is known again by its digest alone
DEEPEST = 12
TOP = "top"
KEYS = ("code", "id")
META = "_luoshi"  # the hidden sheet that says when a workbook left and what its headings stand for


@dataclass(frozen=True, slots=True)
class Line:
    """A row by the sheet's own number with the texts of the columns that the sheet has, by field.

    `parent` says where the row's place in the sheet puts it: `row:N`, `top`, or nothing where that cannot be told.
    """

    number: int
    texts: Mapping[str, str]
    level: int
    parent: str
    theme: str = ""
    exported: "Exported | None" = None
    task_id: int | None = None
    code: str = ""
    is_new: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def title(self) -> str:
        return " ".join(self.texts.get("title", "").split())[:300]


@dataclass(frozen=True, slots=True)
class Exported:
    """What a row held when it left: its depth, its cells by field (long ones as digests), its task and version."""

    level: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, name: str, value: str) -> bool:
        """Did the cell hold this when it was exported?"""
        return is_as(self.values.get(name, ""), value)


def is_as(was: Any, value: str) -> bool:
    """Is a value what was exported, of which a long text left only its digest?"""
    return digest(value) == was.get("d") if isinstance(was, dict) else squeezed(str(was)) == squeezed(value)


def shown(was: Any) -> str:
    """What was exported, for people; a long text only by its beginning."""
    return f"{was.get('s', '')}…" if isinstance(was, dict) else str(was)


def squeezed(text: str) -> str:
    """A text without the differences that programs make by themselves: line ends, runs of spaces, trailing dots."""
    return " ".join(text.split())


def digest(text: str) -> str:
    """Eight bytes that tell a long text from another."""
    return blake2b(squeezed(text).encode(), digest_size=8).hexdigest()


def write_exported(level: int, values: Mapping[str, str]) -> str:
    """The hidden cell of a row: what it holds as it leaves, in little room."""
    short = {name: text if len(text) <= LONG else {"d": digest(text), "s": text[:24]} for name, text in values.items()}
    kept = {name: value for name, value in short.items() if value}
    return json.dumps({"l": level, "v": kept}, ensure_ascii=False, separators=(",", ":"))


def read_exported(text: str) -> Exported | None:
    """What a hidden cell says; None where it was lost or spoilt."""
    try:
        found = json.loads(text)
        values = {str(k): v for k, v in found["v"].items() if isinstance(v, str | dict)}
        return Exported(str(found["l"]), values)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def read_lines(
    rows: Iterable[tuple[int, int, Cells]], heading: Heading, *, adopts_groups: bool, outline: bool = False
) -> Iterator[Line]:
    """The rows below the heading that hold anything in a known column, each with its place.

    `adopts_groups`: in a table without numbers, a row of one cell is the theme of those below it. `outline`: no more
    of each row than `identify` needs, of which a hundred thousand can be held.
    """
    above: dict[int, int] = {}
    theme = ""
    for number, fold, cells in rows:
        texts = {name: cells.get(column, "") for name, column in heading.places.items()}
        if not any(texts.values()):
            continue
        if not texts.get("title") and not texts.get("code") and not texts.get("id"):
            lone = [text for name, text in texts.items() if text and name not in ("level", "parent", "exported")]
            if adopts_groups and len(cells) == 1:
                theme = lone[0].strip() if lone else theme
                continue
            if len(lone) == 1 and "title" in texts:
                continue  # a footnote or a sum below the table
        level = _level(texts.get("level", ""), fold, has_column="level" in texts)
        place = _place(level, above)
        if level:
            above = {depth: row for depth, row in above.items() if depth < level} | {level: number}
        own = texts.get("theme", "").strip()
        theme = own or theme
        if outline:
            yield Line(number, {name: texts[name] for name in KEYS if texts.get(name)}, level, place)
        else:
            yield Line(number, texts, level, place, theme=theme, exported=read_exported(texts.get("exported", "")))


def _level(text: str, fold: int, *, has_column: bool) -> int:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.isascii() and plain.isdecimal() and 1 <= int(plain) <= DEEPEST:
        return int(plain)
    return fold + 1 if fold or not has_column else 0


def _place(level: int, above: Mapping[int, int]) -> str:
    if level == 1:
        return TOP
    return f"row:{above[level - 1]}" if level - 1 in above else ""


def identify(lines: Sequence[Line], *, codes: Mapping[str, int]) -> list[Line]:
    """Which task each row is: by its visible number, else by its hidden key; a key that stands twice is a copy's.

    `codes` gives the tasks of the visible numbers. A number in several rows is refused in all but the first.
    """
    numbered = Counter(line.texts.get("code", "").strip() for line in lines)
    claimed = {codes[code] for code in numbered if code in codes}
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        code = unicodedata.normalize("NFKC", line.texts.get("code", "")).strip()
        if code:
            found.append(_numbered(line, code, codes.get(code), seen))
            continue
        key = _key(line.texts.get("id", ""))
        if key is None or key in claimed:
            found.append(_made(line, is_new=True))
        else:
            claimed.add(key)
            found.append(_made(line, task_id=key))
    return found


def settle_places(lines: Sequence[Line]) -> list[Line]:
    """Name the row above by its task where it is one: only rows that become tasks are still named by their number."""
    tasks = {f"row:{line.number}": f"id:{line.task_id}" for line in lines if line.task_id is not None}
    return [replace(line, parent=tasks.get(line.parent, line.parent)) for line in lines]


def recognised(lines: Iterable[Line], known: Iterable[Line]) -> Iterator[Line]:
    """Whole rows with what their outlines were identified as, in the same order."""
    for line, found in zip(lines, known, strict=True):
        yield replace(
            line, exported=line.exported if found.task_id is not None else None, parent=found.parent,
            task_id=found.task_id, code=found.code, is_new=found.is_new, faults=found.faults,
        )  # fmt: skip


def _numbered(line: Line, code: str, task_id: int | None, seen: dict[str, int]) -> Line:
    if code in seen:
        return _made(line, code=code, faults=(Fault("code", "repeated", str(seen[code])),))
    seen[code] = line.number
    key = _key(line.texts.get("id", ""))
    if task_id is None:
        return _made(line, code=code, faults=(Fault("code", "no_task", code[:40]),))
    if key is not None and key != task_id:
        return _made(line, code=code, faults=(Fault("code", "other_row", code[:40]),))
    return _made(line, code=code, task_id=task_id)


def _key(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 17 else None


def _made(
    line: Line, *, code: str = "", task_id: int | None = None, is_new: bool = False, faults: tuple[Fault, ...] = ()
) -> Line:
    exported = line.exported if task_id is not None else None
    return replace(line, exported=exported, task_id=task_id, code=code, is_new=is_new, faults=faults)

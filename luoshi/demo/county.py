"""The demo county as plain rows: units, people, posts and the papers written for it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable

PAPERS = (
    "fengong.txt", "fengong.docx", "jiyao.txt", "jiyao19.txt", "jiyao19.ofd", "xiuding.txt", "zhenggai.txt",
    "tongzhi.txt", "tongzhi.ofd", "tongzhi.pdf", "tongzhi.png", "xinfang.csv",
)  # fmt: skip
YEAR = 2026


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    level: str
    category: str
    parent_code: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class PersonRow:
    username: str
    name: str
    title: str
    email: str


@dataclass(frozen=True, slots=True)
class PostRow:
    username: str
    unit_code: str
    role: str
    title: str
    from_date: date


@dataclass(frozen=True, slots=True)
class FigureRow:
    unit_code: str
    name: str
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class GuideRow:
    username: str
    zh: str
    en: str


def units() -> tuple[UnitRow, ...]:
    """Every unit, each after its parent; the root has an empty parent_code."""
    return tuple(
        UnitRow(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            aliases=tuple(filter(None, row["aliases"].split(";"))),
            level=row["level"],
            category=row["category"],
            parent_code=row["parent_code"],
            valid_from=date.fromisoformat(row["valid_from"]),
        )
        for row in _rows("units.csv")
    )


def people() -> tuple[PersonRow, ...]:
    """Every person with an account, the standing cast first."""
    return tuple(PersonRow(**row) for row in _rows("people.csv"))


def posts() -> tuple[PostRow, ...]:
    """Who holds which post in which unit; one person may hold several."""
    return tuple(
        PostRow(
            username=row["username"],
            unit_code=row["unit_code"],
            role=row["role"],
            title=row["title"],
            from_date=date.fromisoformat(row["from_date"]),
        )
        for row in _rows("posts.csv")
    )


def figures() -> tuple[FigureRow, ...]:
    """The townships' figures of last year; the streets in town have no farmland, and so no figure of it."""
    return tuple(FigureRow(**{**row, "value": Decimal(row["value"])}) for row in _rows("figures.csv"))  # type: ignore[arg-type]


def guide() -> tuple[GuideRow, ...]:
    """The accounts worth signing in with, and what each one is for, in two languages."""
    return tuple(GuideRow(**row) for row in _rows("guide.csv"))


def paper(name: str, *, year: int = YEAR) -> bytes:
    """The bytes of one of PAPERS, as a clerk would upload them; dated anew when the story is set in another year."""
    if year == YEAR and not name.endswith(".ofd"):
        return (_here() / "papers" / name).read_bytes()
    moved = re.sub(r"20(?:26|27)", lambda found: str(int(found.group()) - YEAR + year), _text_of(name))
    if name.endswith(".ofd"):
        from luoshi.demo.ofd import write_ofd

        return write_ofd(moved)
    if name.endswith(".docx"):
        from luoshi.demo.docx import write_docx  # slow to import, and seldom needed

        return write_docx(moved)
    return moved.encode("utf-8")


def _text_of(name: str) -> str:
    stem = name.rpartition(".")[0]
    return (_here() / "papers" / f"{stem}.txt").read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[dict[str, str]]:
    table = (_here() / "county" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(table.splitlines())


def _here() -> Traversable:
    return files("luoshi.demo")

"""A whole city as plain rows: counties with departments, townships and villages, and somebody in every post."""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from luoshi.demo.county import PersonRow, PostRow, UnitRow

SINCE = date(2020, 1, 1)
ROOT = "YZ"
CATEGORIES = ("城郊", "平原", "山区")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a city: units of each level, people, and the year's work."""

    counties: int = 12
    departments: int = 60
    townships: int = 15
    villages: int = 200
    city_units: int = 90
    people: int = 8_000
    tasks: int = 4_000
    measures: int = 20_000
    updates_a_month: int = 25_000
    months: int = 3


CITY = Size()


def words() -> dict[str, list[str]]:
    """The words names and texts are made of, by kind."""
    found: dict[str, list[str]] = defaultdict(list)
    table = (files("luoshi.demo") / "city" / "words.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        found[row["kind"]].append(row["text"])
    return found


def unit_rows(size: Size) -> list[UnitRow]:
    """Every unit, each after its parent."""
    known = words()
    rows = [_row(ROOT, "云泽市人民政府", "云泽市", "city", under="")]
    for n in range(size.city_units):
        name = _department(known["department"], n)
        rows.append(_row(f"{ROOT}-D{n + 1:03d}", f"云泽市{name}", f"市{name}", "department", under=ROOT))
    for c in range(size.counties):
        rows.extend(_county_rows(size, c, known))
    return rows


def _county_rows(size: Size, c: int, known: dict[str, list[str]]) -> Iterator[UnitRow]:
    code, name = f"C{c + 1:03d}", _county(known, c)
    yield _row(code, f"{name}人民政府", name, "county", under=ROOT)
    for d in range(size.departments):
        office = _department(known["department"], d)
        yield _row(f"{code}-D{d + 1:02d}", f"{name}{office}", f"{name[-1]}{office}", "department", under=code)
    for t in range(size.townships):
        town = _pair(known["syllable"], c * 31 + t * 7)
        yield _row(
            f"{code}-T{t + 1:02d}",
            f"{name}{town}镇人民政府",
            f"{town}镇",
            "township",
            under=code,
            category=CATEGORIES[t % 3],
        )
    for v in range(size.villages):
        village, parent = _pair(known["syllable"], c * 17 + v * 11 + 5), f"{code}-T{v % size.townships + 1:02d}"
        number = v // size.townships + 1
        yield _row(
            f"{parent}-V{number:02d}", f"{village}村（{parent}-{number:02d}）", f"{village}村", "village", under=parent
        )


def _row(code: str, name: str, short: str, level: str, *, under: str, category: str = "") -> UnitRow:
    return UnitRow(code, name, short, (), level, category, under, SINCE)


def _county(known: dict[str, list[str]], c: int) -> str:
    names = known["county"]
    return names[c] if c < len(names) else f"{_pair(known['syllable'], c)}{c + 1}县"


def _department(names: list[str], n: int) -> str:
    return names[n] if n < len(names) else f"{names[n % len(names)]}（第{n // len(names) + 1}分局）"


def _pair(syllables: list[str], n: int) -> str:
    count = len(syllables)
    return syllables[n % count] + syllables[(n // count + n * 5 + 3) % count]


def people_rows(units: list[UnitRow], *, size: Size, dice: random.Random) -> tuple[list[PersonRow], list[PostRow]]:
    """A head and a handler in every unit, leaders and supervision offices above, and more handlers up to the number."""
    known = words()
    posts = [PostRow("admin", "", "", "", SINCE)]
    for unit in units:
        posts.extend(_staff(unit))
    doing = [unit for unit in units if unit.level in {"department", "township"}]
    for n in range(max(0, size.people - len(posts))):
        unit = doing[n % len(doing)]
        posts.append(PostRow(f"{unit.code.lower()}.h{n // len(doing) + 2}", unit.code, "handler", "科员", SINCE))
    people = [PersonRow(post.username, _name(known, dice), post.title or "系统管理员", "") for post in posts]
    return people, posts[1:]


def _staff(unit: UnitRow) -> Iterator[PostRow]:
    stem = unit.code.lower()
    yield PostRow(f"{stem}.head", unit.code, "head", "主要负责人", SINCE)
    if unit.level in {"city", "county"}:
        for n in range(1, 5):
            yield PostRow(f"{stem}.sponsor{n}", unit.code, "sponsor", "分管领导", SINCE)
        for n in range(1, 4):
            yield PostRow(f"{stem}.office{n}", unit.code, "office", "督查室", SINCE)
    else:
        yield PostRow(f"{stem}.h1", unit.code, "handler", "承办人", SINCE)


def _name(known: dict[str, list[str]], dice: random.Random) -> str:
    return dice.choice(known["surname"]) + dice.choice(known["given"]) + dice.choice(known["given"])

"""Cities and forests of any size, written in bulk: `luoshi demo --scale city`, and what the benchmarks measure on."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from luoshi.core.actions import record_entry
from luoshi.demo import planting
from luoshi.demo.actions import LOADED, refuse_when_not_empty
from luoshi.demo.cityscape import CITY, ROOT, Size, people_rows, unit_rows, words
from luoshi.demo.forest import Node, Place, Sower
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.rules.states import Kind, Tier

Say = Callable[[str], object]
BRANCHES = (25, 40)
REPORTS_FROM = 0.88  # share of leaves that have reported at all
FANNED_OUT = 5  # every fifth task of the city goes on to its counties


def generate_city(*, now: datetime, size: Size = CITY, seed: int = 1, say: Say = print) -> None:
    """Write a whole city into an empty database: one transaction, one entry. Raises DatabaseNotEmpty."""
    dice = random.Random(seed)  # noqa: S311 - a steady stream, not a secret
    with transaction.atomic():
        refuse_when_not_empty()
        atlas = _Atlas(*_plant(size, dice=dice, say=say))
        reports = size.updates_a_month / size.measures / REPORTS_FROM
        sower = Sower(dice=dice, now=now, months=size.months, reports_a_month=reports)
        for n, root in enumerate(_city_roots(atlas, size=size, dice=dice, year=sower.today.year), start=1):
            sower.sow(root)
            if n % 1000 == 0:
                say(f"{n} 棵任务树 · task trees")
        _seal(sower, atlas, now=now)
    say(" · ".join(f"{name} {count}" for name, count in sower.written.items()))


def generate(*, now: datetime, tasks: int = 20_000, units: int = 1_000, seed: int = 1, say: Say = print) -> None:
    """Write `tasks` leaves as trees of 25 parts of 40 each, for about `units` units, into an empty database."""
    dice = random.Random(seed)  # noqa: S311
    trees = max(1, round(tasks / (BRANCHES[0] * BRANCHES[1])))
    with transaction.atomic():
        refuse_when_not_empty()
        atlas = _Atlas(*_plant(_size_of(units), dice=dice, say=say))
        sower = Sower(dice=dice, now=now, months=1, reports_a_month=1)
        for n in range(trees):
            sower.sow(_even_tree(atlas, n, dice=dice, year=sower.today.year))
            if n % 100 == 99:
                say(f"{n + 1} / {trees} 棵任务树 · task trees")
        _seal(sower, atlas, now=now)


def _size_of(units: int) -> Size:
    """A city of about so many units, in the proportions of the model."""
    county = 1 + CITY.departments + CITY.townships + CITY.villages
    counties = max(2, round(units / county))
    share = min(1.0, units / (counties * county))
    return replace(
        CITY,
        counties=counties,
        departments=max(2, round(CITY.departments * share)),
        townships=max(2, round(CITY.townships * share)),
        villages=max(4, round(CITY.villages * share)),
        city_units=max(2, round(CITY.city_units * min(1.0, units / 3_000))),
        people=0,
    )


class _Atlas:
    """The places of the city, by what they are asked to do."""

    def __init__(self, units: dict[str, Unit], people: dict[str, Person]) -> None:
        self.units, self.people = units, people
        self.city = self._place(units[ROOT])
        self.city_units: list[Place] = []
        self.counties: list[Place] = []
        self.doers: dict[str, list[Place]] = defaultdict(list)
        for unit in units.values():
            if unit.level == "county":
                self.counties.append(self._place(unit))
            elif unit.level == "department" and unit.code.startswith(ROOT):
                self.city_units.append(self._place(unit))
            elif unit.level in {"department", "township"}:
                self.doers[unit.code.split("-")[0]].append(self._place(unit))

    def _place(self, unit: Unit) -> Place:
        home = self.units[unit.code.split("-")[0]]
        stem = unit.code.lower()
        clerk = self.people.get(f"{stem}.h1") or self.people[f"{stem}.head"]
        return Place(unit.pk, unit.code, clerk.pk, self.people[f"{home.code.lower()}.office1"].pk, home.pk)


def _plant(size: Size, *, dice: random.Random, say: Say) -> tuple[dict[str, Unit], dict[str, Person]]:
    rows = unit_rows(size)
    units = planting.plant_units(rows)
    planting.plant_names(rows, units=units)
    people, posts = people_rows(rows, size=size, dice=dice)
    planted = planting.plant_people(people)
    planting.plant_posts(posts, units=units, people=planted)
    say(f"{len(units)} 个单位 · units, {len(planted)} 人 · people")
    return units, planted


def _city_roots(atlas: _Atlas, *, size: Size, dice: random.Random, year: int) -> Iterator[Node]:
    """The tasks of the city and of its counties, each with its measures; some pass through every county."""
    drawer = _Drawer(dice, year)
    of_city = max(1, size.tasks // 16)
    fanned = max(1, of_city // FANNED_OUT)
    of_counties = max(1, (size.tasks - of_city - fanned * size.counties) // size.counties)
    bearing = of_city - fanned + fanned * size.counties + of_counties * size.counties
    counts = _spread(size.measures, bearing)
    for n in range(of_city):
        root = drawer.draw(atlas.city, dice.sample(atlas.city_units, min(3, len(atlas.city_units))))
        if n < fanned:
            for county in atlas.counties:
                part = drawer.draw(atlas.city, [county], within=root)
                part.children = drawer.measures(part, county, atlas.doers[county.code], next(counts))
                root.children.append(part)
        else:
            root.children = drawer.measures(root, atlas.city, atlas.city_units, next(counts))
        yield root
    for county in atlas.counties:
        for _n in range(of_counties):
            root = drawer.draw(county, dice.sample(atlas.doers[county.code], 2))
            root.children = drawer.measures(root, county, atlas.doers[county.code], next(counts))
            yield root


def _spread(total: int, places: int) -> Iterator[int]:
    """`total` things over `places`, as evenly as whole numbers allow."""
    for n in range(places):
        yield total * (n + 1) // places - total * n // places


def _even_tree(atlas: _Atlas, n: int, *, dice: random.Random, year: int) -> Node:
    """One task of 25 parts of 40 each: city → county → departments and townships."""
    drawer = _Drawer(dice, year)
    root = drawer.draw(atlas.city, [atlas.city_units[n % len(atlas.city_units)]])
    for branch in range(BRANCHES[0]):
        county = atlas.counties[(n + branch) % len(atlas.counties)]
        part = drawer.draw(atlas.city, [county], within=root)
        part.children = drawer.measures(part, county, atlas.doers[county.code], BRANCHES[1])
        root.children.append(part)
    return root


class _Drawer:
    """Draws tasks: what, of which tier, from when to when."""

    def __init__(self, dice: random.Random, year: int) -> None:
        self.dice = dice
        self.first = date(year, 1, 6)
        self.titles = words()["task"]

    def draw(self, owner: Place, doers: Sequence[Place], *, within: Node | None = None) -> Node:
        start = within.start if within else self.first + timedelta(days=self.dice.randrange(0, 70))
        latest = within.due if within else date(self.first.year, 12, 31)
        least = min(120, (latest - start).days)
        due = start + timedelta(days=max(self.dice.randint(least, (latest - start).days) for _n in range(3)))
        if not within and self.dice.random() < 0.5:
            due = latest
        tier = self.dice.choices((Tier.CRITICAL, Tier.KEY, Tier.ROUTINE), (3, 27, 70))[0]
        target = self.dice.randrange(20, 500)
        title = within.title if within else f"{self.dice.choice(self.titles)}{target}处"
        return Node(title, owner, tuple(doers), start, due, target=target, tier=tier, kind=Kind.HARD_TARGET)

    def measures(self, parent: Node, owner: Place, doers: Sequence[Place], count: int) -> list[Node]:
        first = self.dice.randrange(len(doers))
        return [self._measure(parent, owner, doers[(first + n) % len(doers)]) for n in range(count)]

    def _measure(self, parent: Node, owner: Place, doer: Place) -> Node:
        node = self.draw(owner, [doer], within=parent)
        node.kind, node.tier = Kind.MEASURE, parent.tier
        return node


def _seal(sower: Sower, atlas: _Atlas, *, now: datetime) -> None:
    sower.finish()
    record_entry(
        LOADED,
        by=atlas.people[planting.ADMINISTRATOR],
        now=now,
        subject=atlas.units[ROOT],
        unit_path=atlas.units[ROOT].path or "",
        units=len(atlas.units),
        people=len(atlas.people),
        rows=dict(sower.written),
    )

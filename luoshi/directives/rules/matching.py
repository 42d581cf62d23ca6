"""Finds the unit that a written name means: official, short and elided names, aliases, abbreviations, places."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from luoshi.directives.rules.facts_units import Match, UnitFact
from luoshi.directives.rules.selectors import parse_selector, select, selector_for
from luoshi.directives.rules.units import is_selector

CANDIDATES = 5
LIKELY = 0.25
GOVERNMENT = re.compile(r"(?:人民政府|政府|办事处|村民委员会|居民委员会|村委会|居委会)$")
NAME_PLATE = re.compile(r"^(?P<outer>[^（(〔\[]+)[（(〔\[](?P<inner>[^（()）〔〕\[\]]+)[）)〕\]]$")
TEMPORARY = re.compile(
    r"领导小组|专班|指挥部|联席会议|工作组|专项组|攻坚组|筹备组|组委会|筹委会|[河林湖田路链街]长制?办|委员会办公室|安委[办会]|减灾委|创建办|攻坚办"
)
# Bureaux change their kind with the tier (部 – 厅 – 局, 委 – 局), so an abbreviation compares what comes before it.
KIND = re.compile(r"(?:委员会|办公室|分局|总局|局|委|厅|部|办|处|署|会)$")
FILLER = re.compile(r"[和与及、]|事务")
PREFIX = re.compile(r"^(?:省|市(?![场容政])|县|区(?!域)|州|旗|镇|乡(?!村))(?:委(?=[组宣统政网编办老直巡社]))?")


def normal(name: str) -> str:
    """Return a name in one form: NFKC, no white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))


@dataclass(slots=True)
class UnitIndex:
    """Units by every form of their names, and by path."""

    units: dict[int, UnitFact] = field(default_factory=dict)
    named: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    by_first: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    paths: list[str] = field(default_factory=list)
    at_path: dict[str, int] = field(default_factory=dict)

    @classmethod
    def build(cls, units: Iterable[UnitFact]) -> Self:
        """Index units once; matching then costs a few look-ups a name."""
        index = cls()
        index.units = {u.id: u for u in units}
        index.at_path = {u.path: u.id for u in index.units.values()}
        index.paths = sorted(index.at_path)
        for unit in index.units.values():
            index._add(unit)
        return index

    def _add(self, unit: UnitFact) -> None:
        forms = [("name", unit.name), ("short_name", unit.short_name)] + [("alias", a) for a in unit.aliases]
        keys = [(how, normal(name)) for how, name in forms]
        for how, key in keys:
            self._put(how, key, unit.id)
        for _how, key in keys:
            self._put("government", GOVERNMENT.sub("", key), unit.id)
            for place in self.places_of(unit):
                if key.startswith(place) and len(key) > len(place) + 1:
                    self._put("elided", key[len(place) :], unit.id)
                    self._put("elided", place[-1] + key[len(place) :], unit.id)
        if normal(unit.name).endswith("人民政府"):
            kind = GOVERNMENT.sub("", normal(unit.name))[-1:]
            self._put("government", kind + "政府", unit.id)
            self._put("government", kind + "人民政府", unit.id)
        stem = stem_of(self._bare(unit))
        if stem:
            self.by_first[stem[0]].append((stem, unit.id))

    def _put(self, how: str, key: str, unit_id: int) -> None:
        if len(key) > 1 and not any(u == unit_id for _h, u in self.named[key]):
            self.named[key].append((how, unit_id))

    def _bare(self, unit: UnitFact) -> str:
        key = normal(unit.name)
        place = next((p for p in self.places_of(unit) if key.startswith(p)), "")
        return key[len(place) :]

    def places_of(self, unit: UnitFact) -> list[str]:
        """Return the places that the governments above a unit govern (青禾县, 云泽市), the nearest first."""
        places: list[str] = []
        above = self.units.get(unit.parent_id) if unit.parent_id is not None else None
        while above and len(places) < len(unit.path) // 8:
            if GOVERNMENT.search(above.name):
                places.append(GOVERNMENT.sub("", normal(above.name)))
            above = self.units.get(above.parent_id) if above.parent_id is not None else None
        return places

    def subtree(self, path: str) -> list[UnitFact]:
        """Return the units at or below a path, parents first."""
        first = bisect_left(self.paths, path)
        last = bisect_left(self.paths, path + "\uffff") if path else len(self.paths)
        return [self.units[self.at_path[p]] for p in self.paths[first:last]]

    def government(self, path: str) -> UnitFact | None:
        """Return the government whose scope a path is: a department's is its parent's."""
        unit = self.units.get(self.at_path.get(path, -1))
        while unit and unit.level in ("department", "division", "team") and unit.parent_id in self.units:
            unit = self.units[unit.parent_id]
        return unit


def stem_of(name: str) -> str:
    """Return what an abbreviation keeps: the name without its kind and without filler."""
    return FILLER.sub("", KIND.sub("", name))


def match_name(name: str, *, index: UnitIndex, scope_path: str, prefix_hint: str = "") -> Match:
    """Return what a name means to the government at `scope_path`; `prefix_hint` is an elided 县."""
    key = normal(name)
    scope = index.government(scope_path)
    if is_selector(key) and not index.named.get(key):
        return _selected(key)
    for how, form in _forms(key, prefix_hint, scope):
        found = _named(form, index, scope, how)
        if found:
            return found
    if TEMPORARY.search(key):
        return Match(None, None, (), "temporary_body")
    short = _abbreviated(key, index, scope, prefix_hint)
    if len(short) == 1:
        return Match(short[0], None, ((short[0], 0.9),), "abbreviation")
    how = "ambiguous" if short else "unknown"
    return Match(None, None, _candidates(key, index, scope, first=short), how)


def _selected(key: str) -> Match:
    stored = selector_for(key)
    return Match(None, stored, (), "selector" if stored else "vague_selector")


def _forms(key: str, hint: str, scope: UnitFact | None) -> list[tuple[str, str]]:
    """Return the forms under which to look a name up, most faithful first."""
    plain = [("", key)]
    plate = NAME_PLATE.match(key)
    if plate:
        plain += [("dual_name", plate.group("outer")), ("dual_name", plate.group("inner"))]
    own = GOVERNMENT.sub("", normal(scope.name))[-1:] if scope else ""
    found = list(plain)
    for how, form in plain:
        bare = GOVERNMENT.sub("", form)
        found += [(how or "government", bare)] if bare != form and len(bare) > 1 else []
        if not PREFIX.match(form):
            found += [(how or "elided", prefix + form) for prefix in dict.fromkeys((hint, hint[:1], own)) if prefix]
    return found


def _named(form: str, index: UnitIndex, scope: UnitFact | None, how: str) -> Match | None:
    """Look a form up: inside the scope first, then its line of superiors and their departments, then anywhere."""
    rows = index.named.get(form)
    if not rows:
        return None
    for near in _nearness(scope):
        inside = [(kind, unit_id) for kind, unit_id in rows if near(index.units[unit_id])]
        best = _best(inside)
        if len(best) == 1:
            kind, unit_id = best[0]
            return Match(unit_id, None, ((unit_id, 1.0),), how or kind)
        if best:
            return Match(None, None, tuple((u, 0.95) for _k, u in best[:CANDIDATES]), "ambiguous")
    official = [unit_id for kind, unit_id in rows if kind == "name"]
    return Match(official[0], None, ((official[0], 1.0),), "name") if len(official) == 1 else None


def _best(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    for kind in ("name", "short_name", "alias", "government", "elided"):
        found = [row for row in rows if row[0] == kind]
        if found:
            return found
    return []


def _nearness(scope: UnitFact | None) -> list[Callable[[UnitFact], bool]]:
    """Return rings around a scope; a short name such as 县财政局 never means another county's."""
    if scope is None:
        return [lambda _unit: True]
    path = scope.path
    above = {path[:cut] for cut in range(8, len(path), 8)}
    return [
        lambda unit: unit.path.startswith(path) and len(unit.path) <= len(path) + 8,
        lambda unit: unit.path.startswith(path),
        lambda unit: unit.path in above or unit.path[:-8] in above,
    ]


def _abbreviated(key: str, index: UnitIndex, scope: UnitFact | None, hint: str) -> list[int]:
    """Return units whose name a clerk may have shortened: same first character, the rest in order (发改 – 发展改革)."""
    prefix = PREFIX.match(key)
    level = (prefix.group() if prefix else hint)[:1]
    bare = key[prefix.end() :] if prefix else key
    plate = NAME_PLATE.match(bare)
    stem = stem_of(plate.group("outer") if plate else bare)
    if len(stem) < 2:
        return []
    for near in _nearness(scope):
        rows = [(s, u) for s, u in index.by_first.get(stem[0], ()) if near(index.units[u]) and _tier(index, u, level)]
        found = [u for s, u in rows if s == stem] or [u for s, u in rows if _shortens(stem, s)]
        if found:
            return found[:CANDIDATES]
    return []


def _tier(index: UnitIndex, unit_id: int, prefix: str) -> bool:
    """Tell whether a unit belongs to the tier that a prefix names (县: right under a county)."""
    if not prefix:
        return True
    unit = index.units[unit_id]
    places = index.places_of(unit)
    return unit.level == "department" and (not places or places[0].endswith(prefix))


def _shortens(short: str, long: str) -> bool:
    """Tell whether characters of a short form stand in the long one in the same order."""
    rest = iter(long)
    return len(short) >= 2 and all(char in rest for char in short)


def _candidates(
    key: str, index: UnitIndex, scope: UnitFact | None, *, first: list[int]
) -> tuple[tuple[int, float], ...]:
    """Return up to five likely units, best first, from the scope and from its superiors' departments."""
    near = _nearness(scope)
    units = [u for u in (index.subtree(scope.path) if scope else index.units.values()) if u.id not in first]
    units += [u for u in index.units.values() if scope and near[-1](u)] if scope else []
    bare = PREFIX.sub("", key)
    scored = ((max(_alike(bare, f) for f in (u.name, u.short_name, *u.aliases) if f), u.id) for u in units)
    ranked = sorted(((s, u) for s, u in scored if s >= LIKELY), key=lambda row: (-row[0], row[1]))
    found = [(u, 0.9) for u in first] + [(u, round(s, 3)) for s, u in ranked]
    return tuple(found[:CANDIDATES])


def _alike(first: str, second: str) -> float:
    """Return the Dice coefficient of two names' character pairs."""
    a = Counter(pairwise(first))
    b = Counter(pairwise(second))
    total = sum(a.values()) + sum(b.values())
    return 2 * sum((a & b).values()) / total if total else 0.0


def expand_selector(selector: str, *, index: UnitIndex, scope_path: str) -> tuple[int, ...]:
    """Return the units that a stored selector means within a scope, in the order of the tree."""
    scope = index.government(scope_path)
    units = index.subtree(scope.path if scope else scope_path)
    return select(units, selector=parse_selector(selector), scope=scope)

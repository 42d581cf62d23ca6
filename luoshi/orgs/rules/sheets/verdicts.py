"""What each row of a table would do: create, change, nothing, or why it cannot."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from luoshi.orgs.rules.access import Access, may_administer
from luoshi.orgs.rules.sheets.cells import Fault, SheetRow
from luoshi.orgs.rules.units import MAX_DEPTH

CREATED, CHANGED, UNCHANGED, ERROR = "created", "changed", "unchanged", "error"


@dataclass(frozen=True, slots=True)
class Known:
    """What a row's key names today: its canonical values, its place, and whether the reader may change it."""

    values: Mapping[str, str]
    path: str = ""
    may: bool = True
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row would do; `changes` holds old and new of each cell that differs."""

    number: int
    state: str
    values: Mapping[str, str]
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def post_key(values: Mapping[str, str]) -> tuple[str, str, str]:
    """A post without its dates: who, where, as what."""
    return values.get("username", ""), values.get("unit_code", ""), values.get("role", "")


def decide_units(rows: Sequence[SheetRow], *, known: Mapping[str, Known], access: Access, today: str) -> list[Verdict]:
    """Units by code. A superior may stand in the tree or in the same sheet; the tree that results has no circle."""
    repeated = _repeated(row.values["code"] for row in rows)
    parents = {code: unit.values["parent_code"] for code, unit in known.items()}
    parents |= {row.values["code"]: row.values["parent_code"] for row in rows if "parent_code" in row.values}
    fresh = {row.values["code"] for row in rows if row.values["code"] not in known}
    verdicts = []
    for row in rows:
        code = row.values["code"]
        faults = [*row.faults, *_repeat_fault("code", code, repeated)]
        faults += _unit_faults(row, known=known, parents=parents, fresh=fresh, access=access)
        values = {"valid_from": today, **row.values}
        values["valid_from"] = values["valid_from"] or today
        old = known.get(code)
        if old is not None:
            values = {**row.values, "valid_from": old.values["valid_from"]}
        verdicts.append(_verdict(row, values=values, old=old, faults=faults))
    return verdicts


def _unit_faults(
    row: SheetRow, *, known: Mapping[str, Known], parents: Mapping[str, str], fresh: set[str], access: Access
) -> list[Fault]:
    code, parent = row.values["code"], row.values.get("parent_code")
    old = known.get(code)
    if old is not None and old.closed:
        return [Fault("code", "closed", code)]
    if old is not None and not old.may:
        return [Fault("code", "not_yours", code)]
    if parent is None and old is not None:
        return []
    if not parent:
        if old is not None and not old.values["parent_code"]:
            return []
        return [] if access.admin else [Fault("parent_code", "root", "")]
    if parent not in known and parent not in fresh:
        return [Fault("parent_code", "no_unit", parent)]
    if parent in known and known[parent].closed:
        return [Fault("parent_code", "closed", parent)]
    moves = old is None or old.values["parent_code"] != parent
    if moves and parent in known and not may_administer(access, known[parent].path):
        return [Fault("parent_code", "not_yours", parent)]
    return _circle_fault(code, parents)


def _circle_fault(code: str, parents: Mapping[str, str]) -> list[Fault]:
    place, steps = code, 0
    while place:
        place, steps = parents.get(place, ""), steps + 1
        if place == code:
            return [Fault("parent_code", "circle", code)]
        if steps > MAX_DEPTH:
            return [Fault("parent_code", "too_deep", code)]
    return []


def decide_people(rows: Sequence[SheetRow], *, known: Mapping[str, Known]) -> list[Verdict]:
    """People by account name; account names are compared without case."""
    repeated = _repeated(row.values["username"].lower() for row in rows)
    verdicts = []
    for row in rows:
        username = row.values["username"]
        old = known.get(username.lower())
        faults = [*row.faults, *_repeat_fault("username", username.lower(), repeated)]
        if old is not None and not old.may:
            faults.append(Fault("username", "not_yours", username))
        values = {**row.values}
        if "is_active" in values:
            values["is_active"] = values["is_active"] or "1"
        verdicts.append(_verdict(row, values=values, old=old, faults=faults))
    return verdicts


def decide_posts(
    rows: Sequence[SheetRow],
    *,
    known: Mapping[tuple[str, str, str], Sequence[Known]],
    people: Mapping[str, Known],
    units: Mapping[str, Known],
    today: str,
) -> list[Verdict]:
    """Posts by person, unit, role and first day; without the day, the one held now or a new one from today."""
    rows = [_dated(row, known=known, today=today) for row in rows]
    repeated = _repeated(_post_name(row) for row in rows)
    verdicts = []
    for row in rows:
        values, faults = row.values, list(row.faults)
        faults += _repeat_fault("username", _post_name(row), repeated)
        faults += _named(values, people=people, units=units)
        to_date = values.get("to_date", "")
        if to_date and to_date < values["from_date"]:
            faults.append(Fault("to_date", "ends_before", to_date))
        old = next((k for k in known.get(_key(values), ()) if k.values["from_date"] == values["from_date"]), None)
        others = [k for k in known.get(_key(values), ()) if k is not old]
        if any(_overlap(values["from_date"], to_date, k.values) for k in others):
            faults.append(Fault("from_date", "overlaps", values["from_date"]))
        verdicts.append(_verdict(row, values=values, old=old, faults=faults))
    return verdicts


def decide_figures(
    rows: Sequence[SheetRow], *, known: Mapping[tuple[str, str, str], Known], units: Mapping[str, Known]
) -> list[Verdict]:
    """Figures by unit, name and year; a row without a value removes the figure."""
    keys = [figure_key(row.values) for row in rows]
    repeated = _repeated("|".join(key) for key in keys)
    verdicts = []
    for row, key in zip(rows, keys, strict=True):
        faults = [*row.faults, *_repeat_fault("unit_code", "|".join(key), repeated)]
        faults += _unit_named(row.values["unit_code"], units=units)
        values = {"value": "", **row.values}
        verdict = _verdict(row, values=values, old=known.get(key), faults=faults)
        nothing = verdict.state == CREATED and not values["value"]
        verdicts.append(Verdict(row.number, UNCHANGED, values) if nothing else verdict)
    return verdicts


def figure_key(values: Mapping[str, str]) -> tuple[str, str, str]:
    """A figure without its value: of whom, what, of which year."""
    return values["unit_code"], values["name"], values["year"]


def _key(values: Mapping[str, str]) -> tuple[str, str, str]:
    username, unit, role = post_key(values)
    return username.lower(), unit, role


def _post_name(row: SheetRow) -> str:
    return "|".join((*_key(row.values), row.values["from_date"]))


def _dated(row: SheetRow, *, known: Mapping[tuple[str, str, str], Sequence[Known]], today: str) -> SheetRow:
    if row.values.get("from_date"):
        return row
    held = [k for k in known.get(_key(row.values), ()) if not k.values["to_date"] or k.values["to_date"] >= today]
    from_date = held[-1].values["from_date"] if held else today
    return SheetRow(row.number, {**row.values, "from_date": from_date}, row.faults)


def _named(values: Mapping[str, str], *, people: Mapping[str, Known], units: Mapping[str, Known]) -> list[Fault]:
    faults = []
    username, code = values["username"], values["unit_code"]
    if username and (username.lower() not in people or not people[username.lower()].may):
        faults.append(Fault("username", "no_person", username))
    return faults + _unit_named(code, units=units)


def _unit_named(code: str, *, units: Mapping[str, Known]) -> list[Fault]:
    unit = units.get(code)
    if code and unit is None:
        return [Fault("unit_code", "no_unit", code)]
    if unit is not None and unit.closed:
        return [Fault("unit_code", "closed", code)]
    return [Fault("unit_code", "not_yours", code)] if unit is not None and not unit.may else []


def _overlap(from_date: str, to_date: str, other: Mapping[str, str]) -> bool:
    """Do two spans of days share one? An empty end is open."""
    return from_date <= (other["to_date"] or "9999") and other["from_date"] <= (to_date or "9999")


def _verdict(row: SheetRow, *, values: Mapping[str, str], old: Known | None, faults: Sequence[Fault]) -> Verdict:
    if faults:
        return Verdict(row.number, ERROR, values, faults=tuple(faults))
    if old is None:
        return Verdict(row.number, CREATED, values)
    changes = {
        name: (old.values[name], value)
        for name, value in values.items()
        if name in old.values and not _same(name, old.values[name], value)
    }
    return Verdict(row.number, CHANGED if changes else UNCHANGED, values, changes)


def _same(column: str, old: str, new: str) -> bool:
    if column == "username":
        return old.lower() == new.lower()
    if column == "aliases":
        return set(old.split(";")) == set(new.split(";"))
    return (old or "0") == (new or "0") if column == "sort" else old == new


def _repeated(keys: Iterable[str]) -> set[str]:
    return {key for key, count in Counter(keys).items() if key and count > 1}


def _repeat_fault(column: str, key: str, repeated: set[str]) -> list[Fault]:
    return [Fault(column, "repeated", key.partition("|")[0])] if key in repeated else []

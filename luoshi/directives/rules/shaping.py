"""Splitting one proposed duty into several and merging two into one, on plain values."""

from collections.abc import Sequence

from luoshi.directives.rules.drafts import OPERATORS, Values, short_title

RANK = {"lead": 0, "joint": 1, "co": 2, "guide": 3, "verifier": 4}


def split_at(values: Values, *, at: int) -> list[Values]:
    """Divide a duty's words at a place; numbers and steps go with the part that states them."""
    words = values["requirement"]
    first, second = words[:at].strip(), words[at:].strip()
    if not first or not second:
        return []
    return [_part(values, first, title=values["title"]), _part(values, second, title=short_title(second))]


def _part(values: Values, words: str, *, title: str) -> Values:
    targets = [t for t in values["targets"] if not t.get("name") or t["name"] in words]
    steps = [m for m in values["milestones"] if m["name"] in words]
    standard = values["standard"] if len(targets) == len(values["targets"]) else standard_text(targets)
    parted = {"requirement": words, "targets": targets, "milestones": steps, "standard": standard}
    return {**values, "title": title, **parted}


def standard_text(targets: Sequence[Values]) -> str:
    """The standard that a proposal's numbers state."""
    return "；".join(f"{t['name']} {OPERATORS.get(t['op'], t['op'])} {t['value']}{t['unit']}" for t in targets)


def split_by_milestone(values: Values) -> list[Values]:
    """One duty per dated step, and the whole with its own date last."""
    steps = [m for m in values["milestones"] if m.get("date")]
    if not steps:
        return []
    dated = [
        {**values, "title": m["name"][:300], "due_date": m["date"], "is_open_ended": False, "review_date": None,
         "milestones": [], "targets": [], "standard": ""}
        for m in steps
    ]  # fmt: skip
    return [*dated, {**values, "milestones": []}]


def split_by_unit(values: Values) -> list[Values]:
    """One duty per unit that leads or shares it (分别负责); the others stay with every part."""
    doing = [u for u in values["units"] if u["role"] in ("lead", "joint")]
    if len(doing) < 2:
        return []
    rest = [u for u in values["units"] if u["role"] not in ("lead", "joint")]
    return [
        {**values, "title": f"{values['title']}（{unit['name']}）"[:300], "units": [{**unit, "role": "lead"}, *rest]}
        for unit in doing
    ]


def merge_values(first: Values, second: Values) -> Values:
    """One duty out of two: words and numbers together, the later date, the earlier one kept as a step."""
    due = max(filter(None, (first["due_date"], second["due_date"])), default=None)
    steps = list(first["milestones"])
    for part in (first, second):
        if part["due_date"] and part["due_date"] != due:
            steps.append({"name": part["title"], "date": part["due_date"].isoformat()})
    is_open = due is None and (first["is_open_ended"] or second["is_open_ended"])
    return {
        **first,
        "requirement": _joined(first["requirement"], second["requirement"], "\n"),
        "standard": _joined(first["standard"], second["standard"], "；"),
        "units": merge_units(first["units"], second["units"]),
        "targets": [*first["targets"], *second["targets"]],
        "milestones": sorted([*steps, *second["milestones"]], key=lambda m: m.get("date") or ""),
        "due_date": due,
        "is_open_ended": is_open,
        "review_date": (first["review_date"] or second["review_date"]) if is_open else None,
        "cadence": first["cadence"] or second["cadence"],
        "notes": list(dict.fromkeys([*first["notes"], *second["notes"]])),
    }


def merge_units(first: Sequence[Values], second: Sequence[Values]) -> list[Values]:
    """The units of both, each once, in the weightier of its roles."""
    found: dict[object, Values] = {}
    for unit in [*first, *second]:
        key = unit.get("unit") or unit["name"]
        if key not in found or RANK[unit["role"]] < RANK[found[key]["role"]]:
            found[key] = unit
    return list(found.values())


def _joined(first: str, second: str, glue: str) -> str:
    return first if second in first else glue.join(filter(None, (first, second)))

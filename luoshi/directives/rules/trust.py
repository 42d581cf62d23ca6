"""What a person's look does to the evidence of a proposal's fields."""

from collections.abc import Collection, Sequence
from typing import Any

UNIT_FIELDS = frozenset({"lead", "joint", "co", "guide", "verifier"})
EDITED = {  # which evidence an edited field of a proposal answers
    "due_date": frozenset({"due"}),
    "is_open_ended": frozenset({"due"}),
    "review_date": frozenset({"due"}),
    "cadence": frozenset({"cadence"}),
    "units": UNIT_FIELDS,
    "targets": frozenset({"target"}),
    "title": frozenset({"work"}),
    "requirement": frozenset({"work"}),
}

Row = dict[str, Any]


def checked(evidence: Sequence[Row], fields: Collection[str] | None = None) -> list[Row]:
    """The evidence after a person checked the fields (None: all) against the original: they are sure."""
    asked = {row["field"] for row in evidence} if fields is None else fields
    seen = {"sure": True, "checked": True}
    return [{**row, **seen} if not row["sure"] and row["field"] in asked else row for row in evidence]


def with_matches(evidence: Sequence[Row], units: Sequence[Row]) -> list[Row]:
    """The evidence once names were matched: a name off a scan that is a unit's very name was read right."""
    known = {unit["name"] for unit in units if unit["unit"] or unit["selector"]}
    return [
        {**row, "sure": True} if row["kind"] == "ocr" and row["field"] in UNIT_FIELDS and row["value"] in known else row
        for row in evidence
    ]


def after_edit(evidence: Sequence[Row], edited: Collection[str]) -> list[Row]:
    """The evidence after a person wrote these fields of a proposal."""
    fields = frozenset[str]().union(*(EDITED.get(name, frozenset()) for name in edited))
    return checked(evidence, fields)


def all_sure(evidence: Sequence[Row]) -> bool:
    """Is every field sure, by its words or because a person checked it?"""
    return bool(evidence) and all(row["sure"] for row in evidence)


def doubts(evidence: Sequence[Row]) -> list[Row]:
    """The fields that a person should look at."""
    return [row for row in evidence if not row["sure"]]

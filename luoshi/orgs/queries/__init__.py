"""Reading units, people and posts; the access a person has today."""

from luoshi.orgs.queries.access import get_access
from luoshi.orgs.queries.people import (
    digest_of,
    get_person_for,
    get_token,
    is_use_recent,
    list_people,
    list_people_in,
    list_posts_in,
    list_posts_of,
    may_administer_person,
)
from luoshi.orgs.queries.units import (
    UnitRow,
    UnknownUnit,
    get_unit_for,
    list_ancestors,
    list_children,
    list_names,
    list_roots,
    list_successions,
    list_unit_facts,
    list_units,
    parse_unit,
    with_counts,
)

__all__ = [
    "UnitRow",
    "UnknownUnit",
    "digest_of",
    "get_access",
    "get_person_for",
    "get_token",
    "get_unit_for",
    "is_use_recent",
    "list_ancestors",
    "list_children",
    "list_names",
    "list_people",
    "list_people_in",
    "list_posts_in",
    "list_posts_of",
    "list_roots",
    "list_successions",
    "list_unit_facts",
    "list_units",
    "may_administer_person",
    "parse_unit",
    "with_counts",
]

"""Units, posts and the access they give; tables of them row by row. Pure rules."""

from luoshi.orgs.rules.access import (
    PATH_STEP,
    TENANT_LEVELS,
    Access,
    Level,
    Role,
    Seat,
    administers_any,
    ancestor_paths,
    may_administer,
    may_change_account,
    path_of,
    path_range,
)
from luoshi.orgs.rules.units import UnitFact

__all__ = [
    "PATH_STEP",
    "TENANT_LEVELS",
    "Access",
    "Level",
    "Role",
    "Seat",
    "UnitFact",
    "administers_any",
    "ancestor_paths",
    "may_administer",
    "may_change_account",
    "path_of",
    "path_range",
]

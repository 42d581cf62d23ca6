"""Units, posts, and who may see and do what."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

PATH_STEP = 8  # digits an ancestor takes in a unit's path; a subtree is a range of paths
LAST_STEP = 10**PATH_STEP - 1  # no unit: above the steps of all


class Level(StrEnum):
    """The tier of a unit, of government or of a group of companies."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GROUP = "group"
    COMPANY = "company"
    DIVISION = "division"
    TEAM = "team"


TENANT_LEVELS = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY, Level.GROUP, Level.COMPANY})


class Role(StrEnum):
    """What a post does: 主要负责人, 分管领导, 督查室, 承办人, observer."""

    HEAD = "head"
    SPONSOR = "sponsor"
    OFFICE = "office"
    HANDLER = "handler"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Seat:
    """A post held today. `home` is the path of the government or company that the unit belongs to."""

    role: str
    unit_id: int
    path: str
    home: str


@dataclass(frozen=True, slots=True)
class Access:
    """Who is asking: the posts a person holds today. An administrator reads everything and decides nothing."""

    person_id: int
    seats: tuple[Seat, ...] = ()
    admin: bool = False

    def oversees(self, path: str, *, roles: Iterable[str] | None = None) -> bool:
        """Does a seat (of one of the roles) stand at or above this unit?"""
        wanted = None if roles is None else frozenset(roles)
        return any(path.startswith(s.path) for s in self.seats if wanted is None or s.role in wanted)

    def sits_in(self, unit_id: int, *, roles: Iterable[str] | None = None) -> bool:
        """Does the person hold a post (of one of the roles) in exactly this unit?"""
        wanted = None if roles is None else frozenset(roles)
        return any(s.unit_id == unit_id for s in self.seats if wanted is None or s.role in wanted)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units of all seats."""
        return frozenset(s.unit_id for s in self.seats)

    @property
    def paths(self) -> tuple[str, ...]:
        """The topmost paths of all seats, without those inside another."""
        paths = sorted({s.path for s in self.seats})
        return tuple(p for n, p in enumerate(paths) if not any(p.startswith(q) for q in paths[:n]))

    @property
    def homes(self) -> tuple[str, ...]:
        """The governments or companies whose directory of units the person may read."""
        homes = sorted({s.home for s in self.seats})
        return tuple(h for n, h in enumerate(homes) if not any(h.startswith(q) for q in homes[:n]))


def may_administer(access: Access, path: str) -> bool:
    """May this person change the unit at the path, its people and posts? Offices and heads in their subtree may."""
    return access.admin or access.oversees(path, roles=(Role.OFFICE, Role.HEAD))


def administers_any(access: Access) -> bool:
    """Is there any unit that this person may change?"""
    return access.admin or any(seat.role in (Role.OFFICE, Role.HEAD) for seat in access.seats)


def may_change_account(access: Access, *, paths: Iterable[str], used: bool) -> bool:
    """May an account that ever held posts at these paths be changed? One without a post only until it is used."""
    paths = list(paths)
    if access.admin:
        return True
    if not paths:
        return not used and administers_any(access)
    return all(may_administer(access, path) for path in paths)


def path_of(unit_id: int, *, parent_path: str = "") -> str:
    """The path of a unit under a parent: the parent's path and the unit's own zero-padded id (digits only).

    Raises ValueError above 99,999,998: the step of nines closes the range of every subtree.
    """
    if unit_id >= LAST_STEP:
        raise ValueError(f"{unit_id} does not fit in a path")
    return f"{parent_path}{unit_id:0{PATH_STEP}d}"


def path_range(path: str) -> tuple[str, str]:
    """The lowest and highest path of a subtree; digits only, so that every collation sorts it alike."""
    return path, f"{path}{LAST_STEP}"


def ancestor_paths(path: str) -> list[str]:
    """The paths of all ancestors and the unit itself, from the root down."""
    return [path[:end] for end in range(PATH_STEP, len(path) + 1, PATH_STEP)]

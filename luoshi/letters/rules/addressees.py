"""Whom a letter names as its addressees: each by name, or many by what they are called together (GB/T 9704, 7.3.2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from luoshi.orgs.rules import Level

MOST_NAMED = 8
FEW = 2  # of one level are named among many others
TOGETHER = {
    Level.PROVINCE: "省（区、市）",
    Level.CITY: "市（州）",
    Level.COUNTY: "县（市、区）",
    Level.TOWNSHIP: "乡镇（街道）",
    Level.VILLAGE: "村（社区）",
    Level.DEPARTMENT: "部门",
    Level.GROUP: "集团公司",
    Level.COMPANY: "公司",
    Level.DIVISION: "部门",
    Level.TEAM: "班组",
}


def address(parties: Sequence[tuple[str, str]], *, below: Mapping[str, int]) -> str:
    """The addressees, given as (name, level); `below` counts the units right below the issuer, by level.

    Above eight they are 各 where all of a level are addressed, 有关 where some are.
    """
    if len(parties) <= MOST_NAMED:
        return "、".join(name for name, _level in parties)
    by_level: defaultdict[str, list[str]] = defaultdict(list)
    for name, level in parties:
        by_level[level].append(name)
    groups = [_group(level, by_level[level], below=below.get(level, 0)) for level in TOGETHER if level in by_level]
    return "，".join(groups)


def _group(level: Level, names: Sequence[str], *, below: int) -> str:
    if len(names) <= FEW:
        return "、".join(names)
    return ("各" if len(names) >= below else "有关") + TOGETHER[level]

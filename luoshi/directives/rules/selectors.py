"""Selectors: 各乡镇 or 县直各部门 as a small stored string (level=township), expanded against the tree when needed.

Grammar: ``level=A[,B…]`` then optionally ``;ending=词[,词…]`` (the place's kind) and ``;category=词[,词…]``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from luoshi.directives.rules.facts_units import UnitFact

PLACE_BRACKET = re.compile(r"[（(〔\[]([^（()）〔〕\[\]]*)[）)〕\]]")
DEPARTMENTS = re.compile(
    r"部门|委办局|(?:直|级|属)(?:各)?(?:有关|相关)?单位|各(?:有关|相关|责任|成员|承办|配合)*单位|^(?:有关|相关|各|其他)+单位"
)
EVERY_TIER = re.compile(r"各级(?:党委[、和及]?)?(?:人民)?政府$")
NO_LEVEL = re.compile(r"企业|专班|开发区|园区|功能区|高校|院校|学校|医院|机构|银行|协会|主体|项目|公司")
KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("village", r"村|社区|居委会", ()),
    ("township", r"乡镇|镇街|镇乡", ()),
    ("township", r"街道", ("街道",)),
    ("township", r"镇(?!街)", ("镇",)),
    ("township", r"乡(?!镇)", ("乡",)),
    ("county", r"县|区|旗|县级市", ()),
    ("city", r"设区的?市|省辖市|地级|市州|地市|州|盟|各市|(?<=、)市(?!辖)", ()),
    ("province", r"省(?!辖)|自治区|直辖市", ()),
)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which units a collective name stands for."""

    levels: tuple[str, ...]
    endings: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the stored form."""
        parts = [f"level={','.join(self.levels)}"]
        parts += [f"ending={','.join(self.endings)}"] if self.endings else []
        parts += [f"category={','.join(self.categories)}"] if self.categories else []
        return ";".join(parts)


def parse_selector(stored: str) -> Selector:
    """Read the stored form back. Raises ValueError on words that are not of the grammar."""
    fields: dict[str, tuple[str, ...]] = {}
    for part in stored.split(";"):
        key, equals, values = part.partition("=")
        if not equals or key not in ("level", "ending", "category") or not values:
            raise ValueError(stored)
        fields[key] = tuple(v for v in values.split(",") if v)
    if "level" not in fields:
        raise ValueError(stored)
    return Selector(fields["level"], fields.get("ending", ()), fields.get("category", ()))


def selector_for(name: str) -> str | None:
    """Return the stored selector of a collective name, or None where the tree knows no such set (各专班)."""
    if NO_LEVEL.search(name):
        return None
    if DEPARTMENTS.search(name):
        own = "level=department"
        return own if not re.search(r"乡镇|街道", name) else "level=department,township"
    if EVERY_TIER.match(name):
        return "level=city,county,township"
    if "省级" in name:
        return "level=province"
    # In 县（市、区） the bracket names other kinds of the same tier; in 镇（街道） it adds a kind.
    outer = PLACE_BRACKET.sub("", name)
    words = outer if re.search(r"[县省市州区]", outer) else PLACE_BRACKET.sub(lambda m: "、" + m.group(1), name)
    words = re.sub(r"^.*?(?=各|全|有关|相关|地方)", "", words, count=1)
    return _places(re.sub(r"^全[省市县区州](?=各)|人民|政府|党委|党工委|办事处|管委会|党组织", "", words))


def _places(words: str) -> str | None:
    levels: list[str] = []
    endings: list[str] = []
    limited = True
    for level, pattern, kinds in KINDS:
        tested = re.sub(r"设区的?市|自治区|地级以上市|社区", "", words) if level == "county" else words
        if not re.search(pattern, tested):
            continue
        levels += [level] if level not in levels else []
        if level == "township":
            limited = limited and bool(kinds)
            endings += kinds
    if not levels:
        return None
    township_only = levels == ["township"] and limited and len(endings) == 1
    return str(Selector(tuple(levels), tuple(endings) if township_only else ()))


def select(units: Iterable[UnitFact], *, selector: Selector, scope: UnitFact | None) -> tuple[int, ...]:
    """Return the ids of units that a selector means; departments are those right under the issuing government."""
    found = [u for u in units if u.level in selector.levels and u is not scope]
    if selector.categories:
        found = [u for u in found if u.category in selector.categories]
    if selector.endings:
        found = [u for u in found if _kind_ending(u).endswith(selector.endings)]
    if scope is None:
        return tuple(u.id for u in found)
    own = {u.id for u in found if u.level != "department" or u.parent_id == scope.id}
    return tuple(u.id for u in found if u.id in own)


def _kind_ending(unit: UnitFact) -> str:
    return re.sub(r"(?:人民政府|政府|办事处)$", "", unit.name)

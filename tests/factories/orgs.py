"""A small county with the standing cast, beside another county with an outsider."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.queries import get_access
from luoshi.orgs.rules import Access, path_of
from luoshi.tasks.actions.searching import index_units

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Beijing
SINCE = date(2026, 1, 1)

UNITS = [  # code, name, short name, level, category, parent
    ("YZ", "云泽市人民政府", "云泽市", "city", "", ""),
    ("QH", "青禾县人民政府", "青禾县", "county", "", "YZ"),
    ("QH-NYJ", "青禾县农业农村局", "县农业农村局", "department", "", "QH"),
    ("QH-CZJ", "青禾县财政局", "县财政局", "department", "", "QH"),
    ("QH-SLJ", "青禾县水利局", "县水利局", "department", "", "QH"),
    ("QH-T01", "柳河镇人民政府", "柳河镇", "township", "plain", "QH"),
    ("QH-T02", "石门乡人民政府", "石门乡", "township", "hills", "QH"),
    ("QH-T03", "东关街道办事处", "东关街道", "township", "town", "QH"),
    ("QH-T01-V01", "柳河镇新民村村民委员会", "新民村", "village", "", "QH-T01"),
    ("QH-T01-V02", "柳河镇团结村村民委员会", "团结村", "village", "", "QH-T01"),
    ("BS", "白石县人民政府", "白石县", "county", "", "YZ"),
    ("BS-CZJ", "白石县财政局", "白石县财政局", "department", "", "BS"),
]
CAST = [  # username, name, unit, role, title
    ("leader", "周文", "QH", "head", "县长"),
    ("sponsor", "高明", "QH", "sponsor", "副县长"),
    ("office", "林岚", "QH", "office", "县政府督查室主任"),
    ("officeclerk", "邵一凡", "QH", "office", "县政府督查室科员"),
    ("observer", "秦观", "QH", "observer", "县政协委员"),
    ("depthead", "孟田", "QH-NYJ", "head", "局长"),
    ("deptclerk", "丁禾", "QH-NYJ", "handler", "办公室科员"),
    ("otherclerk", "钱钧", "QH-CZJ", "handler", "预算股股长"),
    ("townhead", "柳青", "QH-T01", "head", "镇长"),
    ("townclerk", "何苗", "QH-T01", "handler", "党政办科员"),
    ("outsider", "白露", "BS", "office", "白石县政府督查室主任"),
    ("baishi", "石坚", "BS", "head", "县长"),
]


@dataclass
class Cast:
    """The people by username and the units by code."""

    people: dict[str, Person] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    today: date = TODAY
    now: datetime = NOW

    def __getitem__(self, username: str) -> Person:
        return self.people[username]

    def unit(self, code: str) -> Unit:
        return self.units[code]

    def access(self, username: str) -> Access:
        return get_access(self.people[username], today=self.today)


def make_unit(
    code: str, name: str, *, short_name: str = "", level: str, category: str = "", parent: Unit | None
) -> Unit:
    """A unit with its path."""
    unit = Unit.objects.create(
        code=code, name=name, short_name=short_name, level=level, category=category, parent=parent, valid_from=SINCE
    )
    unit.path = path_of(unit.pk, parent_path=parent.path or "" if parent else "")
    unit.save(update_fields=["path"])
    index_units([unit.pk])
    return unit


def make_person(
    username: str, name: str, *, unit: Unit | None = None, role: str = "handler", title: str = ""
) -> Person:
    """A person, with a post when a unit is given."""
    person = Person.objects.create(username=username, name=name)
    if unit is not None:
        Post.objects.create(person=person, unit=unit, role=role, title=title, from_date=SINCE)
    return person


def make_cast() -> Cast:
    """The county, its people, and an administrator without a post."""
    cast = Cast()
    for code, name, short_name, level, category, parent in UNITS:
        cast.units[code] = make_unit(
            code, name, short_name=short_name, level=level, category=category, parent=cast.units.get(parent)
        )
    for username, name, code, role, title in CAST:
        cast.people[username] = make_person(username, name, unit=cast.units[code], role=role, title=title)
    cast.people["admin"] = Person.objects.create(username="admin", name="系统管理员", is_superuser=True, is_staff=True)
    return cast

"""The columns of each kind of table, under Chinese and English headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from luoshi.orgs.rules.access import Level, Role


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in code, the headings it may stand under (the first two are written), and its limits.

    kind is one of text, code, date, level, role, flag, names, number, year, figure.
    """

    name: str
    chinese: str
    english: str
    kind: str = "text"
    required: bool = False
    limit: int = 120
    width: int = 16
    others: tuple[str, ...] = ()

    def headings(self) -> frozenset[str]:
        return frozenset(_plain(text) for text in (self.name, self.chinese, self.english, *self.others))


COLUMNS: dict[str, tuple[Column, ...]] = {
    "units": (
        Column(
            "code",
            "单位代码",
            "Unit code",
            "code",
            required=True,
            limit=40,
            width=16,
            others=("代码", "编码", "单位编码"),
        ),
        Column("name", "单位名称", "Official name", required=True, width=34, others=("名称", "全称", "单位全称")),
        Column("short_name", "简称", "Short name", limit=60, width=18),
        Column("aliases", "别名", "Aliases", "names", limit=600, width=28),
        Column("level", "层级", "Level", "level", required=True, limit=20, width=10, others=("级别",)),
        Column("category", "类别", "Category", limit=40, width=12, others=("分类",)),
        Column("parent_code", "上级单位代码", "Superior unit code", "code", limit=40, others=("上级代码", "上级单位")),
        Column("sort", "排序", "Order", "number", limit=9, width=8, others=("顺序",)),
        Column("valid_from", "生效日期", "Valid from", "date", width=12, others=("设立日期",)),
    ),
    "people": (
        Column("username", "账号", "Account", "code", required=True, limit=60, width=18, others=("用户名", "帐号")),
        Column("name", "姓名", "Name", required=True, limit=60, width=12),
        Column("email", "电子邮箱", "E-mail", limit=120, width=26, others=("邮箱",)),
        Column("is_active", "可登录", "May sign in", "flag", limit=5, width=8, others=("启用",)),
    ),
    "posts": (
        Column("username", "账号", "Account", "code", required=True, limit=60, width=18, others=("用户名", "帐号")),
        Column(
            "unit_code", "单位代码", "Unit code", "code", required=True, limit=40, width=16, others=("代码", "单位编码")
        ),
        Column("role", "岗位类型", "Role", "role", required=True, limit=10, width=14, others=("角色", "岗位")),
        Column("title", "职务", "Title", limit=60, width=24),
        Column("from_date", "任职日期", "From", "date", width=12, others=("起始日期", "开始日期")),
        Column("to_date", "离任日期", "To", "date", width=12, others=("终止日期", "结束日期")),
    ),
    "figures": (
        Column(
            "unit_code", "单位代码", "Unit code", "code", required=True, limit=40, width=16, others=("代码", "单位编码")
        ),
        Column("name", "数据项", "Figure", required=True, limit=40, width=24, others=("指标", "名称", "数据名称")),
        Column("year", "年份", "Year", "year", required=True, limit=5, width=8, others=("年度",)),
        Column("value", "数值", "Value", "figure", limit=24, width=16, others=("数据", "值")),
        Column("source", "来源", "Source", limit=120, width=30, others=("数据来源",)),
    ),
}

LEVEL_WORDS = {
    Level.PROVINCE: ("省级", "省", "province"),
    Level.CITY: ("市级", "市", "地市", "city"),
    Level.COUNTY: ("县级", "县", "区", "县（市、区）", "county"),
    Level.DEPARTMENT: ("部门", "科局", "department"),
    Level.TOWNSHIP: ("乡镇", "乡", "镇", "街道", "乡镇（街道）", "township"),
    Level.VILLAGE: ("村", "社区", "村（社区）", "village"),
    Level.GROUP: ("集团", "group"),
    Level.COMPANY: ("公司", "子公司", "company"),
    Level.DIVISION: ("事业部", "部", "division"),
    Level.TEAM: ("班组", "团队", "team"),
}
ROLE_WORDS = {
    Role.HEAD: ("主要负责人", "负责人", "一把手", "head"),
    Role.SPONSOR: ("分管领导", "领衔领导", "sponsor", "leader in charge"),
    Role.OFFICE: ("督查室", "督查", "office", "supervision office"),
    Role.HANDLER: ("承办人", "经办人", "handler"),
    Role.OBSERVER: ("观察员", "observer"),
}


def find_heading(kind: str, rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """Which of the first ten rows is the heading, and where each column stands; None when a required one is missing."""
    required = {column.name for column in COLUMNS[kind] if column.required}
    for number, cells in enumerate(rows[:10]):
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            for column in COLUMNS[kind]:
                if _plain(cell) in column.headings():
                    places.setdefault(column.name, place)
        if required <= set(places):
            return number, places
    return None


def _plain(heading: str) -> str:
    """A heading without case, spaces, stars and bracketed remarks."""
    return re.sub(r"[\s*＊_]|[（(].*$", "", heading).lower()

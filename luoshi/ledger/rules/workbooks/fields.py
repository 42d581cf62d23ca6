"""The columns of a workbook: what each holds, under which headings it is recognised, and when it may be changed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# When a cell may be changed: with the content of a task (before dispatch), while it is steered, as its place in the
# tree, as an own column's cell, for new rows alone, or never (it is shown for orientation).
CONTENT, STEER, PLACE, OWN, NEW, SHOWN, HIDDEN = "content", "steer", "place", "own", "new", "shown", "hidden"


@dataclass(frozen=True, slots=True)
class SheetField:
    """A column by its name in code; `kind` says how its cells are read. The first two headings are written."""

    name: str
    chinese: str
    english: str
    kind: str = "text"
    step: str = CONTENT
    limit: int = 4000
    width: int = 12
    others: tuple[str, ...] = ()

    def headings(self) -> frozenset[str]:
        return frozenset(plain_heading(text) for text in (self.chinese, self.english, *self.others))


FIELDS = (
    SheetField("level", "级次", "Depth", "whole", PLACE, 2, 5, ("层级", "级别")),
    SheetField("code", "编号", "Number", "code", SHOWN, 40, 15, ("任务编号",)),
    SheetField("parent", "上级任务编号", "Under", "code", PLACE, 40, 15, ("上级编号", "上级任务")),
    SheetField("theme", "主题", "Theme", "text", NEW, 300, 18, ("工作重点", "重点领域", "类别", "领域", "group")),
    SheetField(
        "title", "任务", "Task", "text", CONTENT, 300, 42,
        ("任务名称", "工作任务", "主要工作任务", "重点任务", "重点工作", "工作事项", "事项", "项目名称", "项目内容",
         "标题", "任务内容", "整改任务", "问题", "问题内容", "问题描述", "交办内容", "工作目标及任务要求", "承办任务",
         "目标任务"),
    ),
    SheetField(
        "requirement", "要求", "Requirement", "lines", CONTENT, 20000, 42,
        ("工作要求", "具体措施", "工作措施", "建设内容", "整改措施", "措施", "主要措施", "内容", "承办事项", "办复要求",
         "具体要求"),
    ),
    SheetField(
        "standard", "标准", "Standard", "lines", CONTENT, 20000, 30,
        ("完成标准", "量化目标", "整改目标", "目标", "工作目标", "验收标准", "年度目标"),
    ),
    SheetField("kind", "任务类别", "Rung of the ladder", "choice", CONTENT, 20, 10, ("任务层次",)),
    SheetField("tier", "重要程度", "Tier", "choice", STEER, 20, 9, ("任务等级",)),
    SheetField("urgency", "紧急程度", "Urgency", "choice", STEER, 20, 9, ("缓急",)),
    SheetField(
        "lead", "牵头", "Lead", "units", CONTENT, 2000, 20,
        ("牵头单位", "牵头责任单位", "责任单位", "主办单位", "承办单位", "责任主体", "owner"),
    ),
    SheetField(
        "co", "配合单位", "Co-units", "units", CONTENT, 4000, 26,
        ("协办单位", "协同单位", "责任（配合）单位", "参与单位", "协助单位", "配合", "co"),
    ),
    SheetField(
        "sponsor", "牵头领导", "Sponsor", "person", STEER, 60, 11,
        ("分管领导", "责任领导", "包抓领导", "挂钩领导", "领衔领导"),
    ),
    SheetField("start_date", "开始日期", "Start", "date", CONTENT, 40, 11, ("开始时间", "启动时间")),
    SheetField(
        "due_date", "时限", "Due", "date", CONTENT, 200, 11,
        ("完成时限", "完成时间", "办理时限", "整改时限", "完成日期", "截止日期", "完成期限", "time"),
    ),
    SheetField("review_date", "复核日期", "Review date", "date", CONTENT, 40, 11),
    SheetField("target", "目标值", "Target", "target", CONTENT, 60, 13, ("量化指标", "指标值")),
    SheetField("cadence", "报送周期", "Reporting cadence", "choice", STEER, 20, 10, ("汇报频次", "报送频次")),
    SheetField("weight", "权重", "Weight", "number", STEER, 20, 8),
    SheetField(
        "milestones", "节点", "Milestones", "path", CONTENT, 8000, 34,
        ("序时进度", "进度安排", "时间进度安排", "形象进度", "每季度形象进度", "阶段目标", "时序进度",
         "时间节点", "步骤", "实施步骤"),
    ),
    SheetField("state", "状态", "State", "text", SHOWN, 4000, 9, ("进度",)),
    SheetField("light", "亮灯", "Light", "text", SHOWN, 4000, 8),
    SheetField("percent", "完成率", "% done", "number", SHOWN, 4000, 8, ("完成%", "当前进度", "工作进度")),
    SheetField(
        "last_word", "最近反馈", "Last word", "lines", SHOWN, 20000, 32,
        ("进展情况", "完成情况", "落实进展情况及问题原因", "工作动态", "办理结果", "承办情况", "最新进展"),
    ),
    SheetField("serial", "序号", "No.", "text", SHOWN, 20, 6, ("id", "编码")),
    SheetField("source", "任务来源", "Source", "text", SHOWN, 4000, 18, ("督办依据", "领导批示", "文件依据", "来源")),
    SheetField("received", "收文时间", "Received", "text", SHOWN, 40, 11, ("收件日期", "立项时间", "交办时间")),
    SheetField("handler", "责任人", "Handler", "text", SHOWN, 200, 11, ("具体责任人", "唯一责任人", "经办人")),
    SheetField("note", "备注", "Note", "text", SHOWN, 4000, 16, ("说明",)),
    SheetField("id", "_id", "_id", "whole", HIDDEN, 20, 8),
    SheetField("version", "_version", "_version", "whole", HIDDEN, 20, 8),
    SheetField("exported", "_exported", "_exported", "text", HIDDEN, 40000, 8),
)  # fmt: skip
BY_NAME: Mapping[str, SheetField] = {field.name: field for field in FIELDS}
OFFERED = (
    "level", "code", "parent", "title", "requirement", "standard", "kind", "tier", "urgency", "lead", "co", "sponsor",
    "start_date", "due_date", "review_date", "target", "cadence", "weight", "milestones",
)  # fmt: skip
SEEN = ("state", "light", "percent", "last_word")
# What is compared with what was exported, in this order in the hidden column.
COMPARED = ("parent", *(name for name in OFFERED if name not in ("level", "code", "parent")))
OWN_PREFIX = "own:"


def own_field(column_id: int, name: str, kind: str) -> SheetField:
    """The field of a unit's own column."""
    return SheetField(f"{OWN_PREFIX}{column_id}", name, name, f"own-{kind}", OWN, 500, 14)


def plain_heading(text: str) -> str:
    """A heading without case, spaces, line breaks, stars and bracketed remarks at its end."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*]|\([^)]*\)$", "", text).lower()


def known_headings(own: Iterable[SheetField] = (), layouts: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which field each heading stands for: an own column's before a layout's, a layout's before the usual ones."""
    found = {heading: field.name for field in FIELDS for heading in field.headings()}
    found |= {plain_heading(heading): name for heading, name in (layouts or {}).items()}
    return found | {heading: field.name for field in own for heading in field.headings()}

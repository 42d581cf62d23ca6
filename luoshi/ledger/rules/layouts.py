"""Tables as offices keep them: the headings of breakdowns, progress ledgers, registers, lists and rectifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luoshi.ledger.rules.workbooks.fields import BY_NAME, SHOWN, plain_heading

MOST_COLUMNS = 20
HEADING_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready arrangement: its key, its names, the family it belongs to, and its headings with their fields."""

    key: str
    chinese: str
    english: str
    family: str
    columns: tuple[tuple[str, str], ...]


def _preset(key: str, family: str, chinese: str, english: str, columns: str) -> Preset:
    """`columns`: 牵头单位=lead, one after another."""
    pairs = (part.split("=") for part in columns.split())
    return Preset(key, chinese, english, family, tuple((heading, name) for heading, name in pairs))


BREAKDOWN, PROGRESS, REGISTER, LISTS, RECTIFY = "breakdown", "progress", "register", "lists", "rectify"
PRESETS: Mapping[str, Preset] = {
    preset.key: preset
    for preset in (
        _preset(
            "breakdown_leaders", BREAKDOWN, "任务分解表（牵头领导）", "Breakdown with leaders",
            "主题=theme 任务=title 牵头领导=sponsor 牵头单位=lead 配合单位=co",
        ),
        _preset(
            "breakdown", BREAKDOWN, "任务分解表", "Breakdown",
            "序号=serial 任务=title 牵头单位=lead 配合单位=co 完成时限=due_date",
        ),
        _preset(
            "breakdown_quarters", BREAKDOWN, "任务分解表（季度形象进度）", "Breakdown with quarters",
            "序号=serial 任务=title 牵头单位=lead 责任（配合）单位=co 时限=due_date 具体责任人=handler"
            " 每季度形象进度=milestones",
        ),
        _preset(
            "breakdown_measured", BREAKDOWN, "目标任务分解表（量化、序时）", "Breakdown with measures and months",
            "序号=serial 任务=title 牵头领导=sponsor 责任单位=lead 协同单位=co 量化目标=standard 建设内容=requirement"
            " 序时进度=milestones",
        ),
        _preset(
            "breakdown_form", BREAKDOWN, "“四四”表单（目标、步骤、要求、措施）", "Goals, steps, requirements, measures",
            "序号=serial 工作事项=title 目标=standard 步骤=milestones 要求=requirement 责任单位=lead 责任人=handler"
            " 完成时间=due_date",
        ),
        _preset(
            "progress_half", PROGRESS, "半年进展台账", "Half-yearly progress",
            "工作重点=theme 序号=serial 主要工作任务=title 落实进展情况及问题原因=last_word 牵头责任单位=lead",
        ),
        _preset(
            "progress", PROGRESS, "季度进展台账", "Quarterly progress", "序号=serial 重点工作=title 完成情况=last_word",
        ),
        _preset(
            "progress_steps", PROGRESS, "进展台账（进度安排）", "Progress against steps",
            "序号=serial 工作事项=title 进度安排=milestones 进展情况=last_word 完成情况=state",
        ),
        _preset(
            "progress_late", PROGRESS, "滞后项目月报", "Monthly list of what lags",
            "序号=serial 项目内容=title 当前进度=percent 牵头单位=lead 备注=note",
        ),
        _preset(
            "progress_sheet", PROGRESS, "执行台账（一事一表）", "One matter, one sheet",
            "工作目标及任务要求=title 工作动态=last_word 工作进度=percent 责任单位=lead 备注=note",
        ),
        _preset(
            "supervised", PROGRESS, "督办事项表", "Supervised matters",
            "编号=code 标题=title 督办依据=source 紧急程度=urgency 完成期限=due_date 牵头单位=lead 协办单位=co"
            " 内容=requirement 汇报频次=cadence 分管领导=sponsor 承办情况=last_word",
        ),
        _preset(
            "register", REGISTER, "督查登记簿", "Register of supervision",
            "编号=code 内容=title 任务来源=source 收文时间=received 承办单位=lead 办复要求=requirement",
        ),
        _preset(
            "register_county", REGISTER, "县督查登记表", "County register",
            "收件日期=received 项目名称=title 交办内容=requirement 承办单位=lead 办理时限=due_date 办理结果=last_word",
        ),
        _preset(
            "register_notice", REGISTER, "督查通知单", "Supervision notice",
            "领导批示=source 承办任务=title 承办单位=lead 完成时限=due_date",
        ),
        _preset(
            "lists_nodes", LISTS, "任务、责任、时间节点清单", "Tasks, duties, dates",
            "序号=serial 任务=title 责任单位=lead 责任人=handler 时间节点=milestones",
        ),
        _preset(
            "lists_limits", LISTS, "任务、责任、时限清单", "Tasks, duties, limits",
            "序号=serial 任务=title 措施=requirement 责任单位=lead 责任人=handler 时限=due_date",
        ),
        _preset(
            "lists_problems", LISTS, "问题、责任、整改清单", "Problems, duties, rectification",
            "序号=serial 问题=title 整改措施=requirement 责任单位=lead 责任人=handler 整改时限=due_date",
        ),
        _preset(
            "lists_three", LISTS, "问题、任务、责任清单", "Problems, tasks, duties",
            "序号=serial 问题=theme 任务=title 责任单位=lead 责任人=handler 完成时限=due_date",
        ),
        _preset(
            "rectify_plan", RECTIFY, "整改方案清单", "Plan of rectification",
            "序号=serial 整改任务=title 责任单位=lead 责任人=handler 整改目标=standard 整改措施=requirement"
            " 整改时限=due_date",
        ),
        _preset(
            "rectify_measures", RECTIFY, "整改措施表", "Measures of rectification",
            "序号=serial 问题内容=title 整改措施=requirement 整改时限=due_date 责任人=handler",
        ),
        _preset(
            "rectify_audit", RECTIFY, "审计整改表", "Audit rectification",
            "序号=serial 问题=title 措施=requirement 时限=due_date 责任单位=lead",
        ),
        _preset(
            "rectify_strike", RECTIFY, "问题整改清单销号表", "Problems written off",
            "序号=serial 问题描述=title 发现时间=start_date 责任单位=lead 整改措施=requirement 完成时限=due_date"
            " 进度=state 唯一责任人=handler",
        ),
    )
}  # fmt: skip
USABLE = tuple(
    name for name, field in BY_NAME.items() if field.step != "hidden" and name not in ("level",)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayoutFault:
    """What is wrong with a layout: a code, and the heading it speaks of."""

    code: str
    heading: str = ""


def check_columns(columns: Sequence[tuple[str, str]], *, own: Sequence[str] = ()) -> LayoutFault | None:
    """What is wrong with the headings of a layout; None when they can be used."""
    if not any(name == "title" for _heading, name in columns):
        return LayoutFault("no_title")
    if len(columns) > MOST_COLUMNS:
        return LayoutFault("too_many")
    headings = [plain_heading(heading) for heading, _name in columns]
    for (heading, name), plain in zip(columns, headings, strict=True):
        if not plain or len(heading) > HEADING_LENGTH:
            return LayoutFault("bad_heading", heading[:HEADING_LENGTH])
        if headings.count(plain) > 1:
            return LayoutFault("heading_twice", heading)
        if name not in (*USABLE, *own) or sum(n == name for _h, n in columns) > 1:
            return LayoutFault("field_twice", heading)
    return None


def list_shown(columns: Sequence[tuple[str, str]]) -> list[str]:
    """The headings whose cells are for reading: what is typed there does not come back."""
    return [heading for heading, name in columns if name in BY_NAME and BY_NAME[name].step == SHOWN]

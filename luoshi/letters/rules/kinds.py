"""The kinds of letters that are made from the ledger: ten forms and four reports, each with its checked fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MISSING = "——"  # what paper shows where the ledger holds nothing: never an invented value


class LetterKind(StrEnum):
    """The forms and reports of a supervision office."""

    ORDER = "order"
    CHASE = "chase"
    REMINDER = "reminder"
    RECTIFY = "rectify"
    TALK = "talk"
    EXTENSION = "extension"
    FEEDBACK = "feedback"
    CLOSURE = "closure"
    CIRCULAR = "circular"
    CONCLUSION = "conclusion"
    SPECIAL = "special"
    REPORT = "report"
    BULLETIN = "bulletin"
    MINUTES = "minutes"


class LetterState(StrEnum):
    """A letter is drafted, approved, issued with its number; an issued one may be declared void, never changed."""

    DRAFT = "draft"
    APPROVED = "approved"
    ISSUED = "issued"
    VOID = "void"


class Sort(StrEnum):
    """What a field holds: a line, a text of paragraphs, a date, or rows of cells."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a kind: its name in data, the tag that people write in Word, and what it holds.

    `columns` are the tags of the cells of each row.
    """

    name: str
    tag: str
    sort: Sort = Sort.LINE
    required: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter: what it is called on paper, the ending of its series, and its own fields."""

    name: LetterKind
    title: str
    mark: str
    fields: tuple[Field, ...]
    is_upward: bool = False
    approves: bool = True


def line(name: str, tag: str, *, required: bool = False) -> Field:
    """A field of one line."""
    return Field(name, tag, Sort.LINE, required)


def text(name: str, tag: str, *, required: bool = False) -> Field:
    """A field of paragraphs."""
    return Field(name, tag, Sort.TEXT, required)


def day(name: str, tag: str, *, required: bool = False) -> Field:
    """A field that holds a date."""
    return Field(name, tag, Sort.DATE, required)


def rows(name: str, tag: str, *columns: str) -> Field:
    """A field of rows."""
    return Field(name, tag, Sort.ROWS, columns=columns)


# What every letter has; the first group is known only when it is issued and is filled by the program.
GIVEN = (
    line("issuer", "发文机关"),
    line("number", "发文字号"),
    day("date", "成文日期"),
    line("signer", "签发人"),
)
COMMON = (
    line("title", "标题", required=True),
    line("to", "主送"),
    line("copies", "抄送"),
    line("contact", "联系人及电话"),
    text("attachments", "附件"),
)
TASK = line("matter", "事项", required=True)
TOTALS = (line("total", "事项总数"), line("done", "办结数"), line("on_time", "按期办结数"), line("late", "逾期数"))
BASIS = text("source", "来源及文号")

KINDS: Mapping[str, Kind] = {
    kind.name.value: kind
    for kind in (
        Kind(
            LetterKind.ORDER, "督办单", "督办",
            (
                line("code", "编号"), line("category", "类别"), BASIS, text("remark", "批示原文"), TASK,
                text("requirement", "具体要求", required=True), line("lead", "牵头单位", required=True),
                line("co_units", "协办单位"), line("leader", "责任领导"), line("handler", "责任人"),
                day("dispatched_date", "交办日"), day("acknowledge_by", "签收时限"), day("first_report", "首次反馈日"),
                line("cadence", "反馈频次"), day("due_date", "办结时限", required=True),
                line("approver", "审批人"), line("receiver", "签收人及时间"),
            ),
        ),
        Kind(
            LetterKind.CHASE, "催办单", "催办",
            (
                line("order_number", "原督办单号"), TASK, line("lead", "牵头单位", required=True),
                day("original_due_date", "原时限", required=True), line("days_late", "逾期天数"),
                line("times", "第几次催办"), text("last_progress", "最近进展"), text("cause", "未办结原因"),
                day("new_date", "新时限"), line("chaser", "催办人"), line("way", "催办方式"),
            ),
            approves=False,
        ),
        Kind(
            LetterKind.REMINDER, "提醒函", "督提",
            (
                TASK, line("lead", "牵头单位", required=True), day("due_date", "办结时限"),
                line("days_left", "距到期天数"), line("percent", "当前进度"), line("planned", "计划进度"),
                line("gap", "缺口"), text("last_progress", "最近进展"), day("report_by", "补报时限"),
            ),
            approves=False,
        ),
        Kind(
            LetterKind.RECTIFY, "整改通知书", "督改",
            (
                text("basis", "检查依据", required=True), line("inspected", "检查时间和对象", required=True),
                rows("problems", "问题清单", "问题", "证据号"), text("provisions", "违反的规定"),
                text("requirement", "整改要求", required=True), day("due_date", "整改时限", required=True),
                line("report_way", "报告方式"), text("objection", "异议权利"),
            ),
        ),
        Kind(
            LetterKind.TALK, "约谈通知书", "督谈",
            (
                line("invited", "约谈对象", required=True), text("reason", "约谈事由", required=True),
                text("basis", "约谈依据"), line("time", "约谈时间"), line("place", "约谈地点"),
                line("interviewer", "约谈人"), rows("problems", "问题清单", "问题", "说明"),
                text("commitments", "约谈承诺"), day("next_check", "下次检查日"),
            ),
        ),
        Kind(
            LetterKind.EXTENSION, "延期申请", "延",
            (
                TASK, line("order_number", "原督办单号"), day("original_due_date", "原时限", required=True),
                day("asked_date", "申请日"), line("cause", "原因码"), text("reason", "延期原因", required=True),
                text("progress", "已完成", required=True), day("to_date", "申请新时限", required=True),
                text("effect", "影响"), line("head", "单位负责人"), line("first_opinion", "初审意见"),
                line("decision", "审批意见"), day("granted_date", "确定时限"),
            ),
            is_upward=True,
        ),
        Kind(
            LetterKind.FEEDBACK, "反馈单", "反馈",
            (
                TASK, line("order_number", "原督办单号"), line("period", "期次"), line("milestone", "计划节点"),
                text("progress", "实际进展", required=True), line("percent", "完成率"),
                rows("evidence", "证据清单", "证据"), text("problems", "问题及原因码"),
                text("coordination", "需协调事项"), text("next_step", "下步措施"), day("next_date", "下步时限"),
                line("head", "审签人"),
            ),
            is_upward=True,
        ),
        Kind(
            LetterKind.CLOSURE, "销号申请", "销号",
            (
                TASK, line("order_number", "原督办单号"), text("measures", "整改措施"),
                text("result", "完成情况", required=True), text("standard", "完成标准"),
                line("self_checker", "自验人"), line("verifier", "核查人"), line("method", "核查方式"),
                line("publicity", "公示起止"), line("verdict", "结论"), day("look_back", "回头看日期"),
            ),
            is_upward=True,
        ),
        Kind(
            LetterKind.CIRCULAR, "督查通报", "督通",
            (
                line("issue", "期号"), line("period", "统计期间", required=True), text("lead_words", "导语"),
                line("total", "事项总数", required=True), line("done", "办结数"), line("on_time", "按期办结数"),
                line("late", "逾期数"), rows("good", "做得好的", "单位", "事例"),
                rows("lagging", "滞后的", "单位", "事项", "逾期", "原因"), text("next_steps", "下步要求"),
                rows("units", "分单位情况", "单位", "总数", "办结", "按期", "逾期", "按期率"),
            ),
        ),
        Kind(
            LetterKind.CONCLUSION, "督查结论", "督结",
            (
                line("plan_number", "方案号"), line("object", "督查对象", required=True),
                text("facts", "事实", required=True), rows("evidence", "证据清单", "证据"),
                text("finding", "结论", required=True), rows("rectify", "整改事项", "事项", "时限"),
                text("advice", "建议"), text("objection", "异议权利"), day("objection_until", "异议截止日"),
            ),
        ),
        Kind(
            LetterKind.SPECIAL, "督查专报", "督专",
            (
                line("issue", "期号"), text("summary", "摘要", required=True),
                *TOTALS,
                text("progress", "进展情况"), rows("stuck", "卡点问题", "事项", "单位", "卡点", "等谁决定"),
                text("advice", "建议"),
            ),
            is_upward=True,
        ),
        Kind(
            LetterKind.REPORT, "督查报告", "督报",
            (
                line("period", "统计期间", required=True), text("summary", "总体情况", required=True),
                *TOTALS,
                rows("items", "事项清单", "事项", "单位", "时限", "进度", "状态"),
                text("problems", "存在问题"), text("advice", "下步建议"),
            ),
            is_upward=True,
        ),
        Kind(
            LetterKind.BULLETIN, "政务督查通报", "督报通",
            (
                line("issue", "期号"), line("period", "统计期间", required=True),
                text("summary", "总体情况", required=True),
                *TOTALS,
                rows("units", "分单位情况", "单位", "总数", "办结", "按期", "逾期", "按期率"),
                rows("lagging", "滞后的", "单位", "事项", "逾期", "原因"), text("next_steps", "下步要求"),
            ),
        ),
        Kind(
            LetterKind.MINUTES, "会议议定事项督查督办报告书", "督议",
            (
                line("meeting", "会议名称", required=True), day("meeting_date", "会议日期"), BASIS,
                text("summary", "总体情况"), line("total", "事项总数"), line("done", "办结数"), line("late", "逾期数"),
                rows("items", "议定事项", "议定事项", "责任单位", "时限", "落实情况", "状态"),
                text("advice", "建议"),
            ),
            is_upward=True,
        ),
    )
}  # fmt: skip
OBJECTION = (
    "如对本通知（结论）有异议，可自收到之日起30日内书面提出；督查机构自收到异议之日起30日内由原承办人员以外的人员复核，"
    "并书面答复。"
)


def fields_of(kind: str) -> tuple[Field, ...]:
    """All fields that a template of the kind may name."""
    return (*GIVEN, *COMMON, *KINDS[kind].fields)


def asked_of(kind: str) -> tuple[Field, ...]:
    """The fields that a person fills in or the ledger fills: all but those given at issue."""
    return (*COMMON, *KINDS[kind].fields)


def fields_missing(kind: str, values: Mapping[str, object]) -> list[Field]:
    """The required fields that hold nothing: they are asked for before the letter is approved."""
    return [field for field in asked_of(kind) if field.required and not values.get(field.name)]

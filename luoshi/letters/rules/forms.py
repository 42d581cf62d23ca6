"""How each kind is set on paper where an organisation has set none of its own: lines, facts, tables and headings."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from docx.document import Document as WordDocument

from luoshi.letters.rules.kinds import KINDS, MISSING, Field, LetterKind
from luoshi.papers.writing import (
    BODY,
    FLUSH,
    TableColumn,
    add_attachments,
    add_banner,
    add_heading,
    add_imprint,
    add_line,
    add_number,
    add_pairs,
    add_paragraphs,
    add_signature,
    add_table,
    add_title,
    save_paper,
    start_paper,
)

NUMERALS = "一二三四五六七八九十"
SERIAL_SHARE = 0.1  # of the width of the columns after it


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of facts: the tags of fields, each with its own name as the label."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs of text, with tags in them."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part with a heading and text; a tag alone takes as many paragraphs as the field has."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A numbered part with the rows of a field as a table; `shares` are the widths of its columns."""

    heading: str
    tag: str
    shares: tuple[float, ...]


def given(tag: str, words: str) -> tuple[str, str, str]:
    """A paragraph that is left out where the field is empty: the lines that open it, say it and close it."""
    return f"{{%p if {tag} %}}", words, "{%p endif %}"


Block = Facts | Words | Part | Listing
COPIES = ("{%tr if 抄送 %}", "抄送：{{抄送}}", "{%tr endif %}")
TOTALS = "共有督查事项{{事项总数}}项，已办结{{办结数}}项，其中按期办结{{按期办结数}}项；逾期{{逾期数}}项。"
UNIT_SHARES = (2.4, 1, 1, 1, 1, 1.2)
FORMS: dict[str, tuple[Block, ...]] = {
    LetterKind.ORDER: (
        Words(("根据工作安排，现将以下事项交你单位办理，请按时签收、按期反馈、按时办结。",)),
        Facts(("编号", "类别", "牵头单位", "协办单位", "责任领导", "责任人", "交办日", "签收时限", "首次反馈日",
               "反馈频次", "办结时限", "审批人", "联系人及电话", "签收人及时间")),
        Part("来源及批示", ("来源及文号：{{来源及文号}}", *given("批示原文", "批示原文：{{批示原文}}"))),
        Part("督办事项", ("{{事项}}",)),
        Part("具体要求", ("{{具体要求}}",)),
    ),
    LetterKind.CHASE: (
        Words(("你单位承办的“{{事项}}”，原定于{{原时限}}办结，至今已逾期{{逾期天数}}天，这是第{{第几次催办}}次催办。"
               "请抓紧办理，并于{{新时限}}前书面反馈。",)),
        Facts(("原督办单号", "牵头单位", "原时限", "逾期天数", "新时限", "催办方式", "催办人", "联系人及电话")),
        Part("最近进展", ("{{最近进展}}",)),
        Part("未办结原因（由承办单位填写）", ("{{未办结原因}}",)),
    ),
    LetterKind.REMINDER: (
        Words(("你单位承办的“{{事项}}”，办结时限为{{办结时限}}，距到期还有{{距到期天数}}天。目前进度{{当前进度}}，"
               "按计划应达到{{计划进度}}，缺口{{缺口}}。请于{{补报时限}}前补报进展。",)),
        Facts(("牵头单位", "办结时限", "当前进度", "计划进度", "缺口", "补报时限")),
        Part("最近进展", ("{{最近进展}}",)),
    ),
    LetterKind.RECTIFY: (
        Part("检查依据", ("{{检查依据}}",)),
        Part("检查时间和对象", ("{{检查时间和对象}}",)),
        Listing("发现的问题", "问题清单", (5, 1.6)),
        Part("违反的规定", ("{{违反的规定}}",)),
        Part("整改要求", ("{{整改要求}}", "整改时限：{{整改时限}}。报告方式：{{报告方式}}。")),
        Part("异议权利", ("{{异议权利}}",)),
    ),
    LetterKind.TALK: (
        Words(("经研究，决定就以下事由对你单位进行约谈，请按时参加。",)),
        Facts(("约谈对象", "约谈人", "约谈时间", "约谈地点", "下次检查日", "联系人及电话")),
        Part("约谈事由", ("{{约谈事由}}",)),
        Part("约谈依据", ("{{约谈依据}}",)),
        Listing("存在的问题", "问题清单", (3, 3)),
        Part("约谈承诺", ("{{约谈承诺}}",)),
    ),
    LetterKind.EXTENSION: (
        Words(("我单位承办的“{{事项}}”，原定于{{原时限}}办结，现申请延期至{{申请新时限}}。",)),
        Facts(("原督办单号", "申请日", "原时限", "申请新时限", "原因码", "单位负责人")),
        Part("延期原因", ("{{延期原因}}",)),
        Part("已完成", ("{{已完成}}",)),
        Part("延期的影响", ("{{影响}}",)),
        Part("审批", ("初审意见：{{初审意见}}", "审批意见：{{审批意见}}", "确定时限：{{确定时限}}")),
    ),
    LetterKind.FEEDBACK: (
        Words(("现将“{{事项}}”的办理情况反馈如下。",)),
        Facts(("原督办单号", "期次", "计划节点", "完成率", "下步时限", "审签人")),
        Part("实际进展", ("{{实际进展}}",)),
        Listing("证据（没有的可空）", "证据清单", (1,)),
        Part("问题及原因", ("{{问题及原因码}}",)),
        Part("需协调事项", ("{{需协调事项}}",)),
        Part("下步措施", ("{{下步措施}}",)),
    ),
    LetterKind.CLOSURE: (
        Words(("我单位承办的“{{事项}}”已完成，现申请销号。",)),
        Facts(("原督办单号", "自验人", "核查人", "核查方式", "公示起止", "回头看日期")),
        Part("采取的措施", ("{{整改措施}}",)),
        Part("完成情况", ("{{完成情况}}",)),
        Part("对照完成标准", ("{{完成标准}}",)),
        Part("结论", ("{{结论}}",)),
    ),
    LetterKind.CIRCULAR: (
        Words(("{{导语}}",)),
        Part("总体情况", ("{{统计期间}}，" + TOTALS,)),
        Listing("做得好的", "做得好的", (1.6, 5)),
        Listing("滞后的", "滞后的", (1.6, 3, 1, 2)),
        Part("下步要求", ("{{下步要求}}",)),
        Listing("分单位情况", "分单位情况", UNIT_SHARES),
    ),
    LetterKind.CONCLUSION: (
        Words(("根据督查方案（{{方案号}}），对{{督查对象}}开展了督查，现作出如下结论。",)),
        Part("事实", ("{{事实}}",)),
        Listing("证据", "证据清单", (1,)),
        Part("结论", ("{{结论}}",)),
        Listing("整改事项", "整改事项", (4, 1.6)),
        Part("建议（待有权机关批准）", ("{{建议}}",)),
        Part("异议权利", ("{{异议权利}}", "异议截止日：{{异议截止日}}。")),
    ),
    LetterKind.SPECIAL: (
        Words(("{{摘要}}",)),
        Part("总体情况", (TOTALS,)),
        Part("进展情况", ("{{进展情况}}",)),
        Listing("卡点问题", "卡点问题", (3, 1.6, 2.4, 1.6)),
        Part("建议", ("{{建议}}",)),
    ),
    LetterKind.REPORT: (
        Part("总体情况", ("{{总体情况}}", "{{统计期间}}，" + TOTALS)),
        Listing("事项办理情况", "事项清单", (3.4, 1.6, 1.6, 1, 1)),
        Part("存在问题", ("{{存在问题}}",)),
        Part("下步建议", ("{{下步建议}}",)),
    ),
    LetterKind.BULLETIN: (
        Part("总体情况", ("{{总体情况}}", "{{统计期间}}，" + TOTALS)),
        Listing("分单位情况", "分单位情况", UNIT_SHARES),
        Listing("滞后的", "滞后的", (1.6, 3, 1, 2)),
        Part("下步要求", ("{{下步要求}}",)),
    ),
    LetterKind.MINUTES: (
        Words(("{{会议名称}}（{{会议日期}}）议定的事项，督查督办情况报告如下。",)),
        Part("会议文件", ("{{来源及文号}}",)),
        Part("总体情况", ("{{总体情况}}", "共议定事项{{事项总数}}项，已办结{{办结数}}项，逾期{{逾期数}}项。")),
        Listing("逐项落实情况", "议定事项", (3, 1.6, 1.6, 3, 1)),
        Part("建议", ("{{建议}}",)),
    ),
}  # fmt: skip


@cache
def default_form(kind: str, *, issuer: str) -> bytes:
    """The template of a kind as a Word file, set for the length of the issuer's name; it is what people edit."""
    asked = KINDS[kind]
    document = start_paper()
    add_banner(document, "{{发文机关}}", width=len(issuer))
    add_number(document, "{{发文字号}}", signer="{{签发人}}" if asked.is_upward else "")
    add_title(document, "{{标题}}")
    add_line(document, "{{主送}}：", FLUSH)
    fields = {field.tag: field for field in asked.fields}
    numeral = iter(NUMERALS)
    for block in FORMS[kind]:
        _set_block(document, block, fields, numeral=numeral)
    add_attachments(document, given("附件", "{{附件}}"))
    add_signature(document, "{{发文机关}}", "{{成文日期}}", width=len(issuer))
    add_imprint(document, copies=COPIES, issuer="{{发文机关}}", date="{{成文日期}}")
    return save_paper(document)


def _set_block(document: WordDocument, block: Block, fields: dict[str, Field], *, numeral: Iterator[str]) -> None:
    if isinstance(block, Words):
        add_paragraphs(document, *block.lines)
    elif isinstance(block, Facts):
        add_pairs(document, [(tag, f"{{{{{tag}}}}}") for tag in block.tags])
    elif isinstance(block, Part):
        add_heading(document, f"{next(numeral)}、{block.heading}")
        add_paragraphs(document, *block.lines)
    else:
        add_heading(document, f"{next(numeral)}、{block.heading}")
        _set_listing(document, block, fields[block.tag].columns)


def _set_listing(document: WordDocument, block: Listing, columns: tuple[str, ...]) -> None:
    """A table with a row for each row of the field, or a dash where it has none."""
    begin, end = "{%tr for 行 in " + block.tag + " %}", "{%tr endfor %}"
    heads = [TableColumn("序号", SERIAL_SHARE * sum(block.shares), centred=True)]
    heads += [TableColumn(name, share) for name, share in zip(columns, block.shares, strict=True)]
    cells = [f"{{{{行.{name}}}}}" for name in ("序号", *columns)]
    blank = [""] * len(columns)
    add_line(document, "{%p if " + block.tag + " %}", FLUSH)
    add_table(document, heads, [[begin, *blank], cells, [end, *blank]])
    for words, face in (("{%p else %}", FLUSH), (MISSING, BODY), ("{%p endif %}", FLUSH)):
        add_line(document, words, face)

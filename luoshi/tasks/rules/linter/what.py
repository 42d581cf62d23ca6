"""What is to be done and how one sees that it is: words of intention, papers as the only result, numbers of nothing."""

import re
from collections.abc import Iterator

from luoshi.tasks.rules.linter.facts import Found, LintFacts
from luoshi.tasks.rules.states import Kind

VAGUE_VERBS = (
    "加强", "推动", "推进", "完善", "积极", "进一步", "切实", "努力", "不断", "着力", "大力", "深入", "持续", "强化",
    "优化", "深化", "健全", "促进", "引导", "鼓励", "支持", "探索", "研究", "提高认识", "高度重视",
)  # fmt: skip
RESULTS = re.compile(
    r"[\d０-９]|[一二三四五六七八九十百千万两]+(?:个|家|项|名|人|户|处|座|所|公里|亩|次|批|件)|全部|全覆盖|清零|"
    r"完成|建成|开工|竣工|投产|投用|出台|印发|挂牌|上线|验收|通过|签约|销号|达到|达标|消除|开通|运行"
)
PAPER = re.compile(
    r"制定.{0,12}(?:方案|计划|办法|细则)|印发.{0,12}(?:通知|文件|方案|意见)|召开.{0,8}会议?|成立.{0,8}(?:专班|小组)|"
    r"报送|上报|提交.{0,6}(?:报告|总结|材料)|汇总|台账|学习传达|传达学习|开展宣传|张贴|悬挂"
)
PAPER_ENOUGH = re.compile(r"[，。；、：,.;:\s]|并|及|和|情况|工作|材料|有关|相关|按时|及时")
PLAIN = re.compile(r"[\W_]+")
RATE = re.compile(
    r"(?:增长|提高|提升|下降|降低|压减|减少|增加)(?:了|约|率)?(?:不少于|不低于|至少|达到?|超过)?\s*"
    r"\d+(?:\.\d+)?\s*(?:%|％|个百分点)(?:以上|左右)?"
)
BASE = re.compile(
    r"比上年|较上年|比去年|较去年|同比|环比|比\d{4}年|较\d{4}年|以\d{4}年|在.{1,12}基础上|年均|基期|基数"
    r"|(?:从|由)\s*\d[\d.]*\s*[%％]?"
)
ACTS = re.compile(r"[；;]|。(?=.)|\n+|(?:^|(?<=[。；;\n]))\s*(?:[（(]\d+[）)]|[①-⑳]|\d+[.．、])")
ACT = re.compile(
    r"建设|建成|改造|新建|完成|开展|制定|出台|组织|培育|引进|整治|整改|实施|举办|修复|清理|培训|检查|发放|申报"
)
SEVERAL = 4


def check_what(facts: LintFacts) -> Iterator[Found]:
    """What is soft in the words of a task."""
    requirement, standard = _plain(facts.requirement), _plain(facts.standard)
    if not requirement:
        yield "no_requirement", ""
    if not standard:
        yield "no_standard", ""
    elif requirement and _repeats(standard, requirement):
        yield "standard_repeats_requirement", ""
    if facts.kind == Kind.PRINCIPLE:
        yield "principle_not_dispatched", ""
    yield from _check_numbers(facts)
    yield from _check_result(facts)
    acts = [piece for piece in ACTS.split(facts.requirement) if ACT.search(piece)]
    if len(acts) >= SEVERAL:
        yield "several_acts", str(len(acts))


def _check_numbers(facts: LintFacts) -> Iterator[Found]:
    if facts.target_value is None:
        if facts.kind == Kind.HARD_TARGET:
            yield "no_number", ""
    elif not facts.target_unit:
        yield "no_measure", f"{facts.target_value.normalize():f}"
    rate = RATE.search(f"{facts.requirement}。{facts.standard}")
    if rate and not BASE.search(f"{facts.requirement}。{facts.standard}"):
        yield "rate_without_base", rate.group()


def _check_result(facts: LintFacts) -> Iterator[Found]:
    vague = find_vague_verbs(f"{facts.title}。{facts.requirement}")
    if vague and not has_result(facts):
        yield "vague_verb", "、".join(vague[:4])
    if is_paper_only(facts.standard or facts.requirement) and facts.target_value is None:
        yield "paper_only", ""


def has_result(facts: LintFacts) -> bool:
    """Is there a number, or a word for something that will be there afterwards?"""
    return facts.target_value is not None or bool(RESULTS.search(facts.standard) or RESULTS.search(facts.requirement))


def _plain(text: str) -> str:
    return PLAIN.sub("", text)


def _repeats(standard: str, requirement: str) -> bool:
    """Is the standard only the requirement over again, whole or in its greater part?"""
    return standard == requirement or (standard in requirement and len(standard) * 10 >= len(requirement) * 9)


def find_vague_verbs(text: str) -> list[str]:
    """Words of intention that name no result, in the order of the list."""
    return [verb for verb in VAGUE_VERBS if verb in text]


def is_paper_only(text: str) -> bool:
    """Does the text ask for nothing but papers and meetings (制定方案、召开会议、上报材料)?"""
    if not PAPER.search(text):
        return False
    rest = PAPER_ENOUGH.sub("", PAPER.sub("", text))
    return len(rest) <= 6 and not RESULTS.search(rest)

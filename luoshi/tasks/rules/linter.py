"""The soft-task linter: what is missing or vague in a task, said before it is dispatched."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from luoshi.tasks.rules.states import DOING, DutyRole, Kind, Tier

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
LONG_DAYS = 180


@dataclass(frozen=True, slots=True)
class LintDuty:
    """A duty as the linter needs it: who it names, and by when."""

    role: str
    unit_id: int | None
    selector: str = ""
    name: str = ""
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class LintFacts:
    """A task as the linter needs it."""

    title: str
    requirement: str
    standard: str
    kind: str
    tier: int = Tier.ROUTINE
    start_date: date | None = None
    due_date: date | None = None
    review_date: date | None = None
    target_value: Decimal | None = None
    cadence: str = ""
    sponsor_id: int | None = None
    duties: tuple[LintDuty, ...] = ()
    parent_due_date: date | None = None
    milestones: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: what (`code`), whether it stops dispatch, the form's field, and words for the sentence."""

    code: str
    blocks: bool
    field: str
    words: str = ""


def lint(facts: LintFacts, *, today: date, blocking: Collection[str]) -> tuple[Finding, ...]:
    """Everything missing or vague, what blocks first; `blocking` are the codes that stop dispatch."""
    found = [*_who(facts.duties), *_when(facts, today), *_what(facts), *_how(facts)]
    findings = [Finding(code, code in blocking, field, words) for code, field, words in found]
    return tuple(sorted(findings, key=lambda f: not f.blocks))


def blocks(findings: Collection[Finding]) -> bool:
    """Does one of the findings stop dispatch?"""
    return any(f.blocks for f in findings)


Found = tuple[str, str, str]


def _who(duties: tuple[LintDuty, ...]) -> list[Found]:
    doing = [d for d in duties if d.role in DOING]
    named = [d for d in doing if d.unit_id is not None]
    sets = [d for d in doing if d.unit_id is None and d.selector]
    unmatched = [d for d in duties if d.unit_id is None and not d.selector]
    leads = [d for d in doing if d.role == DutyRole.LEAD]
    found: list[Found] = []
    if not named and not sets:
        found.append(("no_owner", "duties", ""))
    elif not leads and named and len(named) + len(sets) > 1:
        found.append(("no_lead", "duties", _join(named)))
    if len(leads) > 1:
        found.append(("two_leads", "duties", _join(leads)))
    if sets and not named:
        found.append(("selector_only", "duties", _join(sets)))
    if unmatched:
        found.append(("unmatched_unit", "duties", _join(unmatched)))
    return found


def _join(duties: list[LintDuty]) -> str:
    return "、".join(d.name for d in duties)


def _when(facts: LintFacts, today: date) -> list[Found]:
    found: list[Found] = []
    due = facts.due_date
    if due is None and facts.review_date is None:
        found.append(("no_date", "due_date", ""))
    if due is None and facts.review_date and not facts.cadence:
        found.append(("open_without_cadence", "cadence", ""))
    if due and due < today:
        found.append(("past_date", "due_date", due.isoformat()))
    if due and facts.start_date and due < facts.start_date:
        found.append(("due_before_start", "due_date", facts.start_date.isoformat()))
    if due and facts.parent_due_date and due > facts.parent_due_date:
        found.append(("date_after_parent", "due_date", facts.parent_due_date.isoformat()))
    late = [d for d in facts.duties if due and d.due_date and d.due_date > due]
    if late:
        found.append(("duty_after_due", "duties", _join(late)))
    if due and not facts.milestones and (due - (facts.start_date or today)).days > LONG_DAYS:
        found.append(("no_milestones", "milestones", ""))
    return found


def _what(facts: LintFacts) -> list[Found]:
    found: list[Found] = []
    requirement, standard = _plain(facts.requirement), _plain(facts.standard)
    if not requirement:
        found.append(("no_requirement", "requirement", ""))
    if not standard:
        found.append(("no_standard", "standard", ""))
    elif requirement and _repeats(standard, requirement):
        found.append(("standard_repeats_requirement", "standard", ""))
    if facts.kind == Kind.HARD_TARGET and facts.target_value is None:
        found.append(("no_number", "target_value", ""))
    vague = find_vague_verbs(f"{facts.title}。{facts.requirement}")
    has_result = facts.target_value is not None or RESULTS.search(facts.standard) or RESULTS.search(facts.requirement)
    if vague and not has_result:
        found.append(("vague_verb", "requirement", "、".join(vague[:4])))
    if is_paper_only(facts.standard or facts.requirement) and facts.target_value is None:
        found.append(("paper_only", "standard", ""))
    return found


def _how(facts: LintFacts) -> list[Found]:
    found: list[Found] = []
    if facts.kind == Kind.PRINCIPLE:
        found.append(("principle_not_dispatched", "kind", ""))
    if facts.tier == Tier.CRITICAL and facts.sponsor_id is None:
        found.append(("critical_without_sponsor", "sponsor", ""))
    return found


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

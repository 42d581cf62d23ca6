"""What a task costs those below: words copied from above, papers demanded, reports oftener than asked."""

import re
from collections.abc import Iterator

from luoshi.directives.rules.likeness import likeness, numbers, shingles
from luoshi.tasks.rules.linter.facts import Found, LintFacts
from luoshi.tasks.rules.states import Cadence

COPIED = 0.85  # likeness from which words count as copied (handbook §5.2)
SHORT = 12  # characters: shorter requirements are alike by chance
TRACES = re.compile(
    r"(?:建立|形成|报送|上报|提供|留存|上传|附|提交)[^，。；]{0,10}(?:台账|照片|影像|截图|佐证|痕迹|签到表|会议记录|学习笔记|表格|报表|档案)"
    r"|(?:照片|截图|影像)[^，。；]{0,6}(?:不少于|\d+\s*张)|一事一档|填报[^，。；]{0,8}(?:表|系统)"
)
A_YEAR = {
    Cadence.WEEKLY.value: 52,
    Cadence.MONTHLY.value: 12,
    Cadence.QUARTERLY.value: 4,
    Cadence.SEMIANNUAL.value: 2,
    Cadence.ANNUAL.value: 1,
}


def check_burden(facts: LintFacts) -> Iterator[Found]:
    """What adds to the burden without adding to the work."""
    found = TRACES.search(f"{facts.requirement}。{facts.standard}")
    if found:
        yield "asks_for_papers", found.group()
    parent = facts.parent
    if parent is None:
        return
    if _is_copied(facts, parent.requirement):
        yield "copied_from_parent", ""
    if parent.cadence and A_YEAR.get(facts.cadence, 0) > A_YEAR.get(parent.cadence, 0):
        yield "reports_oftener", f"{A_YEAR[facts.cadence]} > {A_YEAR[parent.cadence]}"


def _is_copied(facts: LintFacts, above: str) -> bool:
    """Are the words those of the task above, with no number, target or milestone of its own?"""
    if len(above) < SHORT or facts.milestones or facts.target_value is not None:
        return False
    if set(numbers(facts.requirement + facts.standard)) - set(numbers(above)):
        return False
    return likeness(shingles(facts.requirement), shingles(above)) >= COPIED

"""The soft-task linter, finding by finding."""

from datetime import date
from decimal import Decimal

import pytest

from luoshi.tasks.rules.linter import LintDuty, LintFacts, find_vague_verbs, is_paper_only, lint

TODAY = date(2026, 11, 23)
LEAD = LintDuty("lead", 1, name="县水利局")
GOOD = {
    "title": "完成3座水库除险加固", "requirement": "完成3座病险水库除险加固。", "standard": "3座水库通过竣工验收",
    "kind": "project", "due_date": date(2027, 3, 31), "start_date": date(2026, 11, 1), "duties": (LEAD,),
}  # fmt: skip


def codes(**changes: object) -> set[str]:
    facts = LintFacts(**{**GOOD, **changes})  # type: ignore[arg-type]
    return {f.code for f in lint(facts, today=TODAY, blocking=())}


def joint(n: int, role: str = "joint") -> LintDuty:
    return LintDuty(role, n, name=f"单位{n}")


def test_hard_task_has_no_finding() -> None:
    assert codes() == set()


SELECTOR = LintDuty("joint", None, "level=township", "各乡镇")
CASES = [
    ({"duties": ()}, "no_owner"),
    ({"duties": (LintDuty("guide", 1),)}, "no_owner"),
    ({"duties": (LintDuty("lead", None, name="县专班"),)}, "no_owner"),
    ({"duties": (LEAD, LintDuty("co", None, name="县专班"))}, "unmatched_unit"),
    ({"duties": (joint(1), joint(2))}, "no_lead"),
    ({"duties": (joint(1), SELECTOR)}, "no_lead"),
    ({"duties": (joint(1, "co"), joint(2, "co"))}, "no_lead"),
    ({"duties": (joint(1, "lead"), joint(2, "lead"))}, "two_leads"),
    ({"duties": (SELECTOR,)}, "selector_only"),
    ({"due_date": None}, "no_date"),
    ({"due_date": None, "review_date": date(2026, 12, 31)}, "open_without_cadence"),
    ({"due_date": date(2026, 11, 22)}, "past_date"),
    ({"start_date": date(2027, 4, 1)}, "due_before_start"),
    ({"parent_due_date": date(2027, 3, 30)}, "date_after_parent"),
    ({"duties": (LEAD, LintDuty("co", 2, due_date=date(2027, 4, 1)))}, "duty_after_due"),
    ({"due_date": date(2027, 6, 30)}, "no_milestones"),
    ({"requirement": " 。"}, "no_requirement"),
    ({"standard": ""}, "no_standard"),
    ({"standard": "完成3座病险水库，除险加固"}, "standard_repeats_requirement"),
    ({"kind": "hard_target"}, "no_number"),
    ({"title": "加强水利", "requirement": "加强领导，大力推进水利工作。", "standard": "有新面貌"}, "vague_verb"),
    ({"standard": "制定实施方案，召开工作会议"}, "paper_only"),
    ({"kind": "principle"}, "principle_not_dispatched"),
    ({"tier": 1}, "critical_without_sponsor"),
]


@pytest.mark.parametrize(("changes", "code"), CASES)
def test_soft_task_is_found(changes: dict[str, object], code: str) -> None:
    assert code in codes(**changes)


RIGHT = [
    ({"duties": (SELECTOR,)}, "no_lead"),
    ({"duties": (joint(1),)}, "no_lead"),
    ({"duties": (LEAD, joint(2))}, "no_lead"),
    ({"due_date": None, "review_date": date(2026, 12, 31), "cadence": "monthly"}, "open_without_cadence"),
    ({"due_date": date(2027, 6, 30), "milestones": 2}, "no_milestones"),
    ({"kind": "hard_target", "target_value": Decimal(0)}, "no_number"),
    ({"title": "加强灌区改造", "standard": "改造灌区2个并通过验收"}, "vague_verb"),
    ({"standard": "制定方案并建成3个示范点"}, "paper_only"),
    ({"tier": 1, "sponsor_id": 5}, "critical_without_sponsor"),
    ({"due_date": TODAY}, "past_date"),
]


@pytest.mark.parametrize(("changes", "code"), RIGHT)
def test_sound_task_is_let_alone(changes: dict[str, object], code: str) -> None:
    assert code not in codes(**changes)


def test_only_configured_findings_block_and_come_first() -> None:
    facts = LintFacts(**{**GOOD, "standard": "", "kind": "principle"})  # type: ignore[arg-type]
    found = lint(facts, today=TODAY, blocking={"no_standard"})
    assert [(f.code, f.blocks) for f in found] == [("no_standard", True), ("principle_not_dispatched", False)]


def test_vague_verbs_are_named() -> None:
    assert find_vague_verbs("进一步加强和完善") == ["加强", "完善", "进一步"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("印发通知，召开会议", True), ("按时上报材料", True), ("制定方案，建公厕12座", False), ("新建公厕12座", False)],
)
def test_paper_answering_paper_is_told_from_work(text: str, expected: bool) -> None:
    assert is_paper_only(text) is expected

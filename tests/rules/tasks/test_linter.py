"""The soft-task linter, finding by finding."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from luoshi.tasks.rules.linter import (
    BY_CODE,
    LINT_RULES,
    LintDuty,
    LintFacts,
    LintParent,
    Severity,
    concreteness,
    find_vague_verbs,
    is_paper_only,
    lint,
    suggest,
    with_stops,
)

TODAY = date(2026, 11, 23)
LEAD = LintDuty("lead", 1, name="县水利局")
GOOD = {
    "title": "完成3座水库除险加固", "requirement": "完成3座病险水库除险加固。", "standard": "3座水库通过竣工验收",
    "kind": "project", "due_date": date(2027, 3, 31), "start_date": date(2026, 11, 1), "duties": (LEAD,),
}  # fmt: skip


def codes(**changes: object) -> set[str]:
    facts = LintFacts(**{**GOOD, **changes})  # type: ignore[arg-type]
    return {BY_CODE[f.code].name for f in lint(facts, today=TODAY)}


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
    ({"parent": LintParent(due_date=date(2027, 3, 30))}, "outside_parent"),
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
    ({"tier": 1, "kind": "action"}, "critical_without_sponsor"),
    ({"duties": (joint(1, "lead"), joint(2, "lead"), joint(3))}, "two_leads"),
    ({"duties": (LintDuty("co", None, "level=township", "各镇"),)}, "selector_only"),
    ({"duties": (LEAD, LintDuty("guide", None, name="省专班"))}, "unmatched_unit"),
    ({"due_date": None, "requirement": "尽快完成。"}, "no_date"),
    ({"due_date": None, "review_date": date(2027, 1, 1), "standard": "常态化"}, "open_without_cadence"),
    ({"due_date": date(2025, 12, 31)}, "past_date"),
    ({"start_date": date(2027, 3, 31) + timedelta(1)}, "due_before_start"),
    ({"parent": LintParent(start_date=date(2027, 4, 1))}, "outside_parent"),
    ({"duties": (LintDuty("lead", 1, due_date=date(2028, 1, 1)),)}, "duty_after_due"),
    ({"start_date": date(2026, 1, 1)}, "no_milestones"),
    ({"requirement": ""}, "no_requirement"),
    ({"standard": "——"}, "no_standard"),
    ({"requirement": "加固水库。", "standard": "加固水库"}, "standard_repeats_requirement"),
    ({"kind": "hard_target", "standard": "达到3座"}, "no_number"),
    ({"title": "优化环境", "requirement": "持续优化环境。", "standard": "群众满意"}, "vague_verb"),
    ({"standard": "及时上报情况"}, "paper_only"),
    ({"kind": "principle", "title": "坚持党建引领"}, "principle_not_dispatched"),
    ({"due_date": None, "requirement": "尽快完成水库加固。"}, "vague_date"),
    ({"due_date": None, "standard": "适时组织验收"}, "vague_date"),
    ({"target_value": Decimal(26)}, "no_measure"),
    ({"target_value": Decimal("0.5"), "kind": "hard_target"}, "no_measure"),
    ({"requirement": "产值增长8%。"}, "rate_without_base"),
    ({"standard": "能耗下降不少于3.5个百分点"}, "rate_without_base"),
    ({"parent": LintParent(requirement="完成3座病险水库除险加固。")}, "copied_from_parent"),
    (
        {
            "requirement": "全面落实河长制各项工作要求。",
            "standard": "落实到位",
            "parent": LintParent(requirement="全面落实河长制各项工作要求。"),
        },
        "copied_from_parent",
    ),
    ({"standard": "每月报送工作台账"}, "asks_for_papers"),
    ({"requirement": "清理河道，上传照片不少于3张。"}, "asks_for_papers"),
    ({"duties": (LEAD, *(joint(n, "co") for n in range(2, 13)))}, "many_units"),
    ({"duties": tuple(joint(n) for n in range(1, 13))}, "many_units"),
    ({"cadence": "weekly", "parent": LintParent(cadence="quarterly")}, "reports_oftener"),
    ({"cadence": "monthly", "parent": LintParent(cadence="semiannual")}, "reports_oftener"),
    ({"requirement": "建设园区1个；培训300人；整改矿山12座；举办招聘会1场。"}, "several_acts"),
    ({"requirement": "（1）新建泵站\n（2）改造渠道\n（3）清理河道\n（4）培训管护员"}, "several_acts"),
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
    ({"due_date": None, "review_date": date(2025, 1, 1)}, "past_date"),
    ({"duties": (LEAD,)}, "no_owner"),
    ({"duties": (joint(1, "co"),)}, "no_owner"),
    ({"duties": (LEAD, joint(2, "co"))}, "two_leads"),
    ({"duties": (joint(1), joint(2))}, "two_leads"),
    ({"duties": (LEAD, SELECTOR)}, "selector_only"),
    ({"duties": ()}, "selector_only"),
    ({"duties": (LEAD,)}, "unmatched_unit"),
    ({"duties": (SELECTOR,)}, "unmatched_unit"),
    ({"due_date": None, "review_date": date(2027, 6, 30)}, "no_date"),
    ({"due_date": TODAY}, "no_date"),
    ({"cadence": ""}, "open_without_cadence"),
    ({"start_date": date(2027, 3, 31)}, "due_before_start"),
    ({"start_date": None}, "due_before_start"),
    ({"parent": LintParent(due_date=date(2027, 3, 31))}, "outside_parent"),
    ({"parent": LintParent()}, "outside_parent"),
    ({"duties": (LEAD, LintDuty("co", 2, due_date=date(2027, 3, 31)))}, "duty_after_due"),
    ({"duties": (LEAD, joint(2))}, "duty_after_due"),
    ({"start_date": date(2026, 10, 2)}, "no_milestones"),
    ({"requirement": "建"}, "no_requirement"),
    ({"requirement": "3座"}, "no_requirement"),
    ({"standard": "好"}, "no_standard"),
    ({"standard": "1"}, "no_standard"),
    ({"standard": "完成"}, "standard_repeats_requirement"),
    ({"requirement": "", "standard": "完成"}, "standard_repeats_requirement"),
    ({"kind": "measure"}, "no_number"),
    ({"title": "推进改革", "requirement": "推进改革。", "standard": "出台办法"}, "vague_verb"),
    ({"standard": "召开会议", "target_value": Decimal(3), "target_unit": "次"}, "paper_only"),
    ({"kind": "initiative"}, "principle_not_dispatched"),
    ({"kind": "action"}, "principle_not_dispatched"),
    ({"tier": 2}, "critical_without_sponsor"),
    ({"requirement": "尽快完成水库加固。"}, "vague_date"),
    ({"due_date": None, "requirement": "提高办件及时性。"}, "vague_date"),
    ({"target_value": Decimal(26), "target_unit": "个"}, "no_measure"),
    ({"target_value": None}, "no_measure"),
    ({"requirement": "产值比上年增长8%。"}, "rate_without_base"),
    ({"standard": "覆盖率达到95%"}, "rate_without_base"),
    ({"milestones": 1, "parent": LintParent(requirement="完成3座病险水库除险加固。")}, "copied_from_parent"),
    (
        {"requirement": "完成7座病险水库除险加固。", "parent": LintParent(requirement="完成3座病险水库除险加固。")},
        "copied_from_parent",
    ),
    ({"standard": "3座水库建成并移交"}, "asks_for_papers"),
    ({"requirement": "提交验收申请。"}, "asks_for_papers"),
    ({"duties": (LEAD, *(joint(n, "co") for n in range(2, 12)))}, "many_units"),
    ({"duties": tuple(LintDuty("co", None, name=str(n)) for n in range(12))}, "many_units"),
    ({"cadence": "monthly", "parent": LintParent(cadence="monthly")}, "reports_oftener"),
    ({"cadence": "weekly", "parent": LintParent()}, "reports_oftener"),
    ({"requirement": "建设园区1个；培训300人；整改矿山12座。"}, "several_acts"),
    ({"requirement": "稳增长；促改革；调结构；惠民生；防风险。"}, "several_acts"),
]


@pytest.mark.parametrize(("changes", "code"), RIGHT)
def test_sound_task_is_let_alone(changes: dict[str, object], code: str) -> None:
    assert code not in codes(**changes)


def test_severities_decide_what_stops_what_comes_first_and_what_is_not_said() -> None:
    facts = LintFacts(**{**GOOD, "standard": "", "kind": "principle", "tier": 1})  # type: ignore[arg-type]
    severities = {**with_stops(["no_standard"]), "L120": Severity.OFF}
    found = lint(facts, today=TODAY, severities=severities)
    assert [(f.code, f.blocks) for f in found] == [("L111", True), ("L119", False)]


def test_stops_are_named_by_code_or_name_and_an_unknown_one_is_refused() -> None:
    stops = {code for code, severity in with_stops(["L101", "no_date"]).items() if severity == Severity.STOP}
    assert stops == {"L101", "L102"}
    with pytest.raises(KeyError):
        with_stops(["L999"])


def test_codes_and_names_are_given_once() -> None:
    assert len({r.code for r in LINT_RULES}) == len({r.name for r in LINT_RULES}) == len(LINT_RULES)


def test_every_rule_has_two_hits_and_two_near_misses() -> None:
    hits = [code for _changes, code in CASES]
    misses = [code for _changes, code in RIGHT]
    thin = {r.name for r in LINT_RULES if hits.count(r.name) < 2 or misses.count(r.name) < 2}
    assert not thin


def test_vague_verbs_are_named() -> None:
    assert find_vague_verbs("进一步加强和完善") == ["加强", "完善", "进一步"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("印发通知，召开会议", True), ("按时上报材料", True), ("制定方案，建公厕12座", False), ("新建公厕12座", False)],
)
def test_paper_answering_paper_is_told_from_work(text: str, expected: bool) -> None:
    assert is_paper_only(text) is expected


def offers(words: str, **changes: object) -> dict[str, tuple[str, str]]:
    facts = LintFacts(**{**GOOD, **changes})  # type: ignore[arg-type]
    found = suggest(facts, lint(facts, today=TODAY), words=words, issued=date(2026, 11, 1))
    return {s.field: (s.shown, s.quote) for s in found}


CLAUSE = "实施病险水库除险加固，2026年12月20日前完成3座，确保通过竣工验收。"


def test_what_the_clause_says_is_offered_with_its_words() -> None:
    found = offers(CLAUSE, due_date=None, standard="", kind="hard_target")
    assert found["due_date"] == ("2026-12-20", "2026年12月20日前")
    assert found["target_value"][0].endswith("3座")
    assert found["standard"] == ("确保通过竣工验收", "确保通过竣工验收")


@pytest.mark.parametrize("words", ["", "加强水库管理。", "抓紧推进，适时验收"])
def test_nothing_is_invented(words: str) -> None:
    assert offers(words, due_date=None, standard="", kind="hard_target") == {}


def test_sound_field_gets_no_offer() -> None:
    assert offers(CLAUSE) == {}


def test_concreteness_is_the_mean_of_five_shares() -> None:
    hard = LintFacts(**{**GOOD, "target_value": Decimal(3), "target_unit": "座"})  # type: ignore[arg-type]
    soft = LintFacts("加强水利", "加强水利工作。", "", "measure")
    found = concreteness([hard, soft, soft, soft])
    assert [(p.part, p.count, p.of) for p in found.parts] == [
        ("owner", 1, 4), ("date", 1, 4), ("number", 1, 4), ("standard", 1, 4), ("result", 1, 4)
    ]  # fmt: skip
    assert found.score == Decimal("25.0")
    assert concreteness([hard]).score == Decimal("100.0")
    assert concreteness([]).score is None

"""What may be shown as sure: fields that the paper states outright, never what was guessed or read from a picture."""

from datetime import date

import pytest

from luoshi.directives.rules import Evidence, Proposal, Span, read_directive
from luoshi.directives.rules.confidence import CLAIMED, SURE

HEAD = "青禾县人民政府关于印发工作方案的通知\n青政发〔2026〕3号\n2026年2月27日\n一、重点任务\n"


def read(body: str, *, head: str = HEAD, doubtful: tuple[Span, ...] = ()) -> Proposal:
    (proposal,) = read_directive(f"{head}（一）{body}\n", doubtful=doubtful).proposals
    return proposal


def evidence(proposal: Proposal, field: str) -> list[Evidence]:
    return [e for e in proposal.evidence if e.field == field]


def test_words_of_the_note_are_explicit_and_sure() -> None:
    proposal = read("推进水库建设。（县水利局牵头，县财政局配合，2026年6月底前完成）")
    assert [(e.field, e.value, e.kind, e.sure) for e in proposal.evidence] == [
        ("work", "推进水库建设", "explicit", True),
        ("lead", "县水利局", "explicit", True),
        ("co", "县财政局", "explicit", True),
        ("due", "2026年6月底前", "explicit", True),
    ]
    assert proposal.sure


def test_first_listed_lead_rests_on_the_rule_of_the_document() -> None:
    head = HEAD.replace("一、重点任务", "（列第一位的为牵头单位，下同）\n一、重点任务")
    proposal = read("推进水库建设。（县水利局、县财政局负责）", head=head)
    assert [(e.value, e.kind) for e in evidence(proposal, "lead")] == [("县水利局", "document_rule")]
    assert [(e.value, e.kind) for e in evidence(proposal, "co")] == [("县财政局", "document_rule")]


def test_lead_written_out_is_explicit_even_where_the_document_has_a_rule() -> None:
    head = HEAD.replace("一、重点任务", "（列第一位的为牵头单位，下同）\n一、重点任务")
    proposal = read("推进水库建设。（县水利局牵头，县财政局配合）", head=head)
    assert [e.kind for e in evidence(proposal, "lead")] == ["explicit"]


def test_nothing_that_was_read_from_a_picture_is_sure() -> None:
    body = "推进水库建设，新增库容300万立方米以上。（县水利局负责，2026年6月底前完成）"
    proposal = read(body, doubtful=(Span(0, 1000),))
    assert {e.kind for e in proposal.evidence} == {"ocr"}
    assert not any(e.sure for e in proposal.evidence)
    assert not proposal.sure


def test_only_the_fields_that_the_picture_touches_are_doubted() -> None:
    body = "推进水库建设。（县水利局负责，2026年6月底前完成）"
    at = len(HEAD) + 3 + body.index("2026年6月")
    proposal = read(body, doubtful=(Span(0, 3), Span(at, at + 4)))
    assert [e.field for e in proposal.evidence if e.kind == "ocr"] == ["due"]


@pytest.mark.parametrize(
    "body",
    [
        "推进水库建设。（县水利局负责，会后7日内完成）",
        "推进水库建设。（县水利局负责，立行立改）",
        "推进水库建设。（县水利局负责，尽快完成）",
        "推进水库建设。（县水利局负责，4月20日（星期五）前完成）",
        "推进水库建设。（县水利局负责，1月底前完成）",
        "3月底前完成方案，9月底前完成建设。（县水利局负责）",
        "主汛期前完成除险加固。（县水利局负责）",
    ],
)
def test_date_that_was_counted_chosen_or_assumed_is_not_sure(body: str) -> None:
    proposal = read(body)
    assert [e.sure for e in evidence(proposal, "due")] == [False]
    assert not proposal.sure


def test_month_of_the_documents_own_year_is_sure() -> None:
    assert [e.sure for e in evidence(read("推进水库建设。（县水利局负责，6月底前完成）"), "due")] == [True]


def test_names_that_ran_together_are_not_sure() -> None:
    proposal = read("推进水库建设。（县水利局县财政局、县扶贫办发展改革委负责）")
    assert [e.sure for e in evidence(proposal, "joint")] == [False, False]


def test_name_that_a_space_tears_is_not_sure() -> None:
    proposal = read("推进水库建设。（人力资源社 会保障部、县水利局负责）")
    assert [e.value for e in proposal.evidence if e.field == "joint" and e.sure] == ["县水利局"]


@pytest.mark.parametrize(
    "name", ["人力资源社会保障部", "省委网信办", "县政府办公室", "中国银行青禾分行", "市公安局交警支队", "县残联"]
)
def test_usual_compound_name_is_sure(name: str) -> None:
    assert [e.sure for e in evidence(read(f"推进建设。（{name}负责）"), "joint")] == [True]


def test_bare_count_is_sure_only_where_its_words_bring_it_about() -> None:
    proposal = read("新建水库3座，供水率达到95%以上，完成12座病险水库除险加固。（县水利局负责）")
    assert [(e.value, e.sure) for e in evidence(proposal, "target")] == [
        ("新建水库 = 3座", True),
        ("供水率 >= 95%", True),
        ("病险水库除险加固 = 12座", False),
    ]


MINUTES = "青禾县人民政府常务会议纪要\n2026年3月2日\n会议议定事项：\n"


def test_decision_that_says_who_leads_is_explicit() -> None:
    (proposal,) = read_directive(f"{MINUTES}由县水利局牵头，县财政局配合，3月底前完成摸排。\n").proposals
    assert {e.kind for e in proposal.evidence} == {"explicit"}


def test_decision_that_only_names_an_actor_is_inferred() -> None:
    (proposal,) = read_directive(f"{MINUTES}由县审计局提前介入。\n").proposals
    assert {e.kind for e in proposal.evidence} == {"inferred"}
    assert not proposal.sure


def test_only_what_is_right_often_enough_may_be_sure() -> None:
    sure = {kind for kind, chance in CLAIMED.items() if chance >= SURE}
    assert sure == {"explicit", "document_rule"}


def test_received_day_alone_does_not_make_a_month_sure() -> None:
    text = "一、重点任务\n（一）推进水库建设。（县水利局负责，6月底前完成）\n"
    (proposal,) = read_directive(text, received_date=date(2026, 3, 1)).proposals
    assert [(e.kind, e.sure) for e in evidence(proposal, "due")] == [("inherited", False)]

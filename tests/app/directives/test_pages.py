"""The pages of directives: who sees what, reviewing without JavaScript and with HTMX, conflicts, and their budgets."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from luoshi.directives.actions import drop_proposal, edit_proposal
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import list_proposals
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import NOW, Cast

SignIn = Callable[[str], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def directive(cast: Cast) -> Directive:
    return make_directive(cast)


def address(directive: Directive, proposal: Proposal | None = None, step: str = "") -> str:
    at = f"/directives/{directive.pk}/"
    return f"{at}proposals/{proposal.pk}/{step}" if proposal else f"{at}{step}"


def form(proposal: Proposal, **changes: object) -> dict[str, object]:
    """What the edit form sends for a proposal as it stands."""
    data: dict[str, object] = {
        "title": proposal.title, "requirement": proposal.requirement, "standard": proposal.standard,
        "due_date": proposal.due_date or "", "cadence": proposal.cadence, "version": proposal.version,
        "review_date": proposal.review_date or "", "target-name": [""], "target-op": [">="], "target-value": [""],
        "target-unit": [""], "step-name": [""], "step-date": [""],
    }  # fmt: skip
    for unit in proposal.units:
        data.setdefault(f"unit-{unit['role']}", [])
        data[f"unit-{unit['role']}"].append(unit["name"])  # type: ignore[attr-defined]
    return data | changes


def test_source_shows_every_word_and_marks_units_and_dates(directive: Directive, signed_in: SignIn) -> None:
    page = signed_in("office").get(address(directive)).content.decode()
    source = page[page.index('id="source"') : page.index('id="proposals"')]
    words = re.sub(r"<a class=\"to-proposal.*?</a>|<button.*?</button>|<[^>]+>", "", source)
    assert re.sub(r"\s", "", PAPER) in re.sub(r"\s", "", words)
    assert re.search(r'class="k[^"]*k-unit[^"]*"[^>]*>县农业农村局<', source)
    assert re.search(r'class="k[^"]*k-due[^"]*"[^>]*>10月底前<', source)


def test_text_of_a_paper_is_never_markup(cast: Cast, signed_in: SignIn) -> None:
    bad = make_directive(cast, text=PAPER.replace("修好水利设施", "修好<script>alert(1)</script>水利设施"))
    page = signed_in("office").get(address(bad)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_without_script_a_step_leads_back_to_its_card(directive: Directive, signed_in: SignIn) -> None:
    first = list_proposals(directive)[0]
    answer = signed_in("office").post(address(directive, first), {"do": "accept", "version": 1})
    assert (answer.status_code, answer["Location"]) == (302, f"/directives/{directive.pk}/#p-{first.pk}")
    assert Proposal.objects.get(pk=first.pk).state == "accepted"


def test_htmx_gets_the_card_and_the_standing(directive: Directive, signed_in: SignIn) -> None:
    first = list_proposals(directive)[0]
    page = signed_in("office").post(address(directive, first), {"do": "accept", "version": 1}, **HTMX).content.decode()
    assert page.count("<article") == 1
    assert 'id="standing"' in page
    assert 'id="finish"' in page


def test_second_reviewer_is_told_and_sees_what_is_there_now(
    directive: Directive, cast: Cast, signed_in: SignIn
) -> None:
    first = list_proposals(directive)[0]
    drop_proposal(list_proposals(directive)[0], version=1, by=cast["officeclerk"], now=NOW)
    page = signed_in("office").post(address(directive, first), {"do": "accept", "version": 1}, **HTMX)
    assert 'role="alert"' in page.content.decode()
    assert Proposal.objects.get(pk=first.pk).state == "dropped"


def test_edit_conflict_shows_both_and_loses_nothing_typed(directive: Directive, cast: Cast, signed_in: SignIn) -> None:
    mine = list_proposals(directive)[0]
    edit_proposal(list_proposals(directive)[0], version=1, title="他人的标题", by=cast["officeclerk"], now=NOW)
    client = signed_in("office")
    page = client.post(address(directive, mine, "edit/"), form(mine, title="我的标题"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "他人的标题" in text
    assert 'value="我的标题"' in text
    assert client.post(address(directive, mine, "edit/"), form(mine, title="我的标题", version=2)).status_code == 302
    assert Proposal.objects.get(pk=mine.pk).title == "我的标题"


def test_editing_keeps_matches_and_reads_new_units_targets_and_steps(
    directive: Directive, cast: Cast, signed_in: SignIn
) -> None:
    proposal = list_proposals(directive)[2]
    data = form(proposal) | {
        "unit-lead": ["县水利局、县低空经济专班"], "is_open_ended": "on", "review_date": "2026-12-01",
        "target-name": ["开放场景", ""], "target-op": [">=", ">="], "target-value": ["1,200", ""],
        "target-unit": ["个", ""], "step-date": ["2026-09-01", ""], "step-name": ["首批开放", ""],
    }  # fmt: skip
    assert signed_in("office").post(address(directive, proposal, "edit/"), data).status_code == 302
    saved = Proposal.objects.get(pk=proposal.pk)
    units = {u["name"]: (u["role"], u["unit"]) for u in saved.units}
    assert units["县水利局"] == ("lead", cast.unit("QH-SLJ").pk)
    assert units["县低空经济专班"] == ("lead", None)
    assert units["县财政局"] == ("co", cast.unit("QH-CZJ").pk)
    assert [(t["value"], t["unit"]) for t in saved.targets] == [("1200", "个")]
    assert saved.milestones == [{"name": "首批开放", "date": "2026-09-01"}]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"target-value": ["许多"], "target-name": ["产量"]},
        {"step-name": ["无日期"]},
        {"is_open_ended": "on"},
    ],
)
def test_faulty_form_is_shown_again_with_what_was_typed(
    changes: dict[str, object], directive: Directive, signed_in: SignIn
) -> None:
    proposal = list_proposals(directive)[0]
    page = signed_in("office").post(address(directive, proposal, "edit/"), form(proposal, **changes))
    assert page.status_code == 422
    assert proposal.requirement in page.content.decode()
    assert Proposal.objects.get(pk=proposal.pk).version == 1


def test_splitting_without_script_offers_places(directive: Directive, signed_in: SignIn) -> None:
    proposal = list_proposals(directive)[0]
    client = signed_in("office")
    at = proposal.requirement.index("全年")
    assert f'name="at" value="{at}"' in client.get(address(directive, proposal, "split/")).content.decode()
    client.post(address(directive, proposal, "split/"), {"at": at, "version": 1})
    assert len(list_proposals(directive)) == 5


def test_an_unmatched_name_is_resolved_with_typed_words(directive: Directive, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("office")
    client.post(address(directive, step="names/"), {"name": "县低空经济专班", "unit": "没有的局"})
    assert not list_proposals(directive)[2].units[0]["unit"]
    client.post(address(directive, step="names/"), {"name": "县低空经济专班", "unit": "青禾县水利局"})
    assert list_proposals(directive)[2].units[0]["unit"] == cast.unit("QH-SLJ").pk


def test_a_unit_of_another_county_is_never_the_answer(directive: Directive, cast: Cast, signed_in: SignIn) -> None:
    data = {"name": "县低空经济专班", "candidate": cast.unit("BS-CZJ").pk}
    signed_in("office").post(address(directive, step="names/"), data)
    assert not list_proposals(directive)[2].units[0]["unit"]


def test_confirm_waits_until_everything_is_decided(directive: Directive, signed_in: SignIn) -> None:
    client = signed_in("office")
    assert "disabled" in _finish(client.get(address(directive)).content.decode())
    client.post(address(directive, step="sure/"))
    for place, step in ((2, "information"), (3, "accept")):
        client.post(address(directive, list_proposals(directive)[place]), {"do": step, "version": 1})
    finish = _finish(client.get(address(directive)).content.decode())
    assert "disabled" not in finish
    assert f"/tasks/from-directive/{directive.pk}/" in finish


def _finish(page: str) -> str:
    return page[page.index('id="finish"') :].split("<datalist", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("who", "read", "step"),
    [
        ("office", 200, 302), ("leader", 200, 302), ("sponsor", 200, 302), ("observer", 200, 403), ("admin", 200, 403),
        ("deptclerk", 404, 404), ("townclerk", 404, 404), ("outsider", 404, 404),
    ],
)  # fmt: skip
def test_only_those_who_steer_review(who: str, read: int, step: int, directive: Directive, signed_in: SignIn) -> None:
    client = signed_in(who)
    first = list_proposals(directive)[0]
    assert client.get(address(directive)).status_code == read
    assert client.post(address(directive, first), {"do": "accept", "version": 1}).status_code == step


def test_a_proposal_of_another_directive_is_not_reached(directive: Directive, cast: Cast, signed_in: SignIn) -> None:
    other = list_proposals(make_directive(cast, again=True))[0]
    answer = signed_in("office").post(address(directive, other), {"do": "accept", "version": 1})
    assert answer.status_code == 404


def test_list_is_found_by_words_and_state(directive: Directive, signed_in: SignIn) -> None:
    client = signed_in("office")
    assert directive.title in client.get("/directives/?q=重点任务&state=review").content.decode()
    assert directive.title not in client.get("/directives/?state=confirmed").content.decode()
    assert directive.title not in signed_in("townclerk").get("/directives/").content.decode()


def test_pages_keep_their_query_budgets(cast: Cast, signed_in: SignIn, django_assert_max_num_queries) -> None:
    body = "".join(f"{n}.推进第{n}项工作。年底前完成{n}件。（县财政局牵头，县水利局配合）\n" for n in range(1, 121))
    directive = make_directive(cast, text=PAPER + "三、其他任务\n" + body)
    client = signed_in("office")
    client.get("/directives/")
    with django_assert_max_num_queries(11):
        client.get("/directives/")
    with django_assert_max_num_queries(18):
        client.get(address(directive))
    with django_assert_max_num_queries(32):
        client.post(address(directive, list_proposals(directive)[0]), {"do": "accept", "version": 1}, **HTMX)


def test_a_text_of_a_megabyte_is_shown_in_parts(cast: Cast, signed_in: SignIn) -> None:
    line = "推进工作，落实责任，加快进度，确保质量。" * 20
    body = "".join(f"{n}.{line}（县财政局牵头，县水利局配合，年底前完成）\n" for n in range(1, 2501))
    directive = make_directive(cast, text="青禾县任务分工\n一、任务\n" + body)
    assert len(directive.text) > 1_000_000
    client = signed_in("office")
    first, last = client.get(address(directive)), client.get(address(directive) + "?part=9999")
    assert len(first.content) < 1_500_000
    assert "2500." in last.content.decode()
    assert "2500." not in first.content.decode()


def test_page_says_what_of_the_paper_could_not_be_read(directive: Directive, signed_in: SignIn) -> None:
    office = signed_in("office")
    assert "make ocr" not in office.get(address(directive)).content.decode()
    Directive.objects.filter(pk=directive.pk).update(paper_notes=["pages_unread"])
    assert "make ocr" in office.get(address(directive)).content.decode()


@pytest.mark.parametrize("day", ["1899-05-01", "2999-01-01", "2027-01-01"])
def test_day_that_can_only_be_a_slip_is_refused_and_what_was_typed_stays(
    cast: Cast, signed_in: SignIn, day: str
) -> None:
    data = {"text": PAPER, "unit": cast.unit("QH").pk, "received_date": day}
    answer = signed_in("office").post("/directives/new/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "error" in page.split('name="received_date"')[1].split("</div>")[0]
    assert "稳定粮食生产" in page
    assert not Directive.objects.exists()

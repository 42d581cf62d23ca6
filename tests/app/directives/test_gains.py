"""What is answered once for a whole paper: names, columns, indicators; and gentle notes on a paper of one's own."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.directives.models import Clause, ColumnName, Directive, Goal, Proposal
from luoshi.directives.queries import get_coverage, get_shares, list_clauses, list_lost_names, list_proposals
from luoshi.orgs.models import UnitName
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import Cast

SignIn = Callable[[str], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
UNKNOWN = "（五）办好实事。修路3条。（县低空经济专班、县项目推进中心负责，年底前完成）\n"
OWN = PAPER + "（二）各乡镇每月5日前报送进展情况。各部门要结合实际制定实施方案，3月底前报县政府办公室。\n"


@pytest.fixture
def directive(cast: Cast) -> Directive:
    return make_directive(cast, text=PAPER.replace("二、组织保障", UNKNOWN + "二、组织保障"))


def address(directive: Directive, rest: str = "") -> str:
    return f"/directives/{directive.pk}/{rest}"


def test_names_are_collected_once_and_answered_together(cast: Cast, directive: Directive, signed_in: SignIn) -> None:
    lost = list_lost_names(list_proposals(directive))
    assert [(row.name, row.count) for row in lost] == [("县低空经济专班", 2), ("县项目推进中心", 1)]
    data = {
        "name": [row.name for row in lost], "typed-0": "县财政局", "remember-0": "1", "typed-1": "县水利局",
    }  # fmt: skip
    response = signed_in("office").post(address(directive, "names/all/"), data, **HTMX)
    assert response.status_code == 200
    assert not list_lost_names(list_proposals(directive))
    assert UnitName.objects.filter(name="县低空经济专班", kind=UnitName.ALIAS).exists()
    assert not UnitName.objects.filter(name="县项目推进中心").exists()


def test_answer_that_is_no_unit_is_named_and_the_others_hold(
    cast: Cast, directive: Directive, signed_in: SignIn
) -> None:
    data = {"name": ["县低空经济专班", "县项目推进中心"], "typed-0": "天上人间局", "typed-1": "县水利局"}
    response = signed_in("office").post(address(directive, "names/all/"), data, **HTMX)
    assert "天上人间局" in response.content.decode()
    assert [row.name for row in list_lost_names(list_proposals(directive))] == ["县低空经济专班"]


def test_handler_without_the_right_does_not_add_aliases(cast: Cast, directive: Directive, signed_in: SignIn) -> None:
    data = {"name": ["县低空经济专班"], "typed-0": "县财政局", "remember-0": "1"}
    signed_in("sponsor").post(address(directive, "names/all/"), data, **HTMX)
    assert [row.name for row in list_lost_names(list_proposals(directive))] == ["县项目推进中心"]
    assert not UnitName.objects.filter(name="县低空经济专班").exists()


def with_table(directive: Directive) -> Directive:
    """As the reader leaves a table with a heading of the unit's own."""
    directive.tables = [{"start": 0, "end": 9, "headings": ["序号", "干什么", "谁来干"], "roles": ["serial", "", ""]}]
    directive.save()
    return directive


def test_columns_are_asked_once_remembered_and_forgotten(cast: Cast, directive: Directive, signed_in: SignIn) -> None:
    client = signed_in("office")
    page = client.get(address(with_table(directive))).content.decode()
    assert "干什么" in page
    data = {"heading": ["干什么", "谁来干", "偷塞的"], "role": ["text", "lead", "due"]}
    client.post(address(directive, "columns/"), data)
    kept = dict(ColumnName.objects.values_list("heading", "role"))
    assert kept == {"干什么": "text", "谁来干": "lead"}
    assert ColumnName.objects.first().unit == cast.unit("QH")  # type: ignore[union-attr]
    assert Entry.objects.filter(verb="reread_directive").exists()
    assert 'id="columns"' not in client.get(address(with_table(directive))).content.decode()
    column = ColumnName.objects.get(heading="干什么")
    assert "谁来干" in client.get("/directives/columns/").content.decode()
    client.post(f"/directives/columns/{column.pk}/forget/")
    assert dict(ColumnName.objects.values_list("heading", "role")) == {"谁来干": "lead"}


def test_columns_are_kept_though_decided_proposals_stop_the_rereading(
    cast: Cast, directive: Directive, signed_in: SignIn
) -> None:
    Proposal.objects.filter(directive=directive).update(state="accepted")
    response = signed_in("office").post(
        address(with_table(directive), "columns/"), {"heading": ["干什么"], "role": ["text"]}, follow=True
    )
    assert ColumnName.objects.filter(heading="干什么").exists()
    assert not Entry.objects.filter(verb="reread_directive").exists()
    assert response.status_code == 200


def make_goal(directive: Directive, **fields: object) -> Goal:
    clause = Clause.objects.filter(directive=directive).first()
    values = {"name": "粮食播种面积", "op": ">=", "value": Decimal("42.6"), "unit": "万亩", "position": 0} | fields
    return Goal.objects.create(directive=directive, clause=clause, start=0, end=4, **values)


def test_indicator_is_accepted_corrected_and_taken_back(cast: Cast, directive: Directive, signed_in: SignIn) -> None:
    goal, client = make_goal(directive), signed_in("office")
    to = address(directive, f"goals/{goal.pk}/")
    client.post(to, {"do": "accept", "version": 1}, **HTMX)
    assert Goal.objects.get().state == "accepted"
    saved = {"do": "save", "version": 2, "name": "粮播面积", "op": ">=", "value": "43", "unit": "万亩"}
    client.post(to, saved, **HTMX)
    assert (Goal.objects.get().name, Goal.objects.get().value) == ("粮播面积", Decimal(43))
    client.post(to, {"do": "wait", "version": 3}, **HTMX)
    assert Goal.objects.get().state == "proposed"
    assert Entry.objects.filter(verb__in=["decide_goal", "edit_goal"]).count() == 3


def test_indicator_changed_by_another_meanwhile_is_not_overwritten(
    cast: Cast, directive: Directive, signed_in: SignIn
) -> None:
    goal = make_goal(directive)
    Goal.objects.update(version=2)
    signed_in("office").post(address(directive, f"goals/{goal.pk}/"), {"do": "drop", "version": 1}, **HTMX)
    assert Goal.objects.get().state == "proposed"


def test_own_paper_gets_gentle_notes_and_a_paper_from_above_none(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("office")
    own = client.get(address(make_directive(cast, text=OWN))).content.decode()
    assert "burden-note" in own
    assert "每月5日前报送进展情况" in own
    above = make_directive(cast, text=OWN.replace("青禾县人民政府\n2026", "云山市人民政府\n2026"))
    Directive.objects.filter(pk=above.pk).update(issuer="云山市人民政府")
    assert "burden-note" not in client.get(address(above)).content.decode()


def test_share_in_the_list_is_that_of_the_review(cast: Cast, directive: Directive, signed_in: SignIn) -> None:
    first, second = list_proposals(directive)[:2]
    Proposal.objects.filter(pk=first.pk).update(state="accepted")
    Proposal.objects.filter(pk=second.pk).update(state="adopted")
    coverage = get_coverage(directive, clauses=list_clauses(directive), proposals=list_proposals(directive))
    assert get_shares([directive]) == {directive.pk: coverage.share}
    assert 0 < coverage.share < 100
    assert f"{coverage.share}%" in signed_in("office").get("/directives/").content.decode()

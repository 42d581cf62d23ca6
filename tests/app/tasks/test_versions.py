"""A revised directive: its clauses beside the old ones, the tasks it touches, and what its confirmation changes."""

import html
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.directives.actions import accept_proposal, drop_proposal, undo_step, withdraw_directive
from luoshi.directives.actions.adopting import NoSuchPredecessor, set_supersedes
from luoshi.directives.models import Directive
from luoshi.directives.queries import list_clause_pairs, list_proposals
from luoshi.notices.models import Notice
from luoshi.orgs.actions import create_api_token
from luoshi.tasks.actions import (
    UpdatedAlready,
    adopt_by_reference,
    adopt_revisions,
    dispatch_tasks,
    open_tasks,
)
from luoshi.tasks.models import Reference, Task
from luoshi.tasks.queries.versions import Touched, list_touched
from tests.factories.directives import PAPER, make_directive
from tests.factories.orgs import NOW, Cast

SignIn = Callable[[str], Client]
REVISED = (
    PAPER.replace("青政发〔2026〕3号", "青政发〔2026〕20号")
    .replace("方案的通知", "方案（修订）的通知")
    .replace("12座", "15座")
    .replace("11月底前", "9月底前")
    .replace("（三）探索低空经济。在农林植保领域开放一批场景。（县低空经济专班牵头，县财政局配合，持续推进）\n", "")
    .replace("（四）建设和美乡村", "（三）建设和美乡村")
)


@pytest.fixture
def old(cast: Cast) -> Directive:
    """The first version, confirmed; its tasks are open."""
    directive = make_directive(cast)
    for proposal in list_proposals(directive):
        accept_proposal(proposal, version=1, by=cast["office"], now=NOW)
    open_tasks(directive, by=cast["office"], now=NOW)
    return directive


@pytest.fixture
def new(cast: Cast, old: Directive) -> Directive:
    """Its revision, in review."""
    directive = make_directive(cast, text=REVISED)
    set_supersedes(directive, earlier=old, by=cast["office"], now=NOW)
    return directive


def by_title(rows: list[Touched]) -> dict[str, Touched]:
    return {row.task.title: row for row in rows}


def settle_rest(cast: Cast, directive: Directive) -> None:
    for proposal in list_proposals(directive):
        if proposal.state == "proposed":
            drop_proposal(proposal, version=proposal.version, by=cast["office"], now=NOW)


def test_clauses_are_the_same_changed_or_gone(new: Directive) -> None:
    kinds = {(p.new or p.old).text.strip()[:6]: p.kind for p in list_clause_pairs(new) if (p.new or p.old)}  # type: ignore[union-attr]
    assert kinds["（一）稳定粮"] == "same"
    assert kinds["（二）修好水"] == "changed"
    assert kinds["（三）探索低"] == "gone"
    assert kinds["（三）建设和"] == "same"


def test_touched_tasks_say_what_changes(cast: Cast, new: Directive) -> None:
    rows = by_title(list_touched(cast.access("office"), new))
    assert {title: row.fate for title, row in rows.items()} == {
        "稳定粮食生产": "same", "修好水利设施": "changed", "探索低空经济": "gone", "建设和美乡村": "same",
    }  # fmt: skip
    match = rows["修好水利设施"].match
    assert match is not None
    assert {(d.field, d.mine, d.theirs) for d in match.differences} == {
        ("number", "15座", "12座"), ("due", "2026-09-30", "2026-11-30"),
    }  # fmt: skip
    assert [(c.kind, c.text) for c in rows["修好水利设施"].words if c.kind != "same"] == [("gone", "12"), ("new", "15")]


def test_confirmation_updates_the_task_in_one_entry_that_keeps_what_was(cast: Cast, new: Directive) -> None:
    water = Task.objects.get(title="修好水利设施")
    water.duties.update(unit=cast.unit("QH-NYJ"))  # where somebody works who can be told
    water.standard = "通过验收"
    water.save()
    dispatch_tasks([water], by=cast["office"], now=NOW)
    row = by_title(list_touched(cast.access("office"), new))["修好水利设施"]
    assert row.proposal is not None
    adopt_revisions(new, chosen=[(row.proposal, row.task)], by=cast["office"], now=NOW)
    assert Task.objects.get(pk=water.pk).due_date == date(2026, 11, 30)  # nothing changes before the confirmation
    settle_rest(cast, new)
    count, entries, told = Task.objects.count(), Entry.objects.count(), Notice.objects.count()
    assert open_tasks(new, by=cast["office"], now=NOW) == []
    water.refresh_from_db()
    assert water.clause is not None
    assert (water.due_date, water.target_value, water.clause.directive) == (date(2026, 9, 30), Decimal(15), new)
    assert water.original_due_date == date(2026, 11, 30)
    assert "15座" in water.requirement
    assert (Task.objects.count(), Entry.objects.count()) == (count, entries + 1)
    [change] = Entry.objects.latest("seq").data["updated"]
    assert (change["before"]["due_date"], change["after"]["due_date"]) == ("2026-11-30", "2026-09-30")
    assert Reference.objects.get(task=water).applied_at == NOW
    assert Notice.objects.count() > told


def test_extension_and_better_standard_survive_a_revision_that_leaves_them_alone(cast: Cast, new: Directive) -> None:
    grain = Task.objects.get(title="稳定粮食生产")
    Task.objects.filter(pk=grain.pk).update(due_date=date(2026, 12, 15), standard="按测产结果核定")
    row = by_title(list_touched(cast.access("office"), new))["稳定粮食生产"]
    assert row.fate == "same"
    assert row.proposal is not None
    adopt_revisions(new, chosen=[(row.proposal, row.task)], by=cast["office"], now=NOW)
    settle_rest(cast, new)
    open_tasks(new, by=cast["office"], now=NOW)
    grain.refresh_from_db()
    assert grain.clause is not None
    assert (grain.due_date, grain.standard) == (date(2026, 12, 15), "按测产结果核定")
    assert grain.clause.directive == new


def test_task_that_ended_meanwhile_is_left_alone(cast: Cast, new: Directive) -> None:
    row = by_title(list_touched(cast.access("office"), new))["修好水利设施"]
    assert row.proposal is not None
    adopt_revisions(new, chosen=[(row.proposal, row.task)], by=cast["office"], now=NOW)
    Task.objects.filter(pk=row.task.pk).update(state="closed")
    settle_rest(cast, new)
    open_tasks(new, by=cast["office"], now=NOW)
    assert Task.objects.get(pk=row.task.pk).due_date == date(2026, 11, 30)
    assert Reference.objects.get(task=row.task).applied_at is None


def test_update_that_is_taken_back_changes_nothing(cast: Cast, new: Directive) -> None:
    row = by_title(list_touched(cast.access("office"), new))["修好水利设施"]
    assert row.proposal is not None
    adopt_by_reference(row.proposal, task=row.task, version=1, by=cast["office"], now=NOW, updates=True)
    undo_step(row.proposal, version=2, by=cast["office"], now=NOW)
    assert not Reference.objects.exists()


def test_two_clauses_do_not_rewrite_one_task(cast: Cast, new: Directive) -> None:
    first, second = list_proposals(new)[:2]
    task = Task.objects.get(title="修好水利设施")
    adopt_by_reference(first, task=task, version=1, by=cast["office"], now=NOW, updates=True)
    with pytest.raises(UpdatedAlready):
        adopt_by_reference(second, task=task, version=1, by=cast["office"], now=NOW, updates=True)


def test_directive_replaces_neither_itself_nor_a_later_nor_a_withdrawn_one(
    cast: Cast, old: Directive, new: Directive
) -> None:
    third = make_directive(cast, text=REVISED.replace("20号", "30号"))
    set_supersedes(third, earlier=new, by=cast["office"], now=NOW)
    for earlier in (new, third):
        with pytest.raises(NoSuchPredecessor):
            set_supersedes(new, earlier=earlier, by=cast["office"], now=NOW)
    withdraw_directive(new, reason="发文有误", version=new.version, by=cast["office"], now=NOW)
    new.refresh_from_db()
    with pytest.raises(NoSuchPredecessor):
        set_supersedes(third, earlier=new, by=cast["office"], now=NOW)


def test_pages_show_the_words_the_tasks_and_one_button_for_all(cast: Cast, new: Directive, signed_in: SignIn) -> None:
    client = signed_in("office")
    page = client.get(f"/directives/{new.pk}/versions/").content.decode()
    assert "<del>12</del><ins>15</ins>" in page
    touched = client.get(f"/tasks/from-directive/{new.pk}/touched/").content.decode()
    assert "修好水利设施" in touched
    client.post(f"/tasks/from-directive/{new.pk}/touched/")
    assert Reference.objects.filter(updates=True).count() == 3
    assert [p.state for p in list_proposals(new)] == ["adopted"] * 3


def test_review_suggests_the_paper_that_the_text_replaces(cast: Cast, old: Directive, signed_in: SignIn) -> None:
    end = "四、附则\n（一）本方案自印发之日起施行，《2026年重点任务分工方案》（青政发〔2026〕3号）同时废止。\n"
    directive = make_directive(cast, text=PAPER.replace("〔2026〕3号", "〔2026〕8号") + end)
    client = signed_in("office")
    assert "同时废止" in client.get(f"/directives/{directive.pk}/").content.decode().split('id="standing"')[0]
    client.post(f"/directives/{directive.pk}/supersedes/", {"earlier": old.pk})
    directive.refresh_from_db()
    assert directive.supersedes == old


def test_task_whose_clause_is_gone_is_offered_for_withdrawal_with_the_reason(
    cast: Cast, new: Directive, signed_in: SignIn
) -> None:
    client = signed_in("office")
    page = client.get(f"/tasks/from-directive/{new.pk}/touched/").content.decode()
    [link] = re.findall(r'href="(/tasks/\d+/withdraw/\?reason=[^"]+)"', page)
    assert "青政发〔2026〕20号" in client.get(html.unescape(link)).content.decode()


def test_comparing_and_listing_keep_their_query_budgets(
    cast: Cast, new: Directive, signed_in: SignIn, django_assert_max_num_queries
) -> None:
    client = signed_in("office")
    client.get("/directives/")
    with django_assert_max_num_queries(13):
        client.get(f"/directives/{new.pk}/versions/")
    with django_assert_max_num_queries(17):
        client.get(f"/tasks/from-directive/{new.pk}/touched/", HTTP_HX_REQUEST="true")
    with django_assert_max_num_queries(13):
        client.get(f"/tasks/from-directive/{new.pk}/asked/", HTTP_HX_REQUEST="true")


def test_only_tasks_that_the_reader_sees_are_touched(cast: Cast, new: Directive, signed_in: SignIn) -> None:
    Task.objects.filter(title="修好水利设施").update(owner=cast.unit("BS"))
    Task.objects.get(title="修好水利设施").duties.all().delete()
    titles = {row.task.title for row in list_touched(cast.access("office"), new)}
    assert titles == {"稳定粮食生产", "探索低空经济", "建设和美乡村"}
    assert list(by_title(list_touched(cast.access("outsider"), new))) == ["修好水利设施"]
    page = signed_in("office").get(f"/tasks/from-directive/{new.pk}/touched/").content.decode()
    assert "建设和美乡村" in page
    assert "修好水利设施" not in page


def test_words_of_a_replaced_directive_are_for_those_who_may_read_it(
    cast: Cast, old: Directive, new: Directive, signed_in: SignIn
) -> None:
    """A department reads what its county has confirmed, not what waits or was withdrawn."""
    Directive.objects.filter(pk=old.pk).update(state="withdrawn", title="还没有公开的旧方案")
    Directive.objects.filter(pk=new.pk).update(state="confirmed")
    client, token = signed_in("deptclerk"), create_api_token(cast["deptclerk"], name="test", now=NOW)[1]
    review = client.get(f"/directives/{new.pk}/")
    assert review.status_code == 200
    assert "还没有公开的旧方案" not in review.content.decode()
    assert client.get(f"/directives/{new.pk}/versions/").status_code == 404
    key = {"authorization": f"Bearer {token}"}
    assert Client(headers=key).get(f"/api/directives/{new.pk}/versions").status_code == 404
    Directive.objects.filter(pk=old.pk).update(state="confirmed")
    assert "还没有公开的旧方案" in client.get(f"/directives/{new.pk}/").content.decode()
    assert client.get(f"/directives/{new.pk}/versions/").status_code == 200
    assert Client(headers=key).get(f"/api/directives/{new.pk}/versions").status_code == 200


def test_withdrawn_revision_lets_its_tasks_be_updated_by_another(cast: Cast, old: Directive, new: Directive) -> None:
    row = by_title(list_touched(cast.access("office"), new))["修好水利设施"]
    assert row.proposal is not None
    adopt_by_reference(row.proposal, task=row.task, version=1, by=cast["office"], now=NOW, updates=True)
    other = make_directive(cast, text=REVISED.replace("20号", "21号"))
    set_supersedes(other, earlier=old, by=cast["office"], now=NOW)
    again = by_title(list_touched(cast.access("office"), other))["修好水利设施"].proposal
    assert again is not None
    with pytest.raises(UpdatedAlready):
        adopt_by_reference(again, task=row.task, version=1, by=cast["office"], now=NOW, updates=True)
    new.refresh_from_db()
    withdraw_directive(new, reason="发文有误", version=new.version, by=cast["office"], now=NOW)
    again.refresh_from_db()
    adopt_by_reference(again, task=row.task, version=1, by=cast["office"], now=NOW, updates=True)
    assert [r.proposal for r in Reference.objects.all()] == [again]

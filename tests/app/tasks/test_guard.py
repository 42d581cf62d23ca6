"""Asking for more than was asked from above needs a reason, by whichever way the work goes down a tier."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.orgs.actions import create_api_token
from luoshi.tasks.actions import (
    UnexplainedInflation,
    decide_adaptation,
    dispatch_tasks,
    edit_task,
    propose_adaptation,
)
from luoshi.tasks.actions.indicating import allot, set_indicator
from luoshi.tasks.actions.steering import Change, steer_tasks
from luoshi.tasks.models import Inflation, Task
from luoshi.tasks.queries.growing import list_growth
from luoshi.tasks.queries.inflating import count_unseen, list_inflations_of
from luoshi.tasks.rules.indicators import Owed
from luoshi.tasks.rules.steering import Steer
from tests.factories.orgs import Cast
from tests.factories.work import make_task

D = Decimal
WHY = "市里要求提前验收"


def above(cast: Cast, **fields: Any) -> Task:
    known = {"standard": "登记在册", "target_value": D(1000), "target_op": ">=", "target_unit": "人", **fields}
    return make_task(cast, "城镇新增就业", due=date(2026, 12, 20), **known)


def part(cast: Cast, parent: Task, *, state: str = "registered", **fields: Any) -> Task:
    known = {
        "standard": "登记在册", "target_op": ">=", "target_unit": "人", "due": date(2026, 12, 20),
        "requirement": parent.requirement, **fields,
    }  # fmt: skip
    return make_task(cast, "乡镇新增就业", owner="QH-NYJ", lead="QH-T01", parent=parent, state=state, **known)


def dispatch(cast: Cast, *tasks: Task, reason: str = "") -> int:
    return dispatch_tasks(tasks, by=cast["deptclerk"], now=cast.now, reason=reason)


def steer(cast: Cast, task: Task, *, what: Steer, after: Any, reason: str = "") -> Entry:
    before = task.due_date if what == Steer.DUE else task.cadence
    change = Change(task.pk, task.version, before, after)
    return steer_tasks([change], what=what, by=cast["deptclerk"], now=cast.now, today=cast.today, reason=reason)


def kinds() -> list[tuple[str, D, str]]:
    return list(Inflation.objects.order_by("pk").values_list("kind", "figure", "reason"))


def test_part_drafted_by_hand_is_not_dispatched_above_its_task_without_a_reason(cast: Cast) -> None:
    task = above(cast)
    part(cast, task, target_value=D(700), state="dispatched")
    second = part(cast, task, target_value=D(500))
    with pytest.raises(UnexplainedInflation, match="1200"):
        dispatch(cast, second)
    second.refresh_from_db()
    assert (second.state, kinds()) == ("registered", [])
    dispatch(cast, second, reason=WHY)
    assert kinds() == [("target", D("1.2"), WHY)]
    row = Inflation.objects.get()
    assert (row.task, row.part, row.unit) == (task, None, cast.unit("QH-NYJ"))
    entry = Entry.objects.get(verb="dispatch_tasks")
    assert (entry.data["reason"], entry.data["inflation"][0]["now"]) == (WHY, "1200")
    assert list_inflations_of(task) == [row]


def test_several_drafts_of_one_task_are_added_up_before_they_go_out(cast: Cast) -> None:
    task = above(cast)
    drafts = [part(cast, task, target_value=D(value)) for value in (600, 600)]
    with pytest.raises(UnexplainedInflation, match="1200"):
        dispatch(cast, *drafts)
    dispatch(cast, drafts[0])
    with pytest.raises(UnexplainedInflation, match="1200"):
        dispatch(cast, drafts[1])


def test_earlier_date_more_reports_and_papers_of_a_hand_made_part_are_seen(cast: Cast) -> None:
    task = above(cast, cadence="quarterly")
    early = part(cast, task, due=date(2026, 9, 1), cadence="weekly", standard="登记在册并上传工作照片")
    with pytest.raises(UnexplainedInflation):
        dispatch(cast, early)
    dispatch(cast, early, reason=WHY)
    assert [(kind, figure) for kind, figure, _why in kinds()] == [
        ("date", D(110)), ("report", D(52)), ("evidence", D(1))
    ]  # fmt: skip
    assert set(Inflation.objects.values_list("part", flat=True)) == {early.pk}


def test_step_of_the_leads_own_work_is_no_tier_below(cast: Cast) -> None:
    task = above(cast)
    step = make_task(
        cast, "先摸底", owner="QH", lead="QH-NYJ", parent=task, state="registered", due=date(2026, 9, 1),
        standard="台账建立", requirement=task.requirement, cadence="weekly",
    )  # fmt: skip
    dispatch_tasks([step], by=cast["office"], now=cast.now)
    assert kinds() == []


def test_heading_that_asks_nothing_is_not_exceeded(cast: Cast) -> None:
    heading = make_task(cast, "民生实事", due=None, requirement="", standard="", state="registered")
    dispatch(cast, part(cast, heading, requirement="建立台账", cadence="monthly", target_value=D(5)))
    assert kinds() == []


def test_dispatched_part_is_not_moved_earlier_without_a_reason(cast: Cast) -> None:
    given = part(cast, above(cast), state="in_progress")
    with pytest.raises(UnexplainedInflation, match="2026-09-01"):
        steer(cast, given, what=Steer.DUE, after=date(2026, 9, 1))
    entry = steer(cast, given, what=Steer.DUE, after=date(2026, 9, 1), reason=WHY)
    assert kinds() == [("date", D(110), WHY)]
    assert entry.data["reason"] == WHY


def test_what_was_let_pass_before_is_not_asked_about_again(cast: Cast) -> None:
    given = part(cast, above(cast), state="in_progress", due=date(2026, 9, 1))
    steer(cast, given, what=Steer.DUE, after=date(2026, 10, 1))
    assert kinds() == []
    given.refresh_from_db()
    with pytest.raises(UnexplainedInflation):
        steer(cast, given, what=Steer.DUE, after=date(2026, 8, 25))


def test_date_moved_together_with_the_task_above_is_no_raise(cast: Cast) -> None:
    task = above(cast)
    given = part(cast, task, state="in_progress")
    changes = [Change(t.pk, t.version, t.due_date, date(2026, 9, 1)) for t in (task, given)]
    steer_tasks(changes, what=Steer.DUE, by=cast["office"], now=cast.now, today=cast.today)
    assert kinds() == []


def test_draft_is_moved_freely_until_it_is_dispatched(cast: Cast) -> None:
    steer(cast, part(cast, above(cast)), what=Steer.DUE, after=date(2026, 9, 1))
    assert kinds() == []


def test_more_reports_of_a_dispatched_part_need_a_reason(cast: Cast) -> None:
    given = part(cast, above(cast, cadence="quarterly"), state="in_progress", cadence="quarterly")
    with pytest.raises(UnexplainedInflation, match="12"):
        edit_task(given, version=given.version, by=cast["deptclerk"], now=cast.now, cadence="monthly")
    given.refresh_from_db()
    assert given.cadence == "quarterly"
    edit_task(given, version=given.version, by=cast["deptclerk"], now=cast.now, cadence="monthly", reason=WHY)
    assert kinds() == [("report", D(12), WHY)]
    assert Entry.objects.get(verb="edit_task").data["reason"] == WHY


def test_raised_share_of_an_indicator_needs_a_reason(cast: Cast) -> None:
    task = above(cast)
    indicator = set_indicator(
        task, name="城镇新增就业", year=2026, measure="人", by=cast["office"], now=cast.now, owed=Owed(target=D(1000))
    )
    parts = [part(cast, task, state="in_progress") for _n in range(2)]

    def owe(*values: int, reason: str = "") -> int:
        owed = {one.pk: Owed(target=D(value)) for one, value in zip(parts, values, strict=True)}
        return allot(indicator, owed, by=cast["office"], now=cast.now, reason=reason)

    owe(500, 500)
    with pytest.raises(UnexplainedInflation, match="1300"):
        owe(800, 500)
    owe(800, 500, reason=WHY)
    assert kinds() == [("target", D("1.3"), WHY)]
    owe(750, 500)  # less than was let pass
    assert Inflation.objects.count() == 1


def test_higher_target_that_a_unit_proposed_itself_passes_but_is_shown_above(cast: Cast) -> None:
    task = above(cast)
    given = part(cast, task, state="in_progress", target_value=D(1000))
    proposed = propose_adaptation(
        given, unit=cast.unit("QH-T01"), reason="园区新投产", by=cast["townclerk"], now=cast.now,
        target_value=D(1200),
    )  # fmt: skip
    decide_adaptation(proposed, accept=True, answer="", by=cast["depthead"], now=cast.now)
    (row,) = list_inflations_of(task)
    assert (row.kind, row.figure) == ("target", D("1.2"))
    assert "园区新投产" in row.reason


def test_ratio_is_known_also_where_it_stays_within_the_limit(cast: Cast) -> None:
    task = above(cast)
    (growth,) = list_growth([part(cast, task, target_value=D(1050))], today=cast.today)
    assert (growth.asked, growth.given, growth.ratio, growth.raises) == (D(1000), D(1050), D("1.05"), ())


def test_cost_does_not_follow_the_number_of_parts(
    cast: Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    task = above(cast)
    one = [part(cast, task, target_value=D(10))]
    many = [*one, *(part(cast, task, target_value=D(10)) for _n in range(8))]
    for tasks in (one, many):
        with django_assert_num_queries(4):  # type: ignore[attr-defined]
            list_growth(tasks, today=cast.today)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        list_growth([task], today=cast.today)


def test_dispatch_page_shows_the_ratio_and_asks_for_the_reason(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    draft = part(cast, above(cast), target_value=D(1200))
    page = signed_in("deptclerk").get(f"/tasks/{draft.pk}/dispatch/").content.decode()
    assert "1.20×" in page
    assert 'name="reason"' in page
    answer = signed_in("deptclerk").post(f"/tasks/{draft.pk}/dispatch/", {"confirm": "1"})
    assert answer.status_code == 409
    answer = signed_in("deptclerk").post(f"/tasks/{draft.pk}/dispatch/", {"confirm": "1", "reason": WHY})
    assert answer.status_code == 302
    assert kinds() == [("target", D("1.2"), WHY)]


def test_edit_page_says_before_dispatch_and_asks_after_it(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    task = above(cast, cadence="quarterly")
    draft = part(cast, task, target_value=D(1200))
    assert "1.20×" in signed_in("deptclerk").get(f"/tasks/{draft.pk}/edit/").content.decode()
    given = part(cast, task, state="in_progress", cadence="quarterly")
    url, form = f"/tasks/{given.pk}/edit/", {"tier": 3, "urgency": 3, "weight": 1, "cadence": "weekly", "version": 1}
    answer = signed_in("deptclerk").post(url, form)
    assert answer.status_code == 409
    assert 'name="reason"' in answer.content.decode()
    assert signed_in("deptclerk").post(url, {**form, "reason": WHY}).status_code == 302
    assert kinds() == [("report", D(52), WHY)]


def test_bulk_change_shows_what_is_too_much_and_asks_why(cast: Cast, signed_in: Callable[[str], Client]) -> None:
    given = part(cast, above(cast), state="in_progress")
    office = signed_in("office")
    form = {"task": given.pk, "what": "due", "v_due": "2026-09-01", "step": "preview"}
    page = office.post("/ledger/bulk/", form).content.decode()
    assert 'name="reason"' in page
    (mark,) = re.findall(r'name="mark" value="(\w+)"', page)
    form |= {"step": "apply", "mark": mark}
    assert office.post("/ledger/bulk/", form).status_code == 409
    assert office.post("/ledger/bulk/", {**form, "reason": WHY}).status_code == 302
    assert kinds() == [("date", D(110), WHY)]


def test_api_drafts_a_part_and_dispatches_it_with_a_reason(cast: Cast) -> None:
    task = above(cast)
    _token, key = create_api_token(cast["deptclerk"], name="t", now=cast.now)
    api = Client(headers={"authorization": f"Bearer {key}"})
    given = {
        "title": "柳河镇新增就业", "requirement": task.requirement, "standard": "登记在册", "lead": ["QH-T01"],
        "parent": task.pk, "target_value": "1500", "target_op": ">=", "target_unit": "人", "due_date": "2026-12-20",
    }  # fmt: skip
    made = api.post("/api/tasks", given, content_type="application/json")
    assert made.status_code == 201, made.json()
    number = made.json()["id"]
    assert Task.objects.get(pk=number).parent == task
    url = f"/api/tasks/{number}/dispatch"
    refused = api.post(url)
    assert refused.status_code == 409
    assert "1500" in refused.json()["detail"]
    assert api.post(url, query_params={"reason": WHY}).status_code == 200
    assert kinds() == [("target", D("1.5"), WHY)]


def test_office_counts_what_it_has_not_looked_at_and_no_longer_once_it_has(
    cast: Cast, signed_in: Callable[[str], Client]
) -> None:
    for _n in range(2):
        dispatch(cast, part(cast, above(cast), target_value=D(1500), cadence="weekly"), reason=WHY)
    office = signed_in("office")
    assert re.search(
        r'href="/tasks/inflations/"><span>[^<]+</span> <b class="figure">2</b>', office.get("/").content.decode()
    )
    assert "/tasks/inflations/" in office.get("/ledger/").content.decode()
    page = office.get("/tasks/inflations/").content.decode()
    (last,) = re.findall(r'name="last" value="(\d+)"', page)
    assert office.post("/tasks/inflations/", {"last": last}).status_code == 302
    assert "/tasks/inflations/" not in office.get("/").content.decode()
    assert 'name="last"' not in office.get("/tasks/inflations/").content.decode()
    dispatch(cast, part(cast, above(cast), target_value=D(1500)), reason=WHY)
    assert count_unseen(cast.access("office")) == 1


def test_nobody_counts_their_own_raises_or_those_of_others_units(cast: Cast) -> None:
    dispatch(cast, part(cast, above(cast), target_value=D(1500)), reason=WHY)
    seen = {
        name: count_unseen(cast.access(name)) for name in ("office", "depthead", "deptclerk", "townhead", "outsider")
    }
    assert seen == {"office": 1, "depthead": 1, "deptclerk": 0, "townhead": 0, "outsider": 0}


def test_list_of_raises_says_how_many_cases_are_new_and_what_to_do_when_none_fits(
    cast: Cast, signed_in: Callable[[str], Client], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    office = signed_in("office")
    empty = office.get("/tasks/inflations/", headers={"accept-language": "en"}).content.decode()
    assert "as far as you see" in empty
    dispatch(cast, part(cast, above(cast), target_value=D(1500), cadence="weekly"), reason=WHY)
    with django_assert_max_num_queries(11):
        page = office.get("/tasks/inflations/", headers={"accept-language": "en"}).content.decode()
    assert "1 case not looked at yet" in page
    none = office.get("/tasks/inflations/?kind=evidence", headers={"accept-language": "en"}).content.decode()
    assert "Clear the fields" in none

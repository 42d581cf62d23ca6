"""The room's pages, as people use them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from luoshi.orgs.models import Unit
from luoshi.tasks.models import Duty, Task
from tests.factories.orgs import Cast
from tests.factories.work import make_task

SignIn = Callable[[str], Client]
NEW = {
    "title": "新建口袋公园", "requirement": "在城区新建口袋公园。", "standard": "建成6个并开放", "kind": "project",
    "tier": "2", "urgency": "3", "due_date": "2026-12-20", "weight": "1", "cadence": "monthly",
    "duties-TOTAL_FORMS": "3", "duties-INITIAL_FORMS": "0",
    "duties-0-role": "lead", "duties-0-name": "县水利局", "duties-1-role": "co", "duties-1-name": "各乡镇",
    "duties-2-role": "co", "duties-2-name": "",
}  # fmt: skip


def new(cast: Cast, **changes: str) -> dict[str, str]:
    return {**NEW, "owner": str(cast.unit("QH").pk), **changes}


def test_office_drafts_a_task_with_a_unit_and_a_selector(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in("office").post("/tasks/new/", new(cast))
    assert response.status_code == 302
    task = Task.objects.get()
    assert (task.state, task.code) == ("draft", "QH-2026-0001")
    duties = list(Duty.objects.order_by("id").values_list("role", "unit__code", "selector"))
    assert duties == [("lead", "QH-SLJ", ""), ("co", None, "level=township")]


def test_unknown_unit_is_said_beside_its_line_and_nothing_typed_is_lost(cast: Cast, signed_in: SignIn) -> None:
    response = signed_in("office").post("/tasks/new/", new(cast, **{"duties-2-name": "县外星局"}))
    html = response.content.decode()
    assert "县外星局" in html
    assert "新建口袋公园" in html
    assert not Task.objects.exists()


def test_more_lines_keeps_what_was_typed(cast: Cast, signed_in: SignIn) -> None:
    html = signed_in("office").post("/tasks/new/", new(cast, more="1")).content.decode()
    assert 'name="duties-5-name"' in html
    assert 'value="县水利局"' in html
    assert not Task.objects.exists()


def test_observer_is_not_offered_a_new_task(cast: Cast, signed_in: SignIn) -> None:
    assert signed_in("observer").get("/tasks/new/").status_code == 403


def test_edit_conflict_shows_both_and_saves_on_the_second_try(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, state="registered", standard="旧标准")
    data = {**new(cast), "version": str(task.version), "standard": "我的标准"}
    Task.objects.filter(pk=task.pk).update(version=task.version + 1, standard="他的标准")
    office = signed_in("office")
    response = office.post(f"/tasks/{task.pk}/edit/", data)
    html = response.content.decode()
    assert response.status_code == 409
    assert "我的标准" in html
    assert "他的标准" in html
    task.refresh_from_db()
    assert task.standard == "他的标准"
    assert office.post(f"/tasks/{task.pk}/edit/", {**data, "version": str(task.version)}).status_code == 302
    task.refresh_from_db()
    assert task.standard == "我的标准"


def test_active_task_is_only_steered(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, standard="旧标准")
    office = signed_in("office")
    assert 'name="standard"' not in office.get(f"/tasks/{task.pk}/edit/").content.decode()
    data = {"version": "1", "tier": "1", "urgency": "1", "weight": "2", "cadence": "weekly", "standard": "新标准"}
    assert office.post(f"/tasks/{task.pk}/edit/", data).status_code == 302
    task.refresh_from_db()
    assert (task.tier, task.standard) == (1, "旧标准")


def test_drafts_page_dispatches_only_what_is_ready(cast: Cast, signed_in: SignIn) -> None:
    ready = make_task(cast, "完成水库除险加固", state="registered", standard="3座水库通过验收")
    soft = make_task(cast, "加强宣传引导", state="registered", lead="")
    office = signed_in("office")
    html = office.get("/tasks/drafts/").content.decode()
    assert ready.title in html
    assert soft.title in html
    preview = office.post("/tasks/drafts/dispatch/", {"task": [ready.pk, soft.pk]}).content.decode()
    assert preview.count('type="hidden" name="task"') == 1
    office.post("/tasks/drafts/dispatch/", {"task": [ready.pk], "confirm": "1"})
    assert set(Task.objects.values_list("pk", "state")) == {(ready.pk, "dispatched"), (soft.pk, "registered")}


def test_bulk_sets_the_tier_of_the_ticked(cast: Cast, signed_in: SignIn) -> None:
    one, two = (make_task(cast, state="registered") for _ in range(2))
    signed_in("office").post("/tasks/drafts/edit/", {"task": [one.pk], "tier": "2", "sponsor": cast["sponsor"].pk})
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.tier, one.sponsor, two.tier) == (2, cast["sponsor"], 3)


def test_handler_acknowledges_in_the_name_of_the_unit(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, state="dispatched", acknowledged=False)
    assert signed_in("deptclerk").post(f"/tasks/{task.pk}/acknowledge/").status_code == 302
    task.refresh_from_db()
    assert task.state == "acknowledged"
    assert signed_in("townclerk").post(f"/tasks/{task.pk}/acknowledge/").status_code == 404


def test_lead_page_names_one_of_the_joint_units(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, state="registered", lead="", joint=["QH-CZJ", "QH-SLJ"])
    office = signed_in("office")
    assert "县财政局" in office.get(f"/tasks/{task.pk}/lead/").content.decode()
    office.post(f"/tasks/{task.pk}/lead/", {"unit": cast.unit("QH-SLJ").pk})
    assert set(task.duties.values_list("unit__code", "role")) == {("QH-SLJ", "lead"), ("QH-CZJ", "co")}


def test_milestones_fill_by_quarter_and_are_saved(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, state="acknowledged", start=date(2026, 1, 1), due=date(2026, 12, 31))
    clerk = signed_in("deptclerk")
    html = clerk.post(f"/tasks/{task.pk}/milestones/", {"fill": "1"}).content.decode()
    assert 'value="2026-06-30"' in html
    data = {"m-TOTAL_FORMS": "2", "m-INITIAL_FORMS": "0", "m-0-name": "开工", "m-0-due_date": "2026-12-01",
            "m-0-percent": "40", "m-1-name": "", "m-1-due_date": ""}  # fmt: skip
    assert clerk.post(f"/tasks/{task.pk}/milestones/", data).status_code == 302
    task.refresh_from_db()
    assert task.state == "planned"
    assert task.milestones.get().percent == Decimal(40)


def test_falling_path_is_refused_in_words(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, state="acknowledged")
    data = {"m-TOTAL_FORMS": "2", "m-INITIAL_FORMS": "0", "m-0-name": "甲", "m-0-due_date": "2026-12-01",
            "m-0-percent": "60", "m-1-name": "乙", "m-1-due_date": "2026-12-10", "m-1-percent": "50"}  # fmt: skip
    response = signed_in("deptclerk").post(f"/tasks/{task.pk}/milestones/", data)
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert not task.milestones.exists()


def cascadable(cast: Cast) -> Task:
    return make_task(
        cast, standard="建成900亩", target_value=Decimal(1000), target_op=">=", target_unit="亩", state="acknowledged"
    )


def test_cascade_page_divides_evenly_and_gives_down(cast: Cast, signed_in: SignIn) -> None:
    task = cascadable(cast)
    clerk = signed_in("deptclerk")
    path = f"/tasks/{task.pk}/cascade/"
    assert "石门乡" in clerk.get(path).content.decode()
    preview = clerk.post(path, {"level": "township", "divide": "even"}).content.decode()
    assert 'value="334"' in preview
    towns = [cast.unit(code) for code in ("QH-T01", "QH-T02", "QH-T03")]
    data: dict[str, object] = {"preview": "1", "unit": [t.pk for t in towns], "confirm": "1"}
    for town, value in zip(towns, ("500", "300", "200"), strict=True):
        data |= {f"u{town.pk}-target_value": value, f"u{town.pk}-weight": "1"}
    assert clerk.post(path, data).status_code == 302
    assert list(Task.objects.filter(parent=task).order_by("path").values_list("target_value", flat=True)) == [
        500, 300, 200,
    ]  # fmt: skip


def test_cascade_page_reads_a_pasted_table(cast: Cast, signed_in: SignIn) -> None:
    task = cascadable(cast)
    clerk = signed_in("deptclerk")
    pasted = "柳河镇\t600\t2026-12-10\t建成600亩\n石门乡\t400\n火星镇\t1"
    html = clerk.post(f"/tasks/{task.pk}/cascade/", {"names": pasted}).content.decode()
    assert "火星镇" in html
    assert 'value="600"' in html
    assert 'value="2026-12-10"' in html
    assert not Task.objects.filter(parent=task).exists()


def test_unknown_pasted_name_is_corrected_or_left_out_but_never_lost(cast: Cast, signed_in: SignIn) -> None:
    task = cascadable(cast)
    clerk, path = signed_in("deptclerk"), f"/tasks/{task.pk}/cascade/"
    town, other = cast.unit("QH-T01"), cast.unit("QH-T02")
    lost = "火星镇\t400\t2026-12-10\t建成400亩"
    html = clerk.post(path, {"names": f"柳河镇\t600\n{lost}"}).content.decode()
    assert f">{lost}</textarea>" in html
    assert 'name="confirm" value="1" disabled' not in html
    line = {"preview": "1", "unit": [town.pk], f"u{town.pk}-target_value": "600", f"u{town.pk}-weight": "1"}
    html = clerk.post(path, {**line, "names": lost, "confirm": "1"}).content.decode()
    assert "火星镇" in html
    assert "note-error" in html
    assert not Task.objects.filter(parent=task).exists()
    html = clerk.post(path, {**line, "names": lost.replace("火星镇", str(other)), "again": "1"}).content.decode()
    assert f'name="u{other.pk}-target_value" value="400"' in html
    assert "火星镇" not in html
    assert clerk.post(path, {**line, "names": lost, "without": "1", "confirm": "1"}).status_code == 302
    assert [part.target_value for part in Task.objects.filter(parent=task)] == [600]


def test_cascade_page_never_offers_units_of_another_county(cast: Cast, signed_in: SignIn) -> None:
    task = cascadable(cast)
    foreign = cast.unit("BS-CZJ")
    data = {"preview": "1", "unit": [foreign.pk], "confirm": "1"}
    assert signed_in("deptclerk").post(f"/tasks/{task.pk}/cascade/", data).status_code == 422
    assert not Task.objects.filter(parent=task).exists()


def test_many_units_are_given_down_without_a_line_each(cast: Cast, signed_in: SignIn) -> None:
    task = make_task(cast, standard="销号", target_value=Decimal(1000), target_op=">=", target_unit="户")
    county = cast.unit("QH")
    Unit.objects.bulk_create(
        Unit(code=f"N{n}", name=f"第{n}社区", level="village", parent=county, path=f"{county.path}9{n:07d}",
             valid_from=date(2026, 1, 1))
        for n in range(300)
    )  # fmt: skip
    office = signed_in("office")
    path = f"/tasks/{task.pk}/cascade/"
    preview = office.post(path, {"level": "village", "divide": "even"})
    ids = re.search(r'name="ids" value="([0-9,]+)"', preview.content.decode())
    assert ids is not None
    assert ids[1].count(",") == 301
    data = {"preview": "1", "ids": ids[1], "divide": "even", "confirm": "1"}
    assert office.post(path, data).status_code == 302
    parts = Task.objects.filter(parent=task)
    assert parts.count() == 302
    assert sum(parts.values_list("target_value", flat=True)) == 1000


def test_withdrawing_takes_the_parts_along(cast: Cast, signed_in: SignIn) -> None:
    task = cascadable(cast)
    part = make_task(cast, parent=task, lead="QH-T01")
    office = signed_in("office")
    assert office.post(f"/tasks/{task.pk}/withdraw/", {"reason": ""}).status_code == 200
    assert office.post(f"/tasks/{task.pk}/withdraw/", {"reason": "政策调整"}).status_code == 302
    part.refresh_from_db()
    assert part.state == "withdrawn"


@pytest.mark.parametrize("page", ["/ledger/", "/directives/"])
def test_drafts_are_one_press_away_for_those_who_dispatch_them(cast: Cast, signed_in: SignIn, page: str) -> None:
    make_task(cast, state="registered")
    link = re.compile(r'href="/tasks/drafts/">[^<]+<span class="tally">1</span>')
    assert link.search(signed_in("office").get(page).content.decode())
    for other in ("deptclerk", "observer", "admin", "outsider"):
        assert "/tasks/drafts/" not in signed_in(other).get(page).content.decode()


@pytest.mark.parametrize("page", ["edit", "dispatch", "lead", "withdraw"])
def test_outsider_finds_nothing(cast: Cast, signed_in: SignIn, page: str) -> None:
    task = make_task(cast, state="registered")
    assert signed_in("outsider").get(f"/tasks/{task.pk}/{page}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "budget"),
    [
        ("/tasks/{id}/cascade/", 26),
        ("/tasks/drafts/", 16),
        ("/tasks/{id}/edit/", 24),
        ("/tasks/{id}/dispatch/", 16),
        ("/tasks/{id}/lead/", 14),
    ],
)
def test_pages_keep_their_query_budget(  # type: ignore[no-untyped-def]
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries, address: str, budget: int
) -> None:
    tasks = [make_task(cast, f"任务{n}", co=["QH-CZJ", "QH-SLJ"]) for n in range(30)]
    if "cascade" not in address:
        Task.objects.update(state="registered")
    office = signed_in("office")
    with django_assert_max_num_queries(budget):
        assert office.get(address.format(id=tasks[0].pk)).status_code == 200

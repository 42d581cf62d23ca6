"""Lots: drawn by risk and chance, kept so that they can be drawn again, inspectors kept from their own units."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from luoshi.inspections.actions.drawing import (
    DrawnAlready,
    NobodyFree,
    NothingToDrawFrom,
    WorkHasBegun,
    add_inspector,
    choose_object,
    declare_recusal,
    draw_inspectors,
    draw_objects,
    drop_object,
    remove_stratum,
    set_stratum,
)
from luoshi.inspections.actions.finding import KeptAway
from luoshi.inspections.actions.planning import MayNotInspect, NoWidening, NoWords, step_inspection
from luoshi.inspections.models import Draw, Inspection, InspectionObject
from luoshi.inspections.queries.reading import list_team, replay
from luoshi.orgs.models import Post
from luoshi.progress.models import Standing
from tests.factories.inspecting import approved, found, plan, the_object
from tests.factories.orgs import NOW, TODAY, Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db


def stratum(cast: Cast, inspection: Inspection, size: int = 1, name: str = "乡镇", level: str = "township") -> None:
    set_stratum(
        inspection, name=name, under=cast.unit("QH"), levels=[level], category="", size=size, by=cast["office"], now=NOW
    )


def by_code(draw: Draw) -> dict[str, dict[str, object]]:
    names = {u["unit"]: u["name"] for part in draw.frame for u in part["units"]}
    return {names[row["unit"]]: row for row in draw.result}


def test_draw_keeps_seed_frame_and_chances_and_gives_the_same_again(cast: Cast) -> None:
    inspection = plan(cast)
    stratum(cast, inspection, size=2)
    draw = draw_objects(inspection, by=cast["office"], now=NOW, seed="20261123")
    objects = inspection.objects_in.filter(is_dropped=False)
    assert objects.count() == 2
    assert all(o.probability == Decimal("0.666666667") or o.probability == Decimal("0.666666666") for o in objects)
    again = replay(Draw.objects.get(pk=draw.pk))
    assert (again.agrees, again.is_frame_whole) == (True, True)


def test_frame_that_was_touched_shows_in_the_replay(cast: Cast) -> None:
    inspection = plan(cast)
    stratum(cast, inspection)
    draw = draw_objects(inspection, by=cast["office"], now=NOW, seed="1")
    draw.frame[0]["units"][0]["weight"] = 90
    draw.save()
    again = replay(Draw.objects.get(pk=draw.pk))
    assert not again.is_frame_whole


def test_red_and_mismatched_work_weighs_more(cast: Cast) -> None:
    make_task(cast, "逾期", lead="QH-T02", due=date(2026, 10, 1), percent=10)
    make_task(cast, "逾期且重中之重", lead="QH-T02", due=date(2026, 10, 1), percent=10, tier=1)
    doubted = make_task(cast, "数不符", lead="QH-T03", percent=90)
    Standing.objects.filter(task=doubted).update(mismatched=1)
    inspection = plan(cast)
    stratum(cast, inspection)
    rows = {u["name"]: u for u in draw_objects(inspection, by=cast["office"], now=NOW, seed="1").frame[0]["units"]}
    assert (rows["石门乡"]["weight"], rows["东关街道"]["weight"], rows["柳河镇"]["weight"]) == (9, 5, 1)
    assert (rows["石门乡"]["red"], rows["石门乡"]["critical"], rows["东关街道"]["mismatched"]) == (1, 1, 1)


def test_nobody_is_drawn_twice_within_the_months_unless_red(cast: Cast) -> None:
    approved(cast, "QH-T01", "QH-T02", from_date=date(2026, 9, 1), to_date=date(2026, 9, 3))
    make_task(cast, "逾期", lead="QH-T02", due=date(2026, 10, 1), percent=10)
    inspection = plan(cast)
    stratum(cast, inspection, size=3)
    rows = by_code(draw_objects(inspection, by=cast["office"], now=NOW, seed="1"))
    assert {name: row["drawn"] for name, row in rows.items()} == {"柳河镇": False, "石门乡": True, "东关街道": True}
    assert rows["柳河镇"]["chance"] == 0


def test_no_draw_is_spent_on_whom_the_plan_names_and_the_replay_knows(cast: Cast) -> None:
    inspection = plan(cast)
    choose_object(inspection, unit=cast.unit("QH-T01"), by=cast["office"], now=NOW)
    make_task(cast, "逾期", lead="QH-T01", due=date(2026, 10, 1), percent=10)
    stratum(cast, inspection, size=2)
    draw = draw_objects(inspection, by=cast["office"], now=NOW, seed="1")
    rows = by_code(draw)
    assert {name: row["drawn"] for name, row in rows.items()} == {"柳河镇": False, "石门乡": True, "东关街道": True}
    assert [u["left_out"] for u in draw.frame[0]["units"] if u["name"] == "柳河镇"] == ["chosen"]
    assert inspection.objects_in.filter(is_dropped=False).count() == 3
    drop_object(inspection.objects_in.get(how="chosen"), why="改为抽取", by=cast["office"], now=NOW)
    assert replay(Draw.objects.get(pk=draw.pk)).agrees
    again = draw_objects(inspection, by=cast["office"], now=NOW, seed="1", why="方案调整")
    assert by_code(again)["柳河镇"]["chance"]


def test_unit_of_two_strata_is_drawn_from_the_first_alone(cast: Cast) -> None:
    inspection = plan(cast)
    stratum(cast, inspection, size=2)
    stratum(cast, inspection, size=3, name="全部乡镇")
    draw = draw_objects(inspection, by=cast["office"], now=NOW, seed="1")
    assert inspection.objects_in.count() == 2
    assert {u["left_out"] for u in draw.frame[0]["units"]} == {""}
    assert {u["left_out"] for u in draw.frame[1]["units"]} == {"other_stratum"}
    assert replay(Draw.objects.get(pk=draw.pk)).agrees


def test_inspection_of_half_a_year_ago_no_longer_keeps_a_unit_out(cast: Cast) -> None:
    approved(cast, "QH-T01", from_date=date(2026, 5, 20), to_date=date(2026, 5, 22))
    inspection = plan(cast)
    stratum(cast, inspection, size=3)
    assert by_code(draw_objects(inspection, by=cast["office"], now=NOW))["柳河镇"]["drawn"]


def test_drawing_again_needs_a_reason_and_the_first_draw_stays_on_record(cast: Cast) -> None:
    inspection = plan(cast)
    stratum(cast, inspection)
    draw_objects(inspection, by=cast["office"], now=NOW)
    with pytest.raises(DrawnAlready):
        draw_objects(inspection, by=cast["office"], now=NOW)
    draw_objects(inspection, by=cast["office"], now=NOW, why="名录有误")
    assert Draw.objects.filter(inspection=inspection).count() == 2
    assert inspection.objects_in.filter(is_dropped=False).count() == 1
    assert inspection.objects_in.filter(is_dropped=True, reason="名录有误").count() == 1


def test_drawn_object_has_its_draw_in_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        InspectionObject.objects.create(inspection=plan(cast), unit=cast.unit("QH-T01"), how="drawn")


def test_nothing_is_drawn_without_strata_or_outside_ones_government(cast: Cast) -> None:
    inspection = plan(cast)
    with pytest.raises(NothingToDrawFrom):
        draw_objects(inspection, by=cast["office"], now=NOW)
    with pytest.raises(MayNotInspect):
        set_stratum(
            inspection, name="x", under=cast.unit("BS"), levels=["township"], category="", size=1, by=cast["office"],
            now=NOW,
        )  # fmt: skip
    stratum(cast, inspection)
    remove_stratum(inspection.strata.get(), by=cast["office"], now=NOW)
    assert not inspection.strata.exists()


def test_strata_are_fixed_by_approval_but_lots_may_be_drawn_after_it(cast: Cast) -> None:
    inspection = plan(cast)
    stratum(cast, inspection)
    from luoshi.inspections.actions.planning import approve_inspection, propose_inspection

    propose_inspection(inspection, by=cast["office"], now=NOW)
    approve_inspection(inspection, opinion="", despite="", by=cast["leader"], now=NOW)
    with pytest.raises(NoWidening):
        stratum(cast, inspection, size=3)
    draw_objects(inspection, by=cast["office"], now=NOW)
    assert inspection.objects_in.count() == 1


def test_inspectors_are_kept_from_own_former_and_declared_units(cast: Cast) -> None:
    inspection = approved(cast, "QH-T01", "QH-NYJ")
    Post.objects.create(
        person=cast["officeclerk"], unit=cast.unit("QH-T01"), role="handler", from_date=date(2020, 1, 1),
        to_date=TODAY - timedelta(days=300),
    )  # fmt: skip
    for name in ("office", "officeclerk", "depthead", "otherclerk"):
        add_inspector(inspection, person=cast[name], is_leader=name == "office", by=cast["office"], now=NOW)
    clerk = inspection.inspectors.get(person=cast["otherclerk"])
    declare_recusal(clerk, unit=cast.unit("QH-NYJ"), reason="配偶在该局任职", by=cast["otherclerk"], now=NOW)
    town, bureau = the_object(inspection).pk, the_object(inspection, "QH-NYJ").pk
    barred = {m.inspector.person.username: m.barred for m in list_team(inspection, today=TODAY)}
    assert barred == {
        "office": {}, "officeclerk": {town: "former_unit"}, "depthead": {bureau: "own_unit"},
        "otherclerk": {bureau: "declared"},
    }  # fmt: skip
    draw = draw_inspectors(inspection, count=2, by=cast["office"], now=NOW, seed="7")
    team = {o.pk: {a.inspector.person.username for a in o.assignments.all()} for o in inspection.objects_in.all()}
    assert team[bureau] == {"office", "officeclerk"}
    assert len(team[town]) == 2
    assert "officeclerk" not in team[town]
    assert replay(draw).agrees
    with pytest.raises(NobodyFree):
        draw_inspectors(inspection, count=3, by=cast["office"], now=NOW, why="加强力量")
    with pytest.raises(DrawnAlready):
        draw_inspectors(inspection, count=2, by=cast["office"], now=NOW)


def test_whoever_is_kept_away_notes_nothing_there(cast: Cast) -> None:
    inspection = approved(cast, "QH-T01", "QH-T02")
    member = add_inspector(inspection, person=cast["office"], is_leader=True, by=cast["office"], now=NOW)
    declare_recusal(member, unit=cast.unit("QH-T01"), reason="亲属任镇长", by=cast["office"], now=NOW)
    step_inspection(inspection, "start", by=cast["office"], now=NOW)
    with pytest.raises(KeptAway):
        found(cast, the_object(inspection))
    assert found(cast, the_object(inspection, "QH-T02")).number == 1


def test_declared_recusal_ends_an_assignment_and_needs_words(cast: Cast) -> None:
    inspection = approved(cast, "QH-T01")
    member = add_inspector(inspection, person=cast["officeclerk"], is_leader=False, by=cast["office"], now=NOW)
    draw_inspectors(inspection, count=1, by=cast["office"], now=NOW)
    with pytest.raises(NoWords):
        declare_recusal(member, unit=cast.unit("QH-T01"), reason="", by=cast["officeclerk"], now=NOW)
    declare_recusal(member, unit=cast.unit("QH-T01"), reason="亲属", by=cast["officeclerk"], now=NOW)
    assert not member.assignments.exists()


def test_object_with_findings_is_not_dropped_and_one_without_stays_on_record(cast: Cast) -> None:
    inspection = approved(cast, "QH-T01", "QH-T02")
    step_inspection(inspection, "start", by=cast["office"], now=NOW)
    found(cast, the_object(inspection))
    with pytest.raises(WorkHasBegun):
        drop_object(the_object(inspection), why="合并", by=cast["office"], now=NOW)
    drop_object(the_object(inspection, "QH-T02"), why="该乡已撤并", by=cast["office"], now=NOW)
    assert inspection.objects_in.get(unit=cast.unit("QH-T02")).is_dropped


def test_unit_above_or_elsewhere_is_no_object(cast: Cast) -> None:
    inspection = plan(cast)
    for code in ("YZ", "QH", "BS"):
        with pytest.raises(MayNotInspect):
            choose_object(inspection, unit=cast.unit(code), by=cast["office"], now=NOW)

"""Tasks that change hands: consent where the rules ask, sums guarded, history kept, roll-up right afterwards."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from luoshi.core.errors import NotAllowed
from luoshi.core.models import Entry
from luoshi.notices.models import Notice
from luoshi.progress.actions import recompute_standings, recompute_tallies
from luoshi.progress.models import Standing
from luoshi.progress.queries import get_last_feedback
from luoshi.supervision.actions.changing import (
    BadChange,
    ChangeDecided,
    ChangingAlready,
    ProposerMayNotDecide,
    as_part,
    consent_change,
    decide_change,
    order_change,
    propose_change,
    withdraw_change,
)
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import Change
from luoshi.supervision.queries.changing import (
    asks_consent,
    count_lead_changes,
    get_change_for,
    list_often,
)
from luoshi.tasks.actions import FaultyShares
from luoshi.tasks.actions.handing import NotMergeable, PartsStandStill
from luoshi.tasks.actions.indicating import set_indicator
from luoshi.tasks.models import Allotment, Duty, Inflation, Task
from luoshi.tasks.rules.indicators import Owed
from tests.factories.orgs import NOW, Cast
from tests.factories.work import make_task, report

pytestmark = pytest.mark.django_db


def fresh(task: Task) -> Task:
    return Task.objects.select_related("owner").get(pk=task.pk)


def propose(cast: Cast, task: Task, kind: str = "transfer", **given: Any) -> Change:
    fields: dict[str, Any] = {"reason": "职能已划转", "unit": cast.unit("QH-NYJ"), "by": cast["deptclerk"], "now": NOW}
    if kind == "transfer":
        fields["to_unit"] = cast.unit("QH-CZJ")
    return propose_change(fresh(task), kind=kind, **{**fields, **given})


def decide(cast: Cast, change: Change, **given: Any) -> None:
    found = Change.objects.select_related("task__owner", "unit", "to_unit", "into__owner").get(pk=change.pk)
    fields: dict[str, Any] = {"approve": True, "opinion": "同意", "by": cast["office"], "now": NOW}
    decide_change(found, **{**fields, **given})


def leads(task: Task) -> dict[str, str]:
    return dict(Duty.objects.filter(task=task).values_list("unit__code", "role"))


def test_transferred_task_is_led_by_the_other_unit_which_takes_note_of_it_anew(cast: Cast) -> None:
    task = make_task(cast, co=["QH-CZJ", "QH-SLJ"])
    change = propose(cast, task)
    assert fresh(task).state == "in_progress"
    decide(cast, change)
    assert leads(task) == {"QH-CZJ": "lead", "QH-SLJ": "co"}
    found = fresh(task)
    assert (found.state, found.dispatched_at, found.due_date) == ("dispatched", NOW, found.original_due_date)
    assert Duty.objects.get(task=task, role="lead").acknowledged_at is None
    assert Notice.objects.filter(person=cast["otherclerk"]).exists()
    assert Entry.objects.latest("seq").data["after"] == {"lead": "县财政局", "state": "dispatched"}
    assert count_lead_changes(found) == 1
    assert [(o.task, o.times) for o in list_often(cast.access("office"))] == [(task, 1)]


def test_unit_that_is_to_take_it_over_consents_or_refuses_with_a_reason(cast: Cast) -> None:
    change = propose(cast, make_task(cast))
    assert get_change_for(cast.access("otherclerk"), id=change.pk, to="consent") == change
    with pytest.raises(NotAllowed):
        get_change_for(cast.access("depthead"), id=change.pk, to="consent")
    change.to_unit = cast.unit("QH-CZJ")
    with pytest.raises(MissingWords):
        consent_change(change, agree=False, opinion="", by=cast["otherclerk"], now=NOW)
    consent_change(change, agree=True, opinion="", by=cast["otherclerk"], now=NOW)
    with pytest.raises(ChangeDecided):
        consent_change(change, agree=False, opinion="不接", by=cast["otherclerk"], now=NOW)
    decide(cast, change)
    assert Change.objects.get().state == "done"


def test_only_a_common_superior_transfers_without_consent(cast: Cast) -> None:
    part = make_task(cast, owner="QH-NYJ", lead="QH-T01")
    change = propose(cast, part, unit=cast.unit("QH-T01"), by=cast["townclerk"], to_unit=cast.unit("QH-SLJ"))
    assert asks_consent(cast.access("depthead"), change, decides=True)
    assert not asks_consent(cast.access("office"), change, decides=True)
    with pytest.raises(BadChange):
        decide(cast, change, by=cast["depthead"], needs_consent=True)
    Change.objects.filter(pk=change.pk).update(state="consented", consent_by=cast["otherclerk"], consent_at=NOW)
    decide(cast, change, by=cast["depthead"], needs_consent=True)
    assert leads(part) == {"QH-SLJ": "lead"}


def test_order_of_who_decides_is_carried_out_at_once(cast: Cast) -> None:
    task = make_task(cast)
    order_change(
        fresh(task), kind="transfer", unit=cast.unit("QH-NYJ"), to_unit=cast.unit("QH-SLJ"), reason="职能划转",
        by=cast["office"], now=NOW,
    )  # fmt: skip
    assert leads(task) == {"QH-SLJ": "lead"}
    assert Entry.objects.filter(verb="decide_change").count() == 1
    with pytest.raises(BadChange):
        order_change(
            fresh(task), kind="transfer", unit=cast.unit("QH-SLJ"), to_unit=cast.unit("QH-CZJ"), reason="x",
            by=cast["office"], now=NOW, needs_consent=True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("transfer", {"reason": " "}),
        ("transfer", {"to_unit": None}),
        ("transfer", {"to_unit": "QH-NYJ"}),
        ("merge", {}),
        ("split", {"parts": []}),
    ],
)
def test_change_without_reason_unit_task_or_parts_is_refused(cast: Cast, kind: str, given: dict[str, Any]) -> None:
    if isinstance(given.get("to_unit"), str):
        given = {**given, "to_unit": cast.unit(given["to_unit"])}
    with pytest.raises(BadChange):
        propose(cast, make_task(cast), kind, **given)


def test_one_change_at_a_time_and_the_proposer_does_not_decide(cast: Cast) -> None:
    task = make_task(cast)
    change = propose(cast, task)
    with pytest.raises(ChangingAlready):
        propose(cast, task, to_unit=cast.unit("QH-SLJ"))
    with pytest.raises(ProposerMayNotDecide):
        decide(cast, change, by=cast["deptclerk"])
    with pytest.raises(MissingWords):
        decide(cast, change, approve=False, opinion="")
    decide(cast, change, approve=False, opinion="仍由你局牵头")
    with pytest.raises(ChangeDecided):
        decide(cast, change)
    withdraw_change(propose(cast, task), by=cast["deptclerk"], now=NOW)
    assert leads(task) == {"QH-NYJ": "lead"}


def divisible(cast: Cast) -> Task:
    return make_task(cast, target_op=">=", target_value=Decimal(900), target_unit="亩", standard="验收合格", percent=30)


def test_split_gives_parts_whose_sum_is_guarded_and_rolls_up(cast: Cast) -> None:
    task = divisible(cast)
    late = [as_part(cast.unit("QH-T01").pk, target=Decimal(900), due_date=date(2027, 3, 1))]
    with pytest.raises(FaultyShares):
        decide(cast, propose(cast, task, "split", parts=late))
    assert Change.objects.get().state == "proposed"
    Change.objects.all().delete()
    whole = [as_part(cast.unit(code).pk, target=Decimal(450)) for code in ("QH-T01", "QH-T02")]
    decide(cast, propose(cast, task, "split", parts=whole))
    parts = Task.objects.filter(parent=task)
    assert sorted(parts.values_list("target_value", "owner__code")) == [(450, "QH"), (450, "QH")]
    assert Standing.objects.get(task=task).expected == 2
    assert not recompute_standings(check=True)


def test_split_that_asks_more_than_was_asked_is_kept_with_its_reason(cast: Cast) -> None:
    more = [as_part(cast.unit(code).pk, target=Decimal(600)) for code in ("QH-T01", "QH-T02")]
    decide(cast, propose(cast, divisible(cast), "split", parts=more))
    assert {i.reason for i in Inflation.objects.all()} == {"职能已划转"}
    assert Entry.objects.latest("seq").data["inflation"]


def test_merged_task_leaves_its_parts_doers_target_and_reports_to_the_other(cast: Cast) -> None:
    parent = make_task(cast, "总任务", percent=None, expected=3)
    one, other = (
        make_task(
            cast, f"第{n}片", lead=lead, owner="QH-NYJ", parent=parent, percent=percent, target_op=">=",
            target_value=Decimal(100), target_unit="亩",
        )
        for n, lead, percent in ((1, "QH-T01", 20), (2, "QH-T02", 80))
    )  # fmt: skip
    below = make_task(cast, "村里的", owner="QH-T01", lead="QH-T01-V01", parent=one, percent=20)
    recompute_standings()
    said = report(one, cast.unit("QH-T01"), cast["townclerk"], done="平整20亩", percent=20)
    order_change(
        fresh(one), kind="merge", unit=cast.unit("QH-T01"), into=fresh(other), reason="同一片地", by=cast["depthead"],
        now=NOW,
    )  # fmt: skip
    one, other, below = fresh(one), fresh(other), fresh(below)
    assert (one.state, one.parent_id, below.parent_id) == ("merged", other.pk, other.pk)
    assert (below.path or "").startswith(other.path or "-")
    assert leads(other) == {"QH-T02": "lead", "QH-T01": "co"}
    assert other.target_value == Decimal(200)
    assert get_last_feedback(other, unit_id=cast.unit("QH-T01").pk) == said
    assert Standing.objects.get(task=parent).expected == 1
    assert not recompute_standings(check=True)


def test_merged_parts_leave_the_tallies_of_their_indicator_right(cast: Cast) -> None:
    parent = make_task(cast, "总任务", target_op=">=", target_value=Decimal(200), target_unit="亩")
    indicator = set_indicator(
        parent, name="高标准农田", year=2026, by=cast["office"], now=NOW, owed=Owed(target=Decimal(200))
    )
    whole = [as_part(cast.unit(code).pk, target=Decimal(100)) for code in ("QH-T01", "QH-T02")]
    Task.objects.filter(pk=parent.pk).update(standard="验收合格")
    decide(cast, propose(cast, parent, "split", parts=whole))
    one, other = Task.objects.filter(parent=parent).order_by("pk")
    order_change(
        fresh(one), kind="merge", unit=cast.unit("QH-T01"), into=fresh(other), reason="同一片地", by=cast["office"],
        now=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert Allotment.objects.get(indicator=indicator, task=other).target == Decimal(200)
    assert not recompute_tallies(check=True)
    assert not recompute_standings(check=True)


def test_task_does_not_merge_into_its_own_line_or_with_parts_that_stand_still(cast: Cast) -> None:
    task = make_task(cast)
    part = make_task(cast, parent=task, owner="QH-NYJ", lead="QH-T01")
    with pytest.raises(NotMergeable):
        decide(cast, propose(cast, part, "merge", unit=cast.unit("QH-T01"), by=cast["townclerk"], into=task))
    Change.objects.all().delete()
    Task.objects.filter(pk=part.pk).update(state="suspended")
    with pytest.raises(PartsStandStill):
        decide(cast, propose(cast, task, "merge", into=make_task(cast)))
    ended = make_task(cast, state="completed")
    with pytest.raises(NotMergeable):
        decide(cast, propose(cast, make_task(cast), "merge", into=ended))

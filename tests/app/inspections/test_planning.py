"""Plans: who opens and approves them, what they must say, what is warned of, what may no longer change."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from luoshi.core.errors import EditConflict, NotAllowed
from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.inspections.actions.drawing import choose_object
from luoshi.inspections.actions.keeping import Question, make_checklist, set_limits
from luoshi.inspections.actions.planning import (
    AgainstTheWarning,
    MayNotInspect,
    NothingToInspect,
    NoWidening,
    NoWords,
    OpenWork,
    PlanIncomplete,
    WrongStage,
    approve_inspection,
    designate,
    edit_inspection,
    end_designation,
    propose_inspection,
    send_back_inspection,
    step_inspection,
)
from luoshi.inspections.models import Checklist, ChecklistItem, Inspection
from luoshi.inspections.queries.gate import get_bounds, get_right, list_inspections
from luoshi.inspections.queries.loads import count_filed, list_loads
from luoshi.inspections.rules.plans import Bounds, Warned
from luoshi.inspections.rules.rights import Right
from luoshi.notices.models import Notice
from tests.factories.inspecting import approved, plan, running
from tests.factories.orgs import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Refusals are read in English here, whatever language a test before spoke."""
    with translation.override("en"):
        yield


def given(cast: Cast, *, last: date = date(2026, 12, 31)) -> object:
    return designate(
        cast.unit("QH"), cast.unit("QH-NYJ"), basis="青政函〔2026〕31号", matter="秸秆禁烧", scope="各乡镇",
        from_date=date(2026, 11, 1), to_date=last, by=cast["office"], now=NOW,
    )  # fmt: skip


def test_plan_goes_from_draft_to_filing_with_one_entry_a_step(cast: Cast) -> None:
    inspection = running(cast, "QH-T01")
    step_inspection(inspection, "conclude", by=cast["office"], now=NOW)
    with pytest.raises(OpenWork):
        step_inspection(inspection, "close", by=cast["office"], now=NOW)
    verbs = list(Entry.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs == [
        "draft_inspection", "choose_object", "propose_inspection", "approve_inspection", "start_inspection",
        "conclude_inspection",
    ]  # fmt: skip
    assert (inspection.code, inspection.state) == ("QH-DC-2026-001", "concluded")
    assert find_journal_faults() == []


def test_department_without_designation_opens_only_internal_supervision_of_its_own(cast: Cast) -> None:
    with pytest.raises(MayNotInspect, match=r"art\. 7"):
        plan(cast, unit="QH-NYJ", by="depthead")
    with pytest.raises(MayNotInspect, match=r"art\. 14"):
        plan(cast, unit="QH-NYJ", by="depthead", is_formal=False)
    inspection = plan(cast, unit="QH-NYJ", by="depthead", is_formal=False, kind="daily")
    with pytest.raises(MayNotInspect, match=r"art\. 5"):
        choose_object(inspection, unit=cast.unit("QH-T01"), by=cast["depthead"], now=NOW)


def test_designation_gives_the_right_for_its_days_and_the_governments_head_approves(cast: Cast) -> None:
    assert get_right(cast.unit("QH-NYJ"), on=TODAY) == Right.INTERNAL
    row = given(cast)
    assert get_right(cast.unit("QH-NYJ"), on=TODAY) == Right.DESIGNATED
    with pytest.raises(MayNotInspect, match="days"):
        plan(cast, unit="QH-NYJ", by="deptclerk", designation=row, to_date=date(2027, 1, 5))
    inspection = plan(cast, unit="QH-NYJ", by="deptclerk", designation=row)
    choose_object(inspection, unit=cast.unit("QH-T01"), by=cast["deptclerk"], now=NOW)
    propose_inspection(inspection, by=cast["deptclerk"], now=NOW)
    with pytest.raises(NotAllowed):
        approve_inspection(inspection, opinion="", despite="", by=cast["depthead"], now=NOW)
    approve_inspection(inspection, opinion="同意", despite="", by=cast["leader"], now=NOW)
    assert Notice.objects.filter(person=cast["leader"], kind="inspection").count() == 1


def test_designation_of_another_department_gives_nothing(cast: Cast) -> None:
    row = given(cast)
    with pytest.raises(MayNotInspect):
        plan(cast, unit="QH-CZJ", by="otherclerk", designation=row)


def test_designation_taken_back_gives_nothing_more(cast: Cast) -> None:
    row = given(cast)
    with pytest.raises(NoWords):
        end_designation(row, why=" ", by=cast["office"], now=NOW)  # type: ignore[arg-type]
    end_designation(row, why="机构改革", by=cast["office"], now=NOW)  # type: ignore[arg-type]
    assert get_right(cast.unit("QH-NYJ"), on=TODAY) == Right.INTERNAL
    with pytest.raises(MayNotInspect):
        plan(cast, unit="QH-NYJ", by="deptclerk", designation=row)


def test_government_designates_its_own_departments_only(cast: Cast) -> None:
    for code in ("QH-T01", "BS", "QH"):
        with pytest.raises(MayNotInspect):
            designate(
                cast.unit("QH"), cast.unit(code), basis="文", matter="事", scope="范围", from_date=TODAY,
                to_date=TODAY, by=cast["office"], now=NOW,
            )  # fmt: skip


def test_handler_of_a_bureau_does_not_open_for_the_county(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        plan(cast, by="deptclerk")


def test_plan_lacking_a_part_or_an_object_is_not_proposed(cast: Cast) -> None:
    inspection = plan(cast, basis="", methods=[])
    with pytest.raises(PlanIncomplete, match="legal basis"):
        propose_inspection(inspection, by=cast["office"], now=NOW)
    edit_inspection(inspection, version=1, by=cast["office"], now=NOW, basis="决定", methods=["visit"])
    with pytest.raises(NothingToInspect):
        propose_inspection(inspection, by=cast["office"], now=NOW)


def test_proposer_does_not_approve_not_even_in_the_database(cast: Cast) -> None:
    inspection = plan(cast, by="leader")
    choose_object(inspection, unit=cast.unit("QH-T01"), by=cast["leader"], now=NOW)
    propose_inspection(inspection, by=cast["leader"], now=NOW)
    with pytest.raises(NotAllowed):
        approve_inspection(inspection, opinion="", despite="", by=cast["leader"], now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=inspection.pk).update(approver=cast["leader"], state="approved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=inspection.pk).update(state="running")
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=inspection.pk).update(scope="")


def test_office_and_sponsor_do_not_approve_and_a_plan_goes_back_with_words(cast: Cast) -> None:
    inspection = plan(cast)
    choose_object(inspection, unit=cast.unit("QH-T01"), by=cast["office"], now=NOW)
    propose_inspection(inspection, by=cast["office"], now=NOW)
    for name in ("officeclerk", "sponsor", "depthead", "outsider"):
        with pytest.raises(NotAllowed):
            approve_inspection(inspection, opinion="", despite="", by=cast[name], now=NOW)
    with pytest.raises(NoWords):
        send_back_inspection(inspection, opinion="", by=cast["leader"], now=NOW)
    send_back_inspection(inspection, opinion="请并入综合督查", by=cast["leader"], now=NOW)
    assert inspection.state == "draft"
    assert "并入" in Notice.objects.get(person=cast["office"], kind="inspection").text


def test_overlap_is_shown_before_approval_and_needs_a_reason_that_is_kept(cast: Cast) -> None:
    approved(cast, "QH-T01", "QH-T02", title="安全生产督查")
    second = plan(cast, title="秸秆禁烧督查", from_date=date(2026, 11, 25))
    for code in ("QH-T01", "QH-T03"):
        choose_object(second, unit=cast.unit(code), by=cast["office"], now=NOW)
    propose_inspection(second, by=cast["office"], now=NOW)
    loads = list_loads(second, today=TODAY)
    assert [(str(row.unit), row.load.this_month) for row in loads] == [("柳河镇", 1), ("东关街道", 0)]
    assert loads[0].load.warnings == (Warned.SAME_WEEKS, Warned.TOO_MANY_A_MONTH)
    assert loads[0].load.overlapping[0].title == "安全生产督查"
    assert count_filed(loads) == 2
    with pytest.raises(AgainstTheWarning):
        approve_inspection(second, opinion="同意", despite="", by=cast["leader"], now=NOW)
    approve_inspection(second, opinion="同意", despite="火情紧急", by=cast["leader"], now=NOW)
    assert second.despite == "火情紧急"
    assert second.warnings[0]["unit"] == "柳河镇"


def test_another_countys_inspections_do_not_count_here_and_a_called_off_one_neither(cast: Cast) -> None:
    first = approved(cast, "QH-T01")
    step_inspection(first, "cancel", by=cast["office"], now=NOW, why="并入综合督查")
    second = plan(cast)
    choose_object(second, unit=cast.unit("QH-T01"), by=cast["office"], now=NOW)
    assert list_loads(second, today=TODAY)[0].load.warnings == ()
    assert not list_inspections(cast.access("outsider")).exists()


def test_limits_are_the_countys_own_and_hold_for_its_bureaus(cast: Cast) -> None:
    set_limits(cast.unit("QH"), Bounds(a_month=3, random_percent=50), version=0, by=cast["office"], now=NOW)
    assert get_bounds(cast.unit("QH-NYJ")).a_month == 3
    assert get_bounds(cast.unit("BS")) == Bounds()
    with pytest.raises(EditConflict):
        set_limits(cast.unit("QH"), Bounds(), version=0, by=cast["office"], now=NOW)


def test_approved_plan_is_not_widened_on_the_way(cast: Cast) -> None:
    inspection = approved(cast, "QH-T01")
    version = inspection.version
    for change in ({"scope": "全域"}, {"content": "其他"}, {"to_date": date(2026, 11, 30)}):
        with pytest.raises(NoWidening):
            edit_inspection(inspection, version=version, by=cast["office"], now=NOW, **change)
        inspection.refresh_from_db()
    with pytest.raises(NoWidening):
        choose_object(inspection, unit=cast.unit("QH-T02"), by=cast["office"], now=NOW)
    edit_inspection(inspection, version=version, by=cast["office"], now=NOW, to_date=date(2026, 11, 26))
    inspection.refresh_from_db()
    assert inspection.to_date == date(2026, 11, 26)


def test_two_who_edit_at_once_are_told_and_steps_start_where_they_may(cast: Cast) -> None:
    inspection = plan(cast)
    edit_inspection(inspection, version=1, by=cast["office"], now=NOW, title="甲")
    with pytest.raises(EditConflict):
        edit_inspection(inspection, version=1, by=cast["officeclerk"], now=NOW, title="乙")
    with pytest.raises(WrongStage):
        step_inspection(inspection, "start", by=cast["office"], now=NOW)


def test_numbers_run_by_unit_and_year(cast: Cast) -> None:
    codes = [plan(cast).code, plan(cast).code, plan(cast, now=NOW + timedelta(days=60)).code]
    assert codes == ["QH-DC-2026-001", "QH-DC-2026-002", "QH-DC-2027-001"]


def test_changed_checklist_is_a_new_version_and_keeps_the_old_questions(cast: Cast) -> None:
    for questions in (["有无巡查记录"], ["有无巡查记录", "着火点数"]):
        make_checklist(
            cast.unit("QH"), name="禁烧", questions=[Question(q) for q in questions], by=cast["office"], now=NOW
        )
    assert list(Checklist.objects.order_by("version").values_list("version", "is_current")) == [(1, False), (2, True)]
    assert ChecklistItem.objects.count() == 3

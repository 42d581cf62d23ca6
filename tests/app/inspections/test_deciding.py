"""Praise and criticism are only proposed by a conclusion; what was decided elsewhere is recorded beside them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from luoshi.core.models import Entry
from luoshi.inspections.actions.concluding import Advice, write_conclusion
from luoshi.inspections.actions.deciding import DecisionIncomplete, NotFedBack, record_decision
from luoshi.inspections.models import Advised, Decided
from luoshi.notices.models import Notice
from tests.factories.inspecting import concluded, running, the_object
from tests.factories.orgs import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(cast: Cast) -> Advised:
    return concluded(cast, the_object(running(cast, "QH-T01"))).advice.get()


def decide(cast: Cast, proposal: Advised, **given: Any) -> Decided:
    fields = {"body": "县政府常务会议", "decided_date": TODAY, "is_adopted": True, **given}
    return record_decision(proposal, by=cast["office"], now=NOW, **fields)


def test_decision_is_recorded_told_and_kept_in_the_journal(cast: Cast, proposal: Advised) -> None:
    decide(cast, proposal, number="青政发〔2026〕40号", words="在全县通报")
    entry = Entry.objects.get(verb="record_decision")
    assert entry.data["after"]["number"] == "青政发〔2026〕40号"
    assert entry.unit_path == cast.unit("QH-T01").path
    told = Notice.objects.filter(text__contains="县政府常务会议")
    assert set(told.values_list("person__username", flat=True)) == {"townhead", "townclerk"}


def test_correction_keeps_what_stood_before(cast: Cast, proposal: Advised) -> None:
    decide(cast, proposal)
    decide(cast, proposal, is_adopted=False, words="情节轻微，改为提醒谈话")
    assert Decided.objects.get().is_adopted is False
    entry = Entry.objects.filter(verb="record_decision").latest("pk")
    assert (entry.data["before"]["is_adopted"], entry.data["after"]["is_adopted"]) == (True, False)


@pytest.mark.parametrize(
    "given",
    [{"body": " "}, {"is_adopted": False}, {"decided_date": TODAY + timedelta(days=1)},
     {"decided_date": date(2026, 1, 1)}],
)  # fmt: skip
def test_decision_names_who_when_and_why_not(cast: Cast, proposal: Advised, given: dict[str, Any]) -> None:
    with pytest.raises(DecisionIncomplete):
        decide(cast, proposal, **given)
    assert not Decided.objects.exists()


def test_nothing_is_decided_on_a_draft(cast: Cast) -> None:
    row = the_object(running(cast, "QH-T01"))
    advice = [Advice("praise", "柳河镇", "整改快")]
    draft = write_conclusion(row, facts="事实", conclusion="结论", advice=advice, by=cast["office"], now=NOW)
    with pytest.raises(NotFedBack):
        decide(cast, draft.advice.get())


def test_database_wants_a_reason_for_what_is_not_adopted(cast: Cast, proposal: Advised) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Decided.objects.create(
            advised=proposal, body="县政府", decided_date=TODAY, is_adopted=False, by=cast["office"], at=NOW
        )


def test_office_records_on_the_page_and_the_unit_reads_it(
    cast: Cast, proposal: Advised, signed_in: Callable[[str], Client]
) -> None:
    page, conclusion = (
        f"/inspections/proposals/{proposal.pk}/decided/",
        f"/inspections/conclusions/{proposal.conclusion_id}/",
    )
    office, town = signed_in("office"), signed_in("townhead")
    assert page in office.get(conclusion).content.decode()
    assert page not in town.get(conclusion).content.decode()
    assert town.get(page).status_code == 403
    given = {"is_adopted": "no", "body": "县纪委监委", "decided_date": TODAY.isoformat(), "number": "", "words": ""}
    assert office.post(page, given).status_code == 422
    assert office.post(page, {**given, "words": "情节轻微"}).status_code == 302
    shown = town.get(conclusion).content.decode()
    assert "未采纳" in shown
    assert "县纪委监委" in shown

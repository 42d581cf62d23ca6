"""Days away: noted by oneself or by the head and office of one's unit, read by them only."""

from datetime import date

import pytest

from luoshi.core.models import Entry
from luoshi.orgs.actions.absences import AwayAlready, DaysReversed, note_absence, remove_absence
from luoshi.orgs.models import Absence
from luoshi.orgs.queries.absences import list_absences, list_staff
from tests.factories.orgs import Cast

DAYS = {"from_date": date(2026, 11, 30), "to_date": date(2026, 12, 4)}


def note(cast: Cast, who: str = "deptclerk") -> Absence:
    return note_absence(cast[who], **DAYS, by=cast[who], now=cast.now, note="培训", unit=cast.unit("QH-NYJ"))


def test_head_sees_the_days_of_the_staff_and_others_do_not(cast: Cast) -> None:
    note(cast)
    seen = {
        who: len(list_absences(cast.access(who), today=cast.today)) for who in ("depthead", "deptclerk", "townhead")
    }
    assert seen == {"depthead": 1, "deptclerk": 1, "townhead": 0}
    assert {p.username for p in list_staff(cast.access("depthead"), today=cast.today)} == {"depthead", "deptclerk"}


def test_reason_of_an_absence_does_not_enter_the_journal(cast: Cast) -> None:
    note(cast)
    assert "培训" not in str(Entry.objects.get(verb="note_absence").data)


def test_absence_is_refused_when_reversed_or_noted_already(cast: Cast) -> None:
    with pytest.raises(DaysReversed):
        note_absence(
            cast["office"], from_date=date(2026, 12, 4), to_date=date(2026, 12, 1), by=cast["office"], now=cast.now
        )
    note(cast)
    with pytest.raises(AwayAlready):
        note(cast)


def test_removed_days_leave_only_their_entries(cast: Cast) -> None:
    remove_absence(note(cast), by=cast["depthead"], now=cast.now)
    assert not Absence.objects.exists()
    assert list(Entry.objects.order_by("seq").values_list("verb", flat=True)) == ["note_absence", "remove_absence"]


def test_person_notes_own_days_and_head_those_of_staff(cast: Cast, signed_in) -> None:  # type: ignore[no-untyped-def]
    given = {"from_date": "2026-11-30", "to_date": "2026-12-04", "note": "年休假"}
    clerk, head = signed_in("deptclerk"), signed_in("depthead")
    assert clerk.post("/orgs/absences/", {**given, "person": cast["deptclerk"].pk}).status_code == 302
    assert clerk.post("/orgs/absences/", {**given, "person": cast["depthead"].pk}).status_code == 200
    assert Absence.objects.count() == 1
    assert "年休假" in head.get("/orgs/absences/").content.decode()
    mine = Absence.objects.get()
    assert signed_in("townhead").post(f"/orgs/absences/{mine.pk}/remove/").status_code == 404
    assert head.post(f"/orgs/absences/{mine.pk}/remove/").status_code == 302

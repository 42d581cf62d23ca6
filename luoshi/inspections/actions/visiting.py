"""What an inspector saw on site, sent from a device that may have been without signal for a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.inspections.actions.finding import WORKING, refuse_barred
from luoshi.inspections.actions.planning import WrongStage
from luoshi.inspections.models import Checklist, InspectionObject, Visit, VisitPhoto
from luoshi.inspections.rules.visits import Answers, Asked, number_of, read_answers, still_open
from luoshi.orgs.models import Person
from luoshi.progress.actions import note_comparison
from luoshi.progress.actions.evidence import keep_files, prepare_files
from luoshi.progress.models import Standing
from luoshi.supervision.rules.comparing import Found, is_mismatch, was_compared


class NoChecklist(Refusal):
    """The inspection has no checklist."""

    sentence = gettext_lazy("This inspection has no checklist yet. Choose one in its plan.")


class StillOpen(Refusal):
    """A visit is ended with every question answered that wants an answer."""

    status = 422

    def __init__(self, numbers: list[int]) -> None:
        words = _("Still without an answer: %(numbers)s. Answer them, or keep the visit unfinished.")
        super().__init__(words % {"numbers": "、".join(map(str, numbers))})


class SentMeanwhile(Refusal):
    """Another device sent other answers since these were begun."""

    status = 409
    sentence = gettext_lazy("Another device sent answers meanwhile. Compare both, choose, and send again.")

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit


@dataclass(frozen=True, slots=True)
class Sent:
    """What a device sends: its key of the visit, the version it began from (0: none), and what was answered."""

    key: str
    version: int
    answers: object
    note: str = ""
    is_ended: bool = False


def send_visit(row: InspectionObject, sent: Sent, *, by: Person, now: datetime, allowed: int) -> Visit:
    """Keep what a device sends. The same sent twice is kept once; other answers over newer ones are a conflict.

    Ended for the first time, a value found is held against the value reported by the object's task. Raises
    NoChecklist, WrongStage, KeptAway, StillOpen, SentMeanwhile.
    """
    checklist = _checklist_of(row)
    refuse_barred(row, by=by, now=now)
    asked = list_asked(checklist)
    answers, wrong = read_answers(sent.answers, asked)
    note = sent.note.strip()[:5000]
    open_still = sorted({*wrong, *still_open(asked, answers)})
    if sent.is_ended and open_still:
        raise StillOpen(open_still)
    with transaction.atomic():
        visit = _lock(row, sent, checklist=checklist, by=by, now=now)
        if visit.version != sent.version:
            if (visit.answers, visit.note) == (answers, note) and bool(visit.sent_at) >= sent.is_ended:
                return visit
            raise SentMeanwhile(visit)
        is_first_end = sent.is_ended and visit.sent_at is None
        visit.answers, visit.note, visit.version = answers, note, visit.version + 1
        visit.sent_at = visit.sent_at or (now if sent.is_ended else None)
        visit.save()
        compared = _compare(row, asked, answers) if is_first_end else []
        differs = any(is_mismatch(found, allowed=allowed) for found in compared)
        _record(visit, row, by=by, now=now, differs=differs)
        if compared and row.task:
            note_comparison(row.task, agrees=not differs, today=timezone.localtime(now).date())
    return visit


def _lock(row: InspectionObject, sent: Sent, *, checklist: Checklist, by: Person, now: datetime) -> Visit:
    """The visit of this key, made if it is new; its row is held until the end of the act."""
    fresh = {"object": row, "checklist": checklist, "started_at": now, "version": 0}
    visit, _made = Visit.objects.get_or_create(inspector=by, client_key=sent.key[:40], defaults=fresh)
    held = Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
    if held.object_id != row.pk:
        raise WrongStage
    return held


def _checklist_of(row: InspectionObject) -> Checklist:
    if row.inspection.state not in WORKING:
        raise WrongStage
    if row.inspection.checklist is None:
        raise NoChecklist
    return row.inspection.checklist


def list_asked(checklist: Checklist) -> list[Asked]:
    """The questions of a checklist as the rules read them."""
    rows = checklist.items.order_by("number").values_list("number", "answer", "is_optional")
    return [Asked(*item) for item in rows]


def _compare(row: InspectionObject, asked: list[Asked], answers: Answers) -> list[Found]:
    """The values found on site beside what the task's last report says, where both are known."""
    said = Standing.objects.filter(task=row.task_id).values_list("value", flat=True).first() if row.task_id else None
    found = [number_of(answers.get(str(q.number), {}).get("a", "")) for q in asked if q.answer == "reported"]
    pairs = [Found(reported_value=said, found_value=value) for value in found]
    return [pair for pair in pairs if was_compared(pair)]


def _record(visit: Visit, row: InspectionObject, *, by: Person, now: datetime, differs: bool) -> None:
    ended: dict[str, Any] = {"is_mismatch": True} if differs else {}
    record_entry(
        "send_visit", by=by, now=now, subject=row.inspection, label=f"{row.inspection.code} {row.unit}",
        unit_path=row.inspection.unit.path or "", object=row.pk, visit=visit.pk, version=visit.version,
        answers=len(visit.answers), is_ended=visit.sent_at is not None, **ended,
    )  # fmt: skip


def send_photo(
    visit: Visit, file: UploadedFile[Any], *, number: int, key: str, by: Person, now: datetime
) -> VisitPhoto:
    """Keep a photograph beside an answer, without where it was taken; sent twice it is kept once."""
    kept = VisitPhoto.objects.filter(visit=visit, client_key=key[:40]).first()
    if kept:
        return kept
    refuse_barred(visit.object, by=by, now=now)
    unit = visit.object.inspection.unit
    prepared = prepare_files([file], unit=unit, by=by, now=now)
    try:
        with transaction.atomic():
            keep_files(prepared, unit=unit)
            photo = VisitPhoto.objects.create(
                visit=visit, number=number, version=prepared.versions[0], client_key=key[:40]
            )
            record_entry(
                "send_photo", by=by, now=now, subject=visit.object.inspection, unit_path=unit.path or "",
                visit=visit.pk, number=number, sha256=photo.version.sha256,
            )  # fmt: skip
    except BaseException:
        prepared.drop()
        raise
    return photo

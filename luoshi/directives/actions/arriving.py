"""A long paper on its way in: kept as it came, read by a background job, refused, cancelled, or taken up again."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from luoshi.core.actions import record_entry
from luoshi.directives.actions.refusals import IntakeEnded
from luoshi.directives.models import INTAKE_OPEN, Directive, Intake
from luoshi.directives.queries import find_same_intake
from luoshi.orgs.models import Person, Unit

PASTED = "pasted.txt"
SILENT_FOR = timedelta(minutes=3)  # a job that told nothing for so long is dead


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes that came in and the name they bore; pasted text comes as UTF-8 under the name PASTED."""

    data: bytes
    name: str = PASTED

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def start_intake(
    source: Source, *, unit: Unit, by: Person, now: datetime, received_date: date, is_internal: bool = False,
    supersedes: Directive | None = None,
) -> Intake:  # fmt: skip
    """Keep a paper that takes long to read; a job takes it up. The same file on its way already is that one."""
    underway = find_same_intake(unit, sha256=source.sha256)
    if underway:
        return underway
    name = PurePath(source.name).name[-200:]
    intake = Intake(
        unit=unit, created_by=by, created_at=now, received_date=received_date, file_name=name, sha256=source.sha256,
        is_internal=is_internal, supersedes=supersedes,
    )  # fmt: skip
    try:
        with transaction.atomic():
            suffix = PurePath(name).suffix.lower()[:8]
            intake.file.save(f"{source.sha256[:24]}{suffix}", ContentFile(source.data), save=False)
            intake.save()
            _record("start_intake", intake, by=by, now=now, sha256=source.sha256)
    except BaseException:
        remove_file(intake.file.name)
        raise
    return intake


def claim_intake(intake_id: int, *, now: datetime) -> Intake | None:
    """A job begins to read it; None when it is read already, being read, or cancelled."""
    rows = Intake.objects.filter(pk=intake_id, state="waiting")
    if not rows.update(state="reading", heard_at=now, pages_read=0, pages=0):
        return None
    return Intake.objects.select_related("unit", "created_by", "supersedes").get(pk=intake_id)


def tell_progress(intake: Intake, *, pages_read: int, pages: int, now: datetime) -> None:
    """So far the job has come. Raises IntakeEnded when somebody cancelled it meanwhile."""
    rows = Intake.objects.filter(pk=intake.pk, state="reading")
    if not rows.update(pages_read=pages_read, pages=pages, heard_at=now):
        raise IntakeEnded


def end_intake(intake: Intake, directive: Directive, *, now: datetime) -> None:
    """It became a directive; called inside the transaction that registers it. Raises IntakeEnded when cancelled."""
    rows = Intake.objects.filter(pk=intake.pk, state="reading")
    if not rows.update(state="done", directive=directive, finished_at=now, file=""):
        raise IntakeEnded
    name = intake.file.name
    transaction.on_commit(lambda: remove_file(name))


def refuse_intake(intake: Intake, *, problem: str, now: datetime) -> None:
    """The reader refused it; the file is kept, to be read again once what was missing is there."""
    with transaction.atomic():
        rows = Intake.objects.filter(pk=intake.pk, state="reading")
        if rows.update(state="refused", problem=problem[:20], finished_at=now):
            _record("refuse_intake", intake, by=None, now=now, problem=problem)


def cancel_intake(intake: Intake, *, by: Person, now: datetime) -> None:
    """Nobody wants it read any more: the file is removed. Raises IntakeEnded."""
    with transaction.atomic():
        rows = Intake.objects.filter(pk=intake.pk, state__in=[*INTAKE_OPEN, "refused"])
        if not rows.update(state="cancelled", finished_at=now, file=""):
            raise IntakeEnded
        name = intake.file.name
        transaction.on_commit(lambda: remove_file(name))
        _record("cancel_intake", intake, by=by, now=now)


def retry_intake(intake: Intake, *, by: Person, now: datetime) -> None:
    """Read a refused paper once more, or one whose job fell silent. Raises IntakeEnded."""
    with transaction.atomic():
        rows = Intake.objects.filter(Q(state="refused") | _silent(now), pk=intake.pk)
        if not rows.update(state="waiting", problem="", finished_at=None, heard_at=None):
            raise IntakeEnded
        _record("start_intake", intake, by=by, now=now, sha256=intake.sha256)


def release_intake(intake: Intake) -> None:
    """The job must stop before it is done: another one may take the paper up."""
    Intake.objects.filter(pk=intake.pk, state="reading").update(state="waiting", heard_at=None)


def take_up_again(*, now: datetime) -> list[int]:
    """Put papers back whose job fell silent; the ids of all that wait to be read."""
    Intake.objects.filter(_silent(now)).update(state="waiting", heard_at=None)
    return list(Intake.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))


def _silent(now: datetime) -> Q:
    return Q(state="reading", heard_at__lt=now - SILENT_FOR)


def _record(verb: str, intake: Intake, *, by: Person | None, now: datetime, **notes: Any) -> None:
    path = intake.unit.path or ""
    record_entry(verb, by=by, now=now, subject=intake, label=intake.file_name, unit_path=path, **notes)


def remove_file(name: str | None) -> None:
    """Remove a kept file; one that is gone already is no error."""
    if name:
        with suppress(OSError):
            Intake._meta.get_field("file").storage.delete(name)

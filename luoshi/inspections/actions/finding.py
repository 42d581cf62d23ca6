"""What was found, put right as tasks of their own, and looked at again after some months."""

from collections.abc import Sequence
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, NotAllowed, Refusal
from luoshi.inspections.actions.planning import NoWords, WrongStage
from luoshi.inspections.models import Draw, Finding, Inspection, InspectionObject, LookBack
from luoshi.inspections.queries.gate import get_bounds
from luoshi.inspections.queries.papers import rectify_fields
from luoshi.inspections.queries.reading import get_bar, list_closed_findings, replay_rows
from luoshi.inspections.rules import lots
from luoshi.inspections.rules.kinds import Lot, Severity, Stage
from luoshi.letters.actions import draft_letter
from luoshi.orgs.models import Person
from luoshi.supervision.actions import reopen_task
from luoshi.supervision.models import Verification
from luoshi.tasks.actions.dispatching import tell_doers
from luoshi.tasks.actions.drafting import insert_duties
from luoshi.tasks.actions.numbering import insert_tasks, take_codes
from luoshi.tasks.models import Task
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import DutyRole, Kind, State, Urgency

WORKING = (Stage.RUNNING, Stage.CONCLUDED)


class FindingIncomplete(Refusal):
    """A finding says fact, rule and what is asked, with a day still to come."""

    sentence = gettext_lazy(
        "A finding says the fact, the rule it violates, what is to be put right, and a day still to come."
    )


class AlreadyTask(Refusal):
    """The finding is being put right already."""

    sentence = gettext_lazy("This finding is being put right as a task already. Follow it there.")


class NothingClosed(Refusal):
    """No finding was closed long enough ago."""

    sentence = gettext_lazy("No finding of this inspection has been closed long enough to be looked at again.")


class KeptAway(NotAllowed):
    """Who works or worked in the unit, or declared an interest, does not inspect it."""

    sentence = gettext_lazy("You are kept from this object: you work or worked there, or declared an interest.")


class SawItBefore(NotAllowed):
    """Who verified that it was put right does not look back at it."""

    sentence = gettext_lazy("You verified this finding as put right. Another person looks back at it.")


def note_finding(
    row: InspectionObject, *, fact: str, rule: str, requirement: str, due_date: date, by: Person, now: datetime,
    evidence: str = "", severity: str = Severity.GENERAL.value, recurrence_of: Finding | None = None,
) -> Finding:  # fmt: skip
    """Note one problem at an object, perhaps one that came back. Raises FindingIncomplete, WrongStage, KeptAway."""
    _check_words(fact=fact, rule=rule, requirement=requirement, due_date=due_date, now=now)
    if row.inspection.state not in WORKING:
        raise WrongStage
    refuse_barred(row, by=by, now=now)
    with transaction.atomic():
        InspectionObject.objects.select_for_update(no_key=True).get(pk=row.pk)
        last = row.findings.aggregate(last=Max("number"))["last"] or 0
        finding = Finding.objects.create(
            object=row, number=last + 1, fact=fact.strip(), rule=rule.strip(), evidence=evidence.strip(),
            severity=severity, requirement=requirement.strip(), due_date=due_date,
            recurrence_of=_earlier(row, recurrence_of), found_by=by, found_at=now,
        )  # fmt: skip
        _record("note_finding", finding, by=by, now=now, unit=str(row.unit), fact=finding.fact[:300],
                rule=finding.rule, recurrence_of=recurrence_of)  # fmt: skip
    return finding


def refuse_barred(row: InspectionObject, *, by: Person, now: datetime) -> None:
    """Who is kept from an object finds and concludes nothing there. Raises KeptAway."""
    if get_bar(row, by, today=timezone.localtime(now).date()):
        raise KeptAway


def _earlier(row: InspectionObject, finding: Finding | None) -> Finding | None:
    """The earlier finding, when it is one at the same unit."""
    return finding if finding is not None and finding.object.unit_id == row.unit_id else None


def edit_finding(finding: Finding, *, version: int, by: Person, now: datetime, **fields: Any) -> Finding:
    """Correct a finding before it becomes a task. Raises AlreadyTask, FindingIncomplete, EditConflict."""
    if finding.task_id is not None:
        raise AlreadyTask
    names = ("fact", "rule", "requirement", "due_date")
    _check_words(**{name: fields.get(name, getattr(finding, name)) for name in names}, now=now)
    changed = {name: value for name, value in fields.items() if getattr(finding, name) != value}
    before = {name: getattr(finding, name) for name in changed}
    with transaction.atomic():
        rows = Finding.objects.filter(pk=finding.pk, version=version, task__isnull=True)
        if not rows.update(**changed, version=F("version") + 1):
            raise EditConflict
        finding.refresh_from_db()
        _record("edit_finding", finding, by=by, now=now, before=before, after=changed)
    return finding


def drop_finding(finding: Finding, *, why: str, by: Person, now: datetime) -> None:
    """Leave a finding out; it stays on record with the reason. Raises NoWords, AlreadyTask, EditConflict."""
    if not why.strip():
        raise NoWords
    if finding.task_id is not None:
        raise AlreadyTask
    with transaction.atomic():
        rows = Finding.objects.filter(pk=finding.pk, is_dropped=False, task__isnull=True)
        if not rows.update(is_dropped=True, dropped_why=why.strip()[:300], version=F("version") + 1):
            raise EditConflict
        _record("drop_finding", finding, by=by, now=now, why=why.strip())


def _check_words(*, fact: str, rule: str, requirement: str, due_date: date, now: datetime) -> None:
    if not (fact.strip() and rule.strip() and requirement.strip()) or due_date < timezone.localtime(now).date():
        raise FindingIncomplete


def rectify_findings(findings: Sequence[Finding], *, by: Person, now: datetime) -> list[Task]:
    """Make each finding a dispatched task of its object, with all clocks, lights and chases; the tasks.

    The unit that inspected asks for it and verifies it. Raises AlreadyTask, EditConflict.
    """
    if not findings or any(f.task_id is not None or f.is_dropped for f in findings):
        raise AlreadyTask
    inspection, today = findings[0].object.inspection, timezone.localtime(now).date()
    unit = findings[0].object.unit
    with transaction.atomic():
        codes = take_codes(inspection.unit, year=today.year, count=len(findings))
        tasks = [
            _task(finding, code, inspection, by=by, now=now, today=today)
            for finding, code in zip(findings, codes, strict=True)
        ]
        insert_tasks(tasks)
        insert_duties({
            task.pk: [DutyRow(DutyRole.LEAD.value, f.object.unit_id, str(f.object.unit))]
            for task, f in zip(tasks, findings, strict=True)
        })  # fmt: skip
        _tie(findings, tasks)
        tell_doers(tasks, now=now, today=today)
        draft_letter(
            "rectify", unit=inspection.unit, by=by, now=now, today=today, fields=rectify_fields(findings),
            subject=inspection, recipients=[unit], title=f"关于{unit.name}的整改通知书",
        )  # fmt: skip
        record_entry(
            "rectify_findings", by=by, now=now, subject=inspection, unit_path=inspection.unit.path or "",
            task_ids=[t.pk for t in tasks], codes=codes, findings=[f.pk for f in findings],
        )  # fmt: skip
    return tasks


def _tie(findings: Sequence[Finding], tasks: Sequence[Task]) -> None:
    """Note with each finding the task it became. Raises EditConflict when one was dropped or given meanwhile."""
    for finding, task in zip(findings, tasks, strict=True):
        rows = Finding.objects.filter(pk=finding.pk, task__isnull=True, is_dropped=False)
        if not rows.update(task=task, version=F("version") + 1):
            raise EditConflict


def _task(finding: Finding, code: str, inspection: Inspection, *, by: Person, now: datetime, today: date) -> Task:
    grave = finding.severity == Severity.SERIOUS
    words = _("Put right: %(fact)s") % {"fact": finding.fact}
    return Task(
        code=code, title=words[:300], requirement=finding.requirement, matter=Matter.FINDING.value,
        standard=_("What was found no longer holds; checked on site by the inspecting unit (%(rule)s).")
        % {"rule": finding.rule},
        kind=Kind.MEASURE.value, state=State.DISPATCHED.value, owner=inspection.unit, start_date=today,
        urgency=(Urgency.URGENT if grave else Urgency.NORMAL).value, due_date=finding.due_date,
        original_due_date=finding.due_date, created_by=by, created_at=now, dispatched_at=now,
    )  # fmt: skip


def draw_look_back(inspection: Inspection, *, by: Person, now: datetime, seed: str = "") -> Draw:
    """Draw a share of the findings closed so many months ago, to be looked at again. Raises NothingClosed."""
    bounds = get_bounds(inspection.unit)
    closed = list(list_closed_findings(inspection, today=timezone.localtime(now).date()))
    if not closed:
        raise NothingClosed
    count = max(1, -(-len(closed) * bounds.look_back_percent // 100))
    frame = [{"object": inspection.pk, "label": "look-back", "eligible": [f.pk for f in closed], "count": count}]
    seed, parameters = seed.strip()[:64] or token_hex(8), {"count": count, "percent": bounds.look_back_percent}
    with transaction.atomic():
        Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)
        former = Draw.objects.filter(inspection=inspection, lot=Lot.LOOK_BACK.value).count()
        result = replay_rows(Lot.LOOK_BACK.value, frame=frame, parameters=parameters, seed=seed)
        draw = Draw.objects.create(
            inspection=inspection, lot=Lot.LOOK_BACK.value, number=former + 1, seed=seed, method=lots.SIMPLE,
            parameters=parameters, frame=frame, frame_hash=lots.frame_hash(frame), result=result, by=by, at=now,
        )  # fmt: skip
        LookBack.objects.bulk_create(
            LookBack(inspection=inspection, finding_id=pk, draw=draw) for pk in result[0]["drawn"]
        )
        record_entry(
            "draw_look_back", by=by, now=now, subject=inspection, unit_path=inspection.unit.path or "", draw=draw.pk,
            seed=seed, frame=draw.frame_hash, drawn=result[0]["drawn"],
        )  # fmt: skip
    return draw


def note_look_back(
    row: LookBack, *, holds: bool, seen: str, by: Person, now: datetime, due_date: date | None = None
) -> None:
    """Say what was seen; what does not hold is reopened as its task (回头看), which keeps its own entry.

    Raises NoWords, SawItBefore when the person verified it, EditConflict.
    """
    if not seen.strip():
        raise NoWords
    task = row.finding.task
    if task and Verification.objects.filter(submission__task=task, verifier=by, result="passed").exists():
        raise SawItBefore
    with transaction.atomic():
        rows = LookBack.objects.filter(pk=row.pk, holds__isnull=True)
        if not rows.update(holds=holds, seen=seen.strip(), by=by, at=now):
            raise EditConflict
        if not holds and task is not None:
            reopen_task(task, reason=seen, by=by, now=now, due_date=due_date)
        record_entry(
            "note_look_back", by=by, now=now, subject=row.inspection, unit_path=row.inspection.unit.path or "",
            finding=row.finding_id, holds=holds, seen=seen.strip()[:500],
        )  # fmt: skip


def _record(verb: str, finding: Finding, *, by: Person, now: datetime, **notes: Any) -> None:
    path = finding.object.inspection.unit.path or ""
    record_entry(verb, by=by, now=now, subject=finding, unit_path=path, **notes)

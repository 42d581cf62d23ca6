"""Reporting progress: what was done, how far, what stands in the way, and what is asked of whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.prepared import first, prepared
from luoshi.notices.actions import notify, say
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import list_people_in
from luoshi.orgs.rules import Role
from luoshi.progress.actions.evidence import Prepared, keep_evidence, prepare_files
from luoshi.progress.actions.readings import carry_up, read_with_report, standing_of
from luoshi.progress.actions.standings import settle
from luoshi.progress.actions.turns import settle_turn
from luoshi.progress.models import ExhibitVersion, Feedback, Reading, Standing
from luoshi.progress.rules.hints import is_hollow
from luoshi.progress.rules.rollup import percent_said
from luoshi.tasks.actions import move_task
from luoshi.tasks.models import Duty, Milestone, Task
from luoshi.tasks.rules.states import DutyRole

ANSWERING = (Role.HEAD.value, Role.OFFICE.value, Role.HANDLER.value)


class NothingReported(Refusal):
    """Neither words nor a figure."""

    sentence = _("Say what was done: a sentence with a number, a date or a place is enough.")


class PercentOutOfRange(Refusal):
    """A percent below 0 or above 100."""

    sentence = _("The percentage done lies between 0 and 100. Leave it empty when it is not known.")


class AskedOfNobody(Refusal):
    """A unit is asked, but not for what."""

    sentence = _("Write what you ask of the unit, or leave the unit empty.")


def report_progress(
    task: Task, *, unit: Unit, by: Person, now: datetime, today: date, period: str, done: str,
    percent: Decimal | None = None, value: Decimal | None = None, problem: str = "", cause: str = "", ask: str = "",
    asked_unit: Unit | None = None, next_step: str = "", next_date: date | None = None,
    files: Sequence[UploadedFile[Any]] = (), again: Iterable[ExhibitVersion] = (), milestones: Iterable[int] = (),
) -> Feedback:  # fmt: skip
    """Record one unit's report, carry its percent up to the root, and tell the unit that is asked for something.

    A value reached gives the percent of a task with a target. A co-unit's report is kept, but the percent of the task
    is said by those who lead it. `milestones` are the ids of those reached; `again` is
    evidence that the unit keeps already.
    Raises NothingReported, PercentOutOfRange, AskedOfNobody, TooMuchEvidence, UnlawfulStep, EditConflict,
    and for the value what carry_up in readings.py raises.
    """
    said = percent_said(percent, value=value, op=task.target_op, target=task.target_value)
    feedback = Feedback(
        task=task, unit=unit, by=by, at=now, period=period, done=done.strip(), percent=said, value=value,
        problem=problem.strip(), cause=cause, ask=ask.strip(), asked_unit=asked_unit, next_step=next_step.strip(),
        next_date=next_date,
    )  # fmt: skip
    _check(feedback)
    papers = prepare_files(files, unit=unit, by=by, now=now)
    try:
        _store(feedback, papers, again=list(again), milestones=milestones, today=today)
    except BaseException:
        papers.drop()
        raise
    return feedback


def _store(
    feedback: Feedback, papers: Prepared, *, again: list[ExhibitVersion], milestones: Iterable[int], today: date
) -> None:
    task, now = feedback.task, feedback.at
    with transaction.atomic():
        move_task(task, "report", now=now)
        feedback.save()
        keep_evidence(papers, feedback, again=again)
        reached = _reach_milestones(task, milestones, today=today)
        _tell_asked_unit(feedback, today=today)
        readings = _read_value(feedback, today=today)
        before = first(_list_before(task.pk)) or (None, 0, "")
        is_empty = is_hollow(feedback.done[:200], has_value=feedback.value is not None, last_done=before[2])
        _record(
            feedback, before=before[0], now=now, reached=reached, says_nothing=is_empty,
            files=[p.name for p in (*papers.versions, *again)],
        )  # fmt: skip
        fields = _standing_fields(feedback, hollow=before[1] + 1 if is_empty else 0)
        if readings:
            carry_up(readings)
            fields |= standing_of(readings[0].allotment, today=today)
        settle(task, today=today, **fields)
        settle_turn(feedback)


def _read_value(feedback: Feedback, *, today: date) -> list[Reading]:
    """The value is the reading of the task's main indicator too, so that it is given once."""
    if feedback.value is None or not _leads(feedback):
        return []
    return read_with_report(
        feedback.task, value=feedback.value, today=today, unit=feedback.unit, by=feedback.by, now=feedback.at,
        words=feedback.done or feedback.problem or feedback.period,
    )  # fmt: skip


def _check(feedback: Feedback) -> None:
    if not feedback.done and feedback.percent is None and feedback.value is None:
        raise NothingReported
    if feedback.percent is not None and not 0 <= feedback.percent <= 100:
        raise PercentOutOfRange
    if feedback.asked_unit and not feedback.ask:
        raise AskedOfNobody


def _reach_milestones(task: Task, ids: Iterable[int], *, today: date) -> list[str]:
    """Mark the task's own milestones as reached today; their names."""
    reached = list(Milestone.objects.filter(task=task, pk__in=list(ids), done_date__isnull=True))
    Milestone.objects.filter(pk__in=[m.pk for m in reached]).update(done_date=today)
    return [m.name for m in reached]


def _tell_asked_unit(feedback: Feedback, *, today: date) -> None:
    if feedback.asked_unit is None:
        return
    people = list_people_in([feedback.asked_unit.pk], ANSWERING, today)
    words = _("%(unit)s asks you about “%(task)s”: %(ask)s")
    text = say(words, unit=feedback.unit, task=feedback.task.title, ask=feedback.ask)
    notify(people, kind="ask", text=text, url=task_page(feedback.task_id), now=feedback.at)


def task_page(task_id: int) -> str:
    """Where the task is read."""
    try:
        return reverse("ledger:task", args=[task_id])
    except NoReverseMatch:
        return ""


def _record(
    feedback: Feedback, *, before: Decimal | None, now: datetime, reached: list[str], files: list[str],
    says_nothing: bool,
) -> None:  # fmt: skip
    task = feedback.task
    noted: dict[str, Any] = {"hollow": True} if says_nothing else {}
    record_entry(
        "report_progress", by=feedback.by, now=now, subject=task, unit_path=feedback.unit.path or "",
        before={"percent": before}, after={"percent": feedback.percent, "value": feedback.value},
        feedback=feedback.pk, period=feedback.period, done=feedback.done[:200], problem=feedback.problem[:200],
        ask=feedback.ask[:200], asked_unit=feedback.asked_unit, milestones=reached, files=files,
        **noted,
    )  # fmt: skip


def _standing_fields(feedback: Feedback, *, hollow: int) -> dict[str, object]:
    """What the report changes in the standing. An empty percent leaves the last one; a co-unit says words only.

    `hollow` counts the reports in a row that say nothing which can be checked: one that does starts anew.
    """
    fields: dict[str, object] = {
        "last_at": feedback.at,
        "last_word": feedback.done[:200],
        "last_problem": feedback.problem[:200],
        "last_cause": feedback.cause,
    }
    if _leads(feedback):
        if feedback.percent is not None:
            fields["own_percent"] = feedback.percent
        if feedback.value is not None:
            fields["value"] = feedback.value
        fields["hollow"] = hollow
    return fields


def _leads(feedback: Feedback) -> bool:
    """Does the unit lead the task, alone or jointly, or does nobody?"""
    leading = _list_leading(feedback.task_id)
    return not leading or feedback.unit_id in leading


@prepared
def _list_leading(task: int) -> QuerySet[Duty, Any]:
    """The units that lead the task, alone or jointly."""
    roles = [DutyRole.LEAD.value, DutyRole.JOINT.value]
    return Duty.objects.filter(task=task, role__in=roles).order_by().values_list("unit_id", flat=True)


@prepared
def _list_before(task: int) -> QuerySet[Standing, Any]:
    """What the standing said before the report."""
    return Standing.objects.filter(task=task).values_list("own_percent", "hollow", "last_word")

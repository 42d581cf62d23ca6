"""Approved time in which a clock stands still: asked for, decided with a last day, ended by itself or by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.models import Entry
from luoshi.core.shell import day, url
from luoshi.notices.actions import say
from luoshi.orgs.models import Person, Unit
from luoshi.progress.actions import note_pause
from luoshi.progress.models import Standing
from luoshi.supervision.actions.telling import tell_checkers, tell_doers
from luoshi.supervision.actions.verifying import MissingWords
from luoshi.supervision.models import Coordination, Pause
from luoshi.supervision.rules.coordination import PauseSpan, moved_date, span_of_pause
from luoshi.tasks.actions.moving import check_step, hold_tasks, hold_trees, move_task
from luoshi.tasks.models import PHASE_OPEN, Duty, Milestone, Task
from luoshi.tasks.rules.states import STEPS, State

OPEN = ["requested", "running"]
CHUNK = 500


class PausedAlready(Refusal):
    """One pause at a time."""

    sentence = _("The clock of this task already stands still, or somebody asked for it. One at a time.")


class PauseDecided(Refusal):
    """Somebody decided first."""

    sentence = _("Somebody has already decided on this. Open the task to see how it stands.")


class PauserMayNotDecide(Refusal):
    """Who asked for it does not grant it."""

    status = 403
    sentence = _("You asked for this yourself. Another person decides on it.")


@dataclass(frozen=True, slots=True)
class Ended:
    """A pause that ended: its task, the days it took, and the due date before and after."""

    pause: Pause
    span: PauseSpan | None
    before: date | None
    after: date | None

    def notes(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        days = self.span.days if self.span else 0
        return {"paused_days": days, "before": {"due_date": self.before}, "after": {"due_date": self.after}}


def ask_pause(
    task: Task, *, kind: str, unit: Unit, reason: str, by: Person, now: datetime,
    coordination: Coordination | None = None,
) -> Pause:  # fmt: skip
    """Ask that the clock stand still, inside an action that records it; the decider is told. Raises PausedAlready."""
    pause = Pause(
        task=task, kind=kind, unit=unit, reason=reason.strip(), state="requested", requested_by=by, requested_at=now,
        coordination=coordination,
    )  # fmt: skip
    _save_only(pause)
    words = _("%(unit)s asks that the clock of “%(task)s” stand still: %(reason)s")
    text = say(words, unit=unit, task=task.title[:100], reason=pause.reason[:120])
    page, today = url("supervision:decide_pause", task.pk), timezone.localtime(now).date()
    tell_checkers(task, text=text, page=page, by=by, now=now, today=today)
    return pause


def request_pause(task: Task, *, unit: Unit, reason: str, by: Person, now: datetime) -> Pause:
    """挂起: ask that the work be suspended. Raises MissingWords, PausedAlready, UnlawfulStep."""
    check_step(task, "ask_pause")
    if not reason.strip():
        raise MissingWords(_("Write why the work has to stop, and what must happen before it goes on."))
    with transaction.atomic():
        pause = ask_pause(task, kind="suspended", unit=unit, reason=reason, by=by, now=now)
        record_entry(
            "request_pause", by=by, now=now, subject=task, unit_path=unit.path or "", pause=pause.pk, unit=str(unit),
            reason=pause.reason[:500],
        )  # fmt: skip
    return pause


def suspend_task(task: Task, *, unit: Unit, reason: str, until_date: date, by: Person, now: datetime) -> Pause:
    """Suspend work without being asked, until a last day at most. Raises MissingWords, PausedAlready, UnlawfulStep."""
    check_step(task, "suspend")
    if not reason.strip():
        raise MissingWords(_("Write why the work is suspended: everyone who works on it will read it."))
    pause = Pause(
        task=task, kind="suspended", unit=unit, reason=reason.strip(), state="requested", requested_by=by,
        requested_at=now,
    )  # fmt: skip
    with transaction.atomic():
        _save_only(pause)
        start_pause(pause, until_date=until_date, by=by, now=now, opinion="")
    return pause


def _save_only(pause: Pause) -> None:
    try:
        with transaction.atomic():
            pause.save()
    except IntegrityError as error:
        raise PausedAlready from error


def decide_pause(
    pause: Pause, *, approve: bool, by: Person, now: datetime, until_date: date | None = None, opinion: str = ""
) -> None:
    """Let the clock stand still until a last day at most, or refuse with a reason.

    Raises PauserMayNotDecide, MissingWords, PauseDecided, UnlawfulStep, EditConflict.
    """
    if pause.requested_by_id == by.pk:
        raise PauserMayNotDecide
    if approve:
        if until_date is None:
            raise MissingWords(_("Give the last day: nothing stands still without an end."))
        start_pause(pause, until_date=until_date, by=by, now=now, opinion=opinion)
        return
    if not opinion.strip():
        raise MissingWords(_("Write why it is refused."))
    task, today = pause.task, timezone.localtime(now).date()
    with transaction.atomic():
        _decide(pause, state="refused", by=by, now=now, opinion=opinion.strip())
        words = _("The clock of “%(task)s” goes on: %(opinion)s")
        text = say(words, task=task.title[:140], opinion=pause.opinion)
        tell_doers(task, text=text, by=by, now=now, today=today)
        record_entry(
            "decide_pause", by=by, now=now, subject=task, unit_path=task.owner.path or "", pause=pause.pk,
            decision="refused", opinion=pause.opinion[:500],
        )  # fmt: skip


def start_pause(pause: Pause, *, until_date: date, by: Person, now: datetime, opinion: str = "") -> None:
    """The clock stands still: for a question since it was asked for, suspended work (with its parts) from today.

    Raises MissingWords, PauseDecided, UnlawfulStep, EditConflict.
    """
    task, today = pause.task, timezone.localtime(now).date()
    since = timezone.localtime(pause.requested_at).date() if pause.kind == "waiting" else today
    if until_date < today:
        raise MissingWords(_("The last day has already passed. Give one that is still to come."))
    suspends = pause.kind == "suspended"
    check_step(task, "suspend" if suspends else "decide_pause")
    with transaction.atomic():
        _hold(pause)
        before = task.state
        _decide(
            pause, state="running", by=by, now=now, opinion=opinion.strip(), from_date=since, until_date=until_date,
            resumes_to=before,
        )  # fmt: skip
        move_task(task, "suspend" if suspends else "decide_pause", now=now)
        parts = _suspend_parts(pause) if suspends else []
        words = _("The clock of “%(task)s” stands still until %(day)s at most.")
        text = say(words, task=task.title[:160], day=day(until_date))
        tell_doers(task, text=text, by=by, now=now, today=today)
        record_entry(
            "decide_pause", by=by, now=now, subject=task, unit_path=task.owner.path or "", pause=pause.pk,
            decision="approved", before={"state": before}, after={"state": task.state}, from_date=since,
            until_date=until_date, opinion=pause.opinion[:500] or pause.reason[:500], task_ids=[task.pk, *parts],
        )  # fmt: skip
        note_pause(task, since=since, today=today)
        _mark(parts, since=since)


def _hold(pause: Pause) -> None:
    """The rows of the tasks that stand still come before the pause's own, as in every act on them."""
    if pause.kind == "suspended":
        hold_trees([pause.task])
    else:
        hold_tasks([pause.task_id])


def _decide(pause: Pause, *, by: Person, now: datetime, **said: Any) -> None:
    said |= {"decided_by": by, "decided_at": now}
    if not Pause.objects.filter(pk=pause.pk, state="requested").update(**said):
        raise PauseDecided
    for name, value in said.items():
        setattr(pause, name, value)


def _suspend_parts(pause: Pause) -> list[int]:
    """Parts at work stop with the task, each to go on from its own state; those that stand still already stay so."""
    sources = [s.value for s in STEPS["suspend"].sources]
    below = Task.objects.under(pause.task.path or "").filter(state__in=sources).exclude(pk=pause.task_id)
    rows = list(below.exclude(pauses__state__in=OPEN).order_by("path").values_list("pk", "state"))
    Pause.objects.bulk_create(
        [
            Pause(
                task_id=pk, kind="suspended", unit=pause.unit, reason=pause.reason, state="running",
                requested_by=pause.requested_by, requested_at=pause.requested_at, decided_by=pause.decided_by,
                decided_at=pause.decided_at, from_date=pause.from_date, until_date=pause.until_date, resumes_to=state,
            )
            for pk, state in rows
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    keys = [pk for pk, _state in rows]
    for some in _chunks(keys):
        Task.objects.filter(pk__in=some).update(state=State.SUSPENDED.value, version=F("version") + 1)
    return keys


def _mark(tasks: Sequence[int], *, since: date | None) -> None:
    """Their standings say it too; after the entry, like every writing of standings."""
    for some in _chunks(tasks):
        Standing.objects.filter(task__in=some).update(paused_date=since)


def _chunks(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def end_pause(pause: Pause, *, by: Person | None, now: datetime, ends: date | None = None, reason: str = "") -> None:
    """Let the clock run again (恢复): dates still to come move by the days it stood still; the original date stays.

    `ends` is the first day on which it runs (today, or the day after the last day). Raises PauseDecided.
    """
    task, today = pause.task, timezone.localtime(now).date()
    with transaction.atomic():
        ended = close_pause(pause, ends=ends or today)
        if not ended:
            raise PauseDecided
        words = _("The clock of “%(task)s” runs again; now due %(day)s.")
        text = say(words, task=task.title[:160], day=day(ended[0].after))
        tell_doers(task, text=text, by=by, now=now, today=today)
        record_entry(
            "end_pause", by=by, now=now, subject=task, unit_path=task.owner.path or "", pause=pause.pk,
            reason=reason.strip()[:500], task_ids=[e.pause.task_id for e in ended], **ended[0].notes(),
        )  # fmt: skip
        settle_pause(ended, now=now)


def close_pause(pause: Pause, *, ends: date) -> list[Ended]:
    """End it inside an action that records it, with the parts that stopped with it; nothing if it had ended.

    What was only asked for lapses. Whoever calls this calls settle_pause after the entry.
    """
    _hold(pause)
    if Pause.objects.filter(pk=pause.pk, state="requested").update(state="ended"):
        return []
    pauses = [pause, *_list_with(pause)] if pause.kind == "suspended" else [pause]
    return [ended for each in pauses if (ended := _close(each, ends=ends))]


def _list_with(pause: Pause) -> list[Pause]:
    """The pauses of parts that began in the same act."""
    same = Pause.objects.filter(state="running", kind="suspended", decided_at=pause.decided_at)
    parts = Task.objects.under(pause.task.path or "").exclude(pk=pause.task_id)
    return list(same.filter(task__in=parts.values("pk")).select_related("task").order_by("pk"))


def _close(pause: Pause, *, ends: date) -> Ended | None:
    if pause.from_date is None or pause.until_date is None:
        return None
    span = span_of_pause(from_date=pause.from_date, until=pause.until_date, ends=ends)
    if not Pause.objects.filter(pk=pause.pk, state="running").update(state="ended", to_date=span.to_date):
        return None
    pause.state, pause.to_date = "ended", span.to_date
    task = pause.task
    task.refresh_from_db(fields=["state", "due_date", "version", "phase"])
    before = task.due_date
    if task.phase == PHASE_OPEN:
        _run_again(task, pause=pause, span=span)
    return Ended(pause, span, before, task.due_date)


def _run_again(task: Task, *, pause: Pause, span: PauseSpan) -> None:
    state = pause.resumes_to if task.state == State.SUSPENDED else task.state
    fields = {"state": state, "due_date": moved_date(task.due_date, span=span)}
    still = Task.objects.filter(pk=task.pk, state=task.state, version=task.version)
    if not still.update(**fields, version=F("version") + 1):
        raise EditConflict
    task.refresh_from_db(fields=["state", "due_date", "version"])
    if not span.days:
        return
    milestones = list(Milestone.objects.filter(task=task, done_date__isnull=True, due_date__gte=span.from_date))
    for milestone in milestones:
        milestone.due_date = moved_date(milestone.due_date, span=span) or milestone.due_date
    Milestone.objects.bulk_update(milestones, ["due_date"])
    duties = list(Duty.objects.filter(task=task, due_date__gte=span.from_date))
    for duty in duties:
        duty.due_date = moved_date(duty.due_date, span=span)
    Duty.objects.bulk_update(duties, ["due_date"])


def settle_pause(ended: Sequence[Ended], *, now: datetime) -> None:
    """The standings of tasks whose clock runs again; after the entry."""
    if ended:
        note_pause(ended[0].pause.task, since=None, today=timezone.localtime(now).date())
        _mark([e.pause.task_id for e in ended[1:]], since=None)


def end_pauses_due(at: datetime) -> None:
    """The routine of each morning: pauses whose last day has passed end, each once, whoever runs this and how often."""
    today = timezone.localtime(at).date()
    over = Pause.objects.filter(state="running", until_date__lt=today).select_related("task__owner").order_by("pk")
    for pause in over:
        try:
            end_pause(pause, by=None, now=at)
        except PauseDecided:
            continue  # it ended with the task above, or by hand at this moment


def end_with_submission(entry: Entry) -> None:
    """Listener: whoever submits the result waits for nobody's answer any more."""
    running = Pause.objects.filter(task=int(entry.subject_id), kind="waiting", state__in=OPEN)
    for pause in running.select_related("task__owner"):
        settle_pause(close_pause(pause, ends=timezone.localtime(entry.at).date()), now=entry.at)

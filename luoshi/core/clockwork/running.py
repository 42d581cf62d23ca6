"""One run: claimed by compare-and-set, executed, and marked; what fails is tried again later and later."""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Collection
from contextlib import nullcontext
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from luoshi.core.clockwork.planning import list_ready, plan_due, take_up_lapsed
from luoshi.core.clockwork.registry import get_routine, list_routines
from luoshi.core.models import Run, RunState
from luoshi.core.rules.routines import ATTEMPTS, wait_before

logger = logging.getLogger(__name__)
LEASES = 4  # a run that nobody renews for so many leases of the clockwork is free again
LONGEST_ERROR = 2000


class TakenOver(Exception):
    """The run lapsed and another worker has it: what was done in its transaction is undone."""


def held_for() -> timedelta:
    """How long a claimed run is kept for its worker without a word of it."""
    lease: timedelta = settings.CLOCKWORK_LEASE
    return LEASES * lease


def worker_name() -> str:
    """A name that no other worker has, with its host and process for whoever looks."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def run_due(now: datetime, *, only: Collection[str] | None = None) -> int:
    """Do all that is due up to `now` in this process, oldest first; how many. An error is noted and raised."""
    holder, done = worker_name(), 0
    take_up_lapsed(now)
    plan_due(now, only=only)
    names = [routine.name for routine in list_routines() if only is None or routine.name in only]
    while run := list_ready(now, names=names).first():
        done += execute_run(run, holder=holder, now=now, raises=True)
    return done


def execute_run(
    run: Run, *, holder: str, now: datetime, read_clock: Callable[[], datetime] | None = None, raises: bool = False
) -> bool:
    """Claim a run, do it and mark it; False when another has it, or when it failed."""
    routine = get_routine(run.routine)
    if routine is None or not _claim(run, holder=holder, now=now):
        return False
    try:
        with transaction.atomic() if routine.atomic else nullcontext():
            routine.run(timezone.localtime(run.due_at, timezone.get_default_timezone()))
            _finish(run, holder=holder, now=read_clock() if read_clock else now, must=routine.atomic)
    except TakenOver:
        return False
    except Exception as error:
        _fail(run, error, holder=holder, now=now)
        if raises:
            raise
        logger.exception("Routine %s failed", run)
        return False
    except BaseException:  # the process is told to end
        _held(run, holder).update(state=RunState.WAITING.value, asked_at=None, attempts=F("attempts") - 1)
        raise
    return True


def _finish(run: Run, *, holder: str, now: datetime, must: bool) -> None:
    done = _held(run, holder).update(state=RunState.DONE.value, done_at=now, error="", until=None)
    if must and not done:
        raise TakenOver


def renew_run(run_id: int, *, holder: str, now: datetime) -> bool:
    """Say that the worker is alive; False when the run is no longer its own."""
    mine = Run.objects.filter(pk=run_id, holder=holder, state=RunState.RUNNING.value)
    return bool(mine.update(until=now + held_for()))


def _claim(run: Run, *, holder: str, now: datetime) -> bool:
    ready = list_ready(now, names=[run.routine]).order_by().filter(pk=run.pk)
    begun = {"holder": holder, "until": now + held_for(), "started_at": now, "attempts": F("attempts") + 1}
    try:
        with transaction.atomic():
            return bool(ready.update(state=RunState.RUNNING.value, next_at=None, **begun))
    except IntegrityError:  # another run of this routine was begun at the same moment
        return False


def _fail(run: Run, error: Exception, *, holder: str, now: datetime) -> None:
    run.refresh_from_db(fields=["attempts"])
    words = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    is_last = run.attempts >= ATTEMPTS
    state = RunState.FAILED.value if is_last else RunState.WAITING.value
    wait = None if is_last else now + wait_before(run.attempts)
    _held(run, holder).update(state=state, error=words, next_at=wait, asked_at=None, until=None)


def _held(run: Run, holder: str) -> QuerySet[Run]:
    return Run.objects.filter(pk=run.pk, holder=holder, state=RunState.RUNNING.value)

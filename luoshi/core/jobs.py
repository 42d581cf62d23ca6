"""Runs of routines as background jobs: whichever worker is free takes them up."""

import logging
import threading
from datetime import datetime
from types import TracebackType

from django.db import connection, transaction
from django.db.utils import Error
from django_tasks import task

from luoshi.core import clock
from luoshi.core.clockwork import (
    QUEUE,
    execute_run,
    give_out,
    held_for,
    list_ready,
    list_routines,
    plan_due,
    renew_run,
    take_up_lapsed,
    worker_name,
)
from luoshi.core.models import Run

logger = logging.getLogger(__name__)
OFTEN = 6  # times that a run is renewed before it would lapse


@task(queue_name=QUEUE)
def run_routine(run_id: int) -> None:
    """Do one run, unless another worker has it; then give out what may follow."""
    run = Run.objects.filter(pk=run_id).first()
    if run and do_run(run):
        ask_workers(clock.now())


def do_run(run: Run) -> bool:
    """Do one run and keep it meanwhile; False when another worker has it, or when it failed."""
    holder = worker_name()
    with Renewal(run.pk, holder):
        return execute_run(run, holder=holder, now=clock.now(), read_clock=clock.now)


def work_off(*, until: datetime) -> int:
    """Do in this process all that fell due by then, oldest first; what fails is noted and tried again another time."""
    take_up_lapsed(clock.now())
    plan_due(until)
    names, done = [routine.name for routine in list_routines()], 0
    while run := list_ready(clock.now(), names=names, until=until).first():
        done += do_run(run)
    return done


def ask_workers(now: datetime) -> int:
    """Ask for a job for every run that may begin; how many."""
    with transaction.atomic():
        keys = give_out(now)
        for key in keys:
            run_routine.enqueue(key)
    return len(keys)


class Renewal:
    """Keeps a run while it is worked on, from a thread of its own: a worker that dies renews nothing."""

    def __init__(self, run_id: int, holder: str) -> None:
        self.run_id, self.holder = run_id, holder
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.ended.set()

    def _renew(self) -> None:
        while not self.ended.wait(held_for().total_seconds() / OFTEN):
            try:
                renew_run(self.run_id, holder=self.holder, now=clock.now())
            except Error:  # the database is busy or away: the next time will do
                logger.warning("A run of a routine could not be renewed", exc_info=True)
            finally:
                connection.close()

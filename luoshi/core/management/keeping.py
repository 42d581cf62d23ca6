"""Keeps processes at work on background jobs: one that dies is started again, all end with whoever asked for them."""

import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from types import FrameType

from django.core.management import call_command
from django.db import connections

from luoshi.core import clock, events
from luoshi.core.clockwork import QUEUE
from luoshi.core.management.beating import Beat

logger = logging.getLogger(__name__)
PAUSE = 0.5  # seconds between two looks at the processes
SHORT_LIFE = 5.0  # a process that ends sooner is started again only after REST
REST = 15.0
PATIENCE = 4.0  # seconds that a process has to put its job back before it is killed


def keep_beside(count: int) -> None:
    """Leave `count` working processes beside this one; they end when it ends, however it ends."""
    if count <= 0:
        return
    connections.close_all()
    parent = os.getpid()
    if os.fork() == 0:
        Keeper(count, parent=parent).run()
        os._exit(0)


class Keeper:
    """Holds `count` processes at work and one at the clock until it is told to end, or until `parent` is gone."""

    def __init__(self, count: int, *, parent: int | None = None) -> None:
        self.wanted = Counter({work: count, keep_time: 1})
        self.parent = parent
        self.born: dict[int, tuple[float, Callable[[], None]]] = {}
        self.rests_until = 0.0
        self.is_ending = False

    def run(self) -> None:
        """Keep them until the end, then end them."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        while not self.is_ending and (self.parent is None or os.getppid() == self.parent):
            self._reap()
            if time.monotonic() >= self.rests_until:
                for duty in (self.wanted - Counter(duty for _born, duty in self.born.values())).elements():
                    self._start(duty)
            time.sleep(PAUSE)
        self._stop()

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.is_ending = True

    def _start(self, duty: Callable[[], None]) -> None:
        pid = os.fork()
        if pid == 0:
            try:
                duty()
            except Exception:
                logger.exception("A process that works on background jobs died")
            finally:
                os._exit(0)
        self.born[pid] = time.monotonic(), duty

    def _reap(self) -> None:
        for pid in list(self.born):
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                lived = time.monotonic() - self.born.pop(pid)[0]
                if lived < SHORT_LIFE:
                    self.rests_until = time.monotonic() + REST

    def _stop(self) -> None:
        """Ask twice: at the first word a process would finish its job, which may take long; at the second it ends."""
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            for pid in self.born:
                os.kill(pid, number)
            waited = time.monotonic() + PATIENCE
            while self.born and time.monotonic() < waited:
                self._reap()
                time.sleep(PAUSE / 5)
                if number == signal.SIGTERM and time.monotonic() > waited - PATIENCE / 2:
                    break


def keep_time() -> None:
    """Beat, and work on routines alone: a long paper never keeps them waiting."""
    _end_by_default()
    beat = Beat()
    beat.start()
    try:
        call_command("db_worker", queue_name=QUEUE, startup_delay=False, reload=False, verbosity=0)
    finally:
        beat.stop()


def work() -> None:
    """Take up what a dead process left, then work on jobs until told to end."""
    _end_by_default()
    events.start_work(now=clock.now())
    call_command("prune_db_task_results", verbosity=0)
    call_command("db_worker", queue_name="*", startup_delay=False, reload=False, verbosity=0)


def _end_by_default() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)

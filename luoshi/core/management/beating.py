"""The beat of the clockwork: one process at a time plans what is due, the others stand by."""

import logging
import threading

from django.conf import settings
from django.db import connection
from django.db.utils import Error

from luoshi.core import clock
from luoshi.core.clockwork import QUEUE, hold_lease, plan_due, release_lease, take_up_lapsed, worker_name
from luoshi.core.jobs import ask_workers

logger = logging.getLogger(__name__)
OFTEN = 6  # beats in the time of a lease


class Beat:
    """A thread that beats as long as its process lives."""

    def __init__(self) -> None:
        self.holder = worker_name()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """End in order, so that another process need not wait for the lease to lapse."""
        self.ended.set()
        self.thread.join(timeout=_pause())

    def _run(self) -> None:
        while not self.ended.is_set():
            self._beat(last=False)
            self.ended.wait(_pause())
        self._beat(last=True)

    def _beat(self, *, last: bool) -> None:
        try:
            if last:
                release_lease(QUEUE, holder=self.holder, now=clock.now())
            else:
                beat(self.holder)
        except Error:  # the database is busy or away: the next beat will do
            logger.warning("The clockwork missed a beat", exc_info=True)
        except Exception:
            logger.exception("The clockwork missed a beat")
        finally:
            connection.close()


def _pause() -> float:
    return float(settings.CLOCKWORK_LEASE.total_seconds() / OFTEN)


def beat(holder: str) -> bool:
    """Plan and give out what is due, if this holder may; whether it may."""
    now = clock.now()
    if not hold_lease(QUEUE, holder=holder, now=now):
        return False
    take_up_lapsed(now)
    plan_due(now)
    ask_workers(now)
    return True

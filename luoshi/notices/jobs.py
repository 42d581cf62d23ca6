"""What happens by itself: digests at the hours people chose, urgent messages each minute, and the sending."""

import time
from datetime import datetime

from django_tasks import task

from luoshi.core import clock
from luoshi.notices.actions.making import drop_old_deliveries, make_digests, make_prompt
from luoshi.notices.actions.sending import list_due, send_some

LONGEST = 50.0  # seconds that one job goes on sending; the next minute's goes on
ONE_JOB = 200  # deliveries that are worth a worker of their own
MOST_JOBS = 4


def tell_digests(at: datetime) -> None:
    """Make the digests that are due, and let them be sent."""
    make_digests(at)
    drop_old_deliveries(at)
    ask_to_send(at)


def tell_at_once(at: datetime) -> None:
    """Make what is told at once, and let be sent whatever is due."""
    make_prompt(at)
    ask_to_send(at)


def ask_to_send(at: datetime) -> None:
    """Ask for as many jobs as there is work for."""
    due = len(list_due(at).order_by().values_list("pk", flat=True)[: ONE_JOB * MOST_JOBS])
    for _job in range(-(-due // ONE_JOB)):
        send_deliveries.enqueue()


@task()
def send_deliveries() -> None:
    """Send what is due, for as long as one job may take."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and send_some(clock.now()):
        pass

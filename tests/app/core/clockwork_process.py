"""Processes at the clock that a test may kill at any moment.

`seed` writes runs of long ago, so that 40 days of three routines are due; `storm SEED KILLS` keeps three processes at
them and kills one after the other at random; `look` prints what stands in the database as JSON.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from datetime import time as hour_of_day

import django

ROUTINES, DAYS, BATCHES = ("alpha", "beta", "gamma"), 40, 4
PROCESSES = 3


def register() -> None:
    from luoshi.core import clockwork
    from luoshi.core.clockwork import registry

    registry._routines.clear()
    for name in ROUTINES:
        clockwork.daily(name, hour_of_day(0), lambda moment, name=name: write(name, moment))


def write(name: str, moment: datetime) -> None:
    """Four batches, each guarded by a unique row beside what it does."""
    from django.db import connection, transaction

    for batch in range(BATCHES):
        with transaction.atomic(), connection.cursor() as cursor:
            row = [f"{name} {moment:%Y-%m-%d}", batch]
            cursor.execute("INSERT INTO guard VALUES (%s, %s) ON CONFLICT DO NOTHING", row)
            if cursor.rowcount:
                cursor.execute("INSERT INTO effect (name, batch, pid) VALUES (%s, %s, %s)", [*row, os.getpid()])
        time.sleep(random.random() / 100)


def seed() -> None:
    from django.db import connection
    from django.utils import timezone

    from luoshi.core.models import Run

    key = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "serial PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE guard (name text, batch integer, PRIMARY KEY (name, batch))")
        cursor.execute(f"CREATE TABLE effect (id {key}, name text, batch integer, pid integer)")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=DAYS)
    Run.objects.bulk_create(Run(routine=name, due_at=since, state="done") for name in ROUTINES)


def storm(seed: int, kills: int) -> None:
    """Kill a process now and then until all is done; the survivors are ended in order."""
    choose = random.Random(seed)
    alive = [fork() for _ in range(PROCESSES)]
    end, killed = time.monotonic() + 120, 0
    while not is_done() and time.monotonic() < end:
        time.sleep(choose.uniform(0.05, 0.4))
        if killed < kills:
            victim = choose.choice(alive)
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            alive[alive.index(victim)] = fork()
            killed += 1
    for pid in alive:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    print(killed)


def fork() -> int:
    from django.db import connections

    from luoshi.core.management.keeping import keep_time

    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            keep_time()
        finally:
            os._exit(0)
    return pid


def is_done() -> bool:
    from luoshi.core.models import Run

    return Run.objects.filter(state="done").count() >= (DAYS + 1) * len(ROUTINES)


def look() -> None:
    from django.db import connection

    from luoshi.core.models import Run

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, batch, pid FROM effect ORDER BY id")
        effects = cursor.fetchall()
    print(
        json.dumps(
            {
                "runs": dict(Counter(Run.objects.values_list("state", flat=True))),
                "again": Run.objects.filter(attempts__gt=1).count(),
                "effects": [[name, batch] for name, batch, _pid in effects],
                "processes": len({pid for _name, _batch, pid in effects}),
            }
        )
    )


if __name__ == "__main__":
    django.setup()
    register()
    what, *rest = sys.argv[1:]
    if what == "seed":
        seed()
    elif what == "storm":
        storm(*map(int, rest))
    else:
        look()

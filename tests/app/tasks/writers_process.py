"""Many processes that write in one small tree of tasks at the same time.

`seed` makes the tree; `write N` forks N writers, each with random deeds of its own; `look` prints what stands as JSON.
"""

import json
import multiprocessing
import os
import sys
import traceback
from itertools import chain
from random import Random
from typing import Any

import django

DEEDS = 20
OPERATORS = ("sum", "done")


def seed() -> None:
    from luoshi.progress.actions import recompute_standings
    from luoshi.supervision.actions.ladders import ensure_ladders
    from tests.app.progress.histories import make_tree
    from tests.factories.orgs import make_cast

    cast = make_cast()
    for operator in OPERATORS:
        make_tree(cast, operator, is_main=True)
    recompute_standings()
    ensure_ladders(preset="county", now=cast.now)


def write(number: int) -> None:
    fork = multiprocessing.get_context("fork")
    with fork.Pool(number) as pool:
        found = pool.map(_write_one, range(number), chunksize=1)
    done, failed = zip(*found, strict=True)
    print(json.dumps({"done": list(chain(*done)), "failed": list(chain(*failed))}))


def _write_one(number: int) -> tuple[list[str], list[str]]:
    from django.db import connection

    from luoshi.orgs.models import Person, Unit
    from luoshi.tasks.models import Indicator
    from tests.app.tasks.following_history import Following
    from tests.factories.orgs import Cast

    people = {person.username: person for person in Person.objects.all()}
    cast = Cast(people, {unit.code: unit for unit in Unit.objects.all()})
    random, done, failed = Random(number), [], []
    for _deed in range(DEEDS):
        history = Following(cast, Indicator.objects.get(name=random.choice(OPERATORS)), random)
        history.deeds |= {history.withdraw: 2, history.place: 6, history.read: 20, history.report: 9}
        try:
            history.run(1)
            done += history.done
        except Exception:
            failed.append(traceback.format_exc()[-9000:])
    connection.close()
    return done, failed


def look() -> None:
    from luoshi.core.queries import find_journal_faults
    from luoshi.tasks.models import TASK_STEP, Task
    from tests.app.progress.histories import find_all_drifts

    paths = dict(Task.objects.values_list("pk", "path"))
    rows: list[Any] = list(Task.objects.values_list("pk", "parent"))
    crooked = [pk for pk, parent in rows if paths[pk] != f"{paths.get(parent, '')}{pk:0{TASK_STEP}d}"]
    faults = [str(fault) for fault in find_journal_faults()]
    print(json.dumps({"drifts": [str(d) for d in find_all_drifts()], "faults": faults, "crooked": crooked}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    what, *rest = sys.argv[1:]
    if what == "seed":
        seed()
    elif what == "write":
        write(int(rest[0]))
    else:
        look()

"""A process in which two people do the same at the same moment, each on a connection of their own.

Prints, as JSON, what each deed was refused with and what stood in the database afterwards.
"""

import json
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from luoshi.core.errors import Refusal  # noqa: E402
from luoshi.core.models import Entry  # noqa: E402
from luoshi.core.queries import find_journal_faults  # noqa: E402
from luoshi.tasks.actions import (  # noqa: E402
    acknowledge_task,
    cascade_task,
    create_task,
    dispatch_tasks,
    edit_task,
    name_lead,
)
from luoshi.tasks.models import Task  # noqa: E402
from luoshi.tasks.rules.cascade import Share  # noqa: E402
from tests.factories.orgs import Cast, make_cast  # noqa: E402
from tests.factories.work import make_task  # noqa: E402


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Run the deeds in threads that start together; the names of the refusals and failures."""
    barrier = Barrier(len(deeds))
    said: list[str] = []

    def run(deed: Callable[[], object]) -> None:
        barrier.wait()
        try:
            deed()
        except Refusal as refusal:
            said.append(type(refusal).__name__)
        except Exception as error:
            said.append(f"failed: {error!r}")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def same(task: Task) -> Task:
    return Task.objects.select_related("owner").get(pk=task.pk)


def dispatch(county: Cast) -> dict[str, Any]:
    task = make_task(county, state="registered", standard="通过验收")
    first, second = same(task), same(task)
    said = at_once(
        lambda: dispatch_tasks([first], by=county["office"], now=county.now),
        lambda: dispatch_tasks([second], by=county["officeclerk"], now=county.now),
    )
    return {"said": said, "entries": Entry.objects.filter(verb="dispatch_tasks").count()}


def edit(county: Cast) -> dict[str, Any]:
    task = make_task(county, state="registered")
    first, second = same(task), same(task)
    said = at_once(
        lambda: edit_task(first, version=1, by=county["office"], now=county.now, standard="甲"),
        lambda: edit_task(second, version=1, by=county["officeclerk"], now=county.now, standard="乙"),
    )
    return {"said": said, "version": same(task).version}


def cascade(county: Cast) -> dict[str, Any]:
    task = make_task(county, standard="通过验收")
    shares = [Share(county.unit(code).pk) for code in ("QH-T01", "QH-T02")]

    def give(name: str) -> Callable[[], object]:
        own = same(task)
        return lambda: cascade_task(own, shares=shares, owner=county.unit("QH"), by=county[name], now=county.now)

    said = at_once(give("office"), give("officeclerk"))
    return {"said": said, "parts": Task.objects.filter(parent=task).count()}


def number(county: Cast) -> dict[str, Any]:
    def draft(name: str) -> Callable[[], object]:
        def run() -> None:
            for n in range(8):
                create_task(county.unit("QH-CZJ"), by=county[name], now=county.now, title=f"任务{n}", kind="measure")

        return run

    said = at_once(draft("office"), draft("officeclerk"))
    codes = Task.objects.filter(owner=county.unit("QH-CZJ")).order_by("code").values_list("code", flat=True)
    return {"said": said, "codes": list(codes)}


def lead(county: Cast) -> dict[str, Any]:
    task = make_task(county, state="registered", lead="", joint=["QH-CZJ", "QH-SLJ"])

    def name(code: str) -> Callable[[], object]:
        own = same(task)
        return lambda: name_lead(own, unit=county.unit(code), by=county["office"], now=county.now)

    said = at_once(name("QH-CZJ"), name("QH-SLJ"))
    return {"said": said, "roles": sorted(task.duties.values_list("role", flat=True))}


def acknowledge(county: Cast) -> dict[str, Any]:
    task = make_task(county, state="dispatched", acknowledged=False)

    def take(name: str) -> Callable[[], object]:
        own = same(task)
        return lambda: acknowledge_task(own, unit=county.unit("QH-NYJ"), by=county[name], now=county.now)

    said = at_once(take("depthead"), take("deptclerk"))
    return {"said": said, "entries": Entry.objects.filter(verb="acknowledge_task").count()}


if __name__ == "__main__":
    cast = make_cast()
    scenes = (dispatch, edit, cascade, number, lead, acknowledge)
    found: dict[str, Any] = {scene.__name__: scene(cast) for scene in scenes}
    found["faults"] = [str(fault) for fault in find_journal_faults()]
    print(json.dumps(found))

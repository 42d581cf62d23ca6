"""A process in which two people change the organisation at the same moment, each on a connection of their own.

Prints, as JSON, what each deed was refused with and what stood in the database afterwards.
"""

import json
from collections.abc import Callable
from threading import Barrier, Thread

import django

django.setup()

from django.db import connection  # noqa: E402

from luoshi.core.errors import Refusal  # noqa: E402
from luoshi.core.queries import find_journal_faults  # noqa: E402
from luoshi.orgs import actions  # noqa: E402
from luoshi.orgs.models import Sheet, Unit  # noqa: E402
from luoshi.orgs.rules import path_of  # noqa: E402
from luoshi.papers.tables import write_xlsx  # noqa: E402
from tests.factories.orgs import Cast, make_cast  # noqa: E402


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


def move_under_each_other(county: Cast) -> list[str]:
    one, other = county.unit("QH-T01"), county.unit("QH-T02")
    return at_once(
        lambda: actions.move_unit(one, parent=other, by=county["office"], now=county.now),
        lambda: actions.move_unit(other, parent=one, by=county["officeclerk"], now=county.now),
    )


def confirm_twice(county: Cast) -> list[str]:
    data = write_xlsx([("表", [["代码", "名称", "层级", "上级代码"], ["QH-LYJ", "林业局", "部门", "QH"]], [])])
    access, by = county.access("office"), county["office"]
    sheet = actions.upload_sheet(
        "units", data=data, name="a.xlsx", access=access, by=by, now=county.now, today=county.today
    )

    def confirm() -> None:
        fresh = Sheet.objects.get(pk=sheet.pk)
        actions.apply_sheet(fresh, access=access, by=by, now=county.now, today=county.today)

    return at_once(confirm, confirm)


def paths_are_right() -> bool:
    units = Unit.objects.select_related("parent")
    return all(u.path == path_of(u.pk, parent_path=(u.parent.path or "") if u.parent else "") for u in units)


county = make_cast()
print(
    json.dumps(
        {
            "moved": move_under_each_other(county),
            "confirmed": confirm_twice(county),
            "made": Unit.objects.filter(code="QH-LYJ").count(),
            "paths": paths_are_right(),
            "faults": len(find_journal_faults()),
        }
    )
)

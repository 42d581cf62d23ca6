"""The measures on a country of 42,000 units and a million tasks; one JSON line each. Started by `python -m bench`."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import count

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402

from bench import floor, following  # noqa: E402
from bench.run import cards, client, get, key_of, post  # noqa: E402
from bench.timing import Memory, compare, seconds, show  # noqa: E402
from luoshi.core.bulk import insert_like  # noqa: E402
from luoshi.core.clock import now, today  # noqa: E402
from luoshi.core.models import Entry  # noqa: E402
from luoshi.demo.nation import country_of, generate_country  # noqa: E402
from luoshi.orgs.models import Person, Post, Unit  # noqa: E402
from luoshi.orgs.rules import path_range  # noqa: E402
from luoshi.progress.actions.recounting import recompute_tallies  # noqa: E402
from luoshi.progress.models import Standing  # noqa: E402
from luoshi.tasks.actions import cascade_task  # noqa: E402
from luoshi.tasks.models import TASK_STEP, Allotment, Duty, Indicator, Task  # noqa: E402
from luoshi.tasks.rules.cascade import Share  # noqa: E402

OFFICES = {"county": "x000777.office", "province": "s000003.office", "country": "g000001.office"}
SEEN = (
    "t.phase = 1 AND (EXISTS (SELECT 1 FROM orgs_unit u WHERE u.id = t.owner_id AND u.path BETWEEN '{0}' AND '{1}') OR "
    "EXISTS (SELECT 1 FROM tasks_duty d JOIN orgs_unit u ON u.id = d.unit_id WHERE d.task_id = t.id "
    "AND u.path BETWEEN '{0}' AND '{1}'))"
)
GATHERED = (
    "t.phase = 1 AND t.id IN (SELECT o.id FROM tasks_task o JOIN orgs_unit u ON u.id = o.owner_id WHERE u.path "
    "BETWEEN '{0}' AND '{1}' UNION SELECT d.task_id FROM tasks_duty d JOIN orgs_unit u ON u.id = d.unit_id "
    "WHERE u.path BETWEEN '{0}' AND '{1}')"
)


def fill(*, tasks: int, units: int, villages: int) -> None:
    """The country, unless this database holds it already; how long it took."""
    call_command("migrate", verbosity=0)
    if Entry.objects.exists():
        return
    country = country_of(units, tasks=tasks, villages=villages)
    spent = seconds(lambda: generate_country(now=now(), country=country, say=lambda _words: None))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    show("generated: tasks, s", spent, 0, unit=f"s for {Task.objects.count():,} tasks")


def home_of(username: str) -> Unit:
    return Post.objects.select_related("unit").get(person__username=username).unit


def pages() -> None:
    """M1 and M2 for a county's, a province's and the country's own office; the needle of each."""
    for name, username in OFFICES.items():
        browser, bare = client(username), floor.Bare(Person.objects.get(username=username))
        seen = GATHERED.format(*path_range(home_of(username).path or "")) if name == "county" else "t.phase = 1"
        ledger(name, browser, bare, seen)
    county = client(OFFICES["county"])
    town = Unit.objects.filter(parent=home_of(OFFICES["county"]), level="township").order_by("pk").first()
    assert town is not None
    bare = floor.Bare(Person.objects.get(username=OFFICES["county"]))
    seen = GATHERED.format(*path_range(town.path or ""))
    by_unit = lambda: get(county, f"/ledger/?view=table&state=open&unit={town.code}")  # noqa: E731
    compare("M1 ledger page by unit, county", by_unit, lambda: bare.get(seen), runs=15)
    top = floor.Bare(Person.objects.get(username=OFFICES["country"]))
    cards(client(OFFICES["country"]), top, "M2 task with children", "M2 root with the country below")


def ledger(name: str, browser: Client, bare: floor.Bare, seen: str) -> None:
    """Pages against the same rows; above a county against the first rows of all, without rights and uncounted."""
    for words, address in (
        ("ledger page", "/ledger/?view=table&state=open"),
        ("ledger page of red lights", "/ledger/?view=table&state=open&light=red"),
        ("ledger page by progress", "/ledger/?view=table&state=open&sort=progress"),
        ("ledger page by last word", "/ledger/?view=table&state=open&sort=last&desc=1"),
        ("ledger page by title", "/ledger/?view=table&state=open&sort=title"),
        ("ledger page by light", "/ledger/?view=table&state=open&sort=light"),
        ("ledger tree", "/ledger/?state=open"),
        ("ledger totals", "/ledger/totals/?state=open&totals=1"),
        ("needle", "/"),
    ):
        heavy = words == "ledger totals" and name != "county"
        compare(
            f"M1 {words}, {name}",
            lambda at=address: get(browser, at),
            lambda: bare.get(seen, count=name == "county"),
            runs=1 if heavy else 7,  # type: ignore[misc]
        )


def measure_tree() -> Indicator:
    """An indicator of which every task of the first national tree owes its part, unless it is there."""
    found = Indicator.objects.first()
    if found is not None:
        return found
    root = Task.objects.filter(parent=None).earliest("pk")
    with transaction.atomic():
        found = Indicator.objects.create(
            task=root, owner=root.owner, name="城镇新增就业", measure="人", year=today().year,
            created_by=root.created_by, created_at=now(),
        )  # fmt: skip
        inside = Task.objects.under(root.path or "")
        ids, parameters = inside.order_by().values("pk").query.sql_with_params()
        insert_like(Allotment(indicator=found, target=Decimal(12)), f"({ids}) AS t", list(parameters), task_id="t.pk")
    recompute_tallies()
    return found


def roll_up() -> None:
    """M3: a report and a reading on a leaf under six tiers, against a bare POST with one UPDATE a level."""
    indicator = measure_tree()
    deep = {"task__path__startswith": indicator.task.path, "role": "lead", "task__children": None}
    duty = Duty.objects.filter(**deep, task__state="in_progress", unit__level="village").earliest("pk")
    leaf, head = duty.task, Person.objects.get(posts__unit=duty.unit, posts__role="head")
    ids = [int((leaf.path or "")[n : n + TASK_STEP]) for n in range(0, len(leaf.path or ""), TASK_STEP)]
    api, values, bare = key_of(head), count(1), floor.Bare(head)

    def update() -> None:
        for pk in ids:
            Standing.objects.filter(task=pk).update(weighted=F("weighted") + 1)

    def report() -> bytes:
        return post(api, f"/api/tasks/{leaf.pk}/feedback", {"done": "推进", "percent": str(next(values) % 100)})

    def read() -> bytes:
        figure: dict[str, object] = {"period": f"{today():%Y-%m}", "value": str(next(values)), "why": "核实"}
        return post(api, f"/api/allotments/{allotment.pk}/readings", figure)

    allotment = Allotment.objects.get(indicator=indicator, task=leaf)
    compare(f"M3 progress to the root, {len(ids)} levels", report, lambda: bare.post(update))
    compare(f"M3 reading to the root, {len(ids)} levels", read, lambda: bare.post(update))


def create() -> None:
    """M4: creation through the API by a county's office, and one cascade to 5,000 townships."""
    username = OFFICES["county"]
    office, county, numbers = Person.objects.get(username=username), home_of(username), count(1)
    api, bare = key_of(office), floor.Bare(office)
    town = Unit.objects.filter(parent=county, level="township").order_by("pk").first()
    assert town is not None
    body: dict[str, object] = {
        "title": "推进一项工作", "requirement": "按月推进", "standard": "完成率100%", "kind": "action",
        "due_date": str(today() + timedelta(days=60)), "owner": county.code, "lead": [town.code],
    }  # fmt: skip

    def insert() -> None:
        task = Task.objects.create(
            code=f"BARE-{os.getpid()}-{next(numbers)}", title="x", requirement="x", standard="x", kind="action",
            owner=county, created_by=office, created_at=now(),
        )  # fmt: skip
        Duty.objects.create(task=task, unit=county, role="lead")

    def ours() -> bytes:
        return post(api, "/api/tasks", body)

    ours(), bare.post(insert)
    times = [(seconds(ours), seconds(lambda: bare.post(insert))) for _ in range(40)]
    show("M4 create through the API", *(40 / sum(column) for column in zip(*times, strict=True)), unit="creates/s")
    Task.objects.filter(code__startswith="BARE-").delete()
    bulk()


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside leaves the kept database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def bulk() -> None:
    """M4: one task cut for 5,000 townships with words and weights of their own."""
    office, root = Person.objects.get(username=OFFICES["country"]), Unit.objects.get(pk=1)
    parent = Task.objects.filter(parent=None, state="in_progress", owner=root).earliest("pk")
    units = list(Unit.objects.filter(level="township").order_by("pk")[:5000])
    shares = [Share(u.pk, None, "按月推进", "完成率100%", parent.due_date, Decimal(1)) for u in units]

    def ours() -> None:
        cascade_task(parent, shares=shares, owner=root, by=office, now=now())

    def bare() -> None:
        rows = [
            Task(
                code=f"BULK-{n}", title="x", requirement="x", standard="x", kind="action", owner=root, parent=parent,
                created_by=office, created_at=now(),
            )
            for n in range(len(units))
        ]  # fmt: skip
        made = Task.objects.bulk_create(rows)
        Duty.objects.bulk_create([Duty(task=t, unit=u, role="lead") for t, u in zip(made, units, strict=True)])

    spent = [seconds_undone(work) for work in (ours, bare)]
    show("M4 cascade in bulk, rows a second", *(len(units) / s for s in spent), unit="tasks/s")


def seconds_undone(work: Callable[[], object]) -> float:
    with undone():
        return seconds(work)


def year() -> None:
    """M5: the year matrix of a township and of a county."""
    browser, bare = client(OFFICES["county"]), floor.Bare(Person.objects.get(username=OFFICES["county"]))
    county = home_of(OFFICES["county"])
    town = Unit.objects.filter(parent=county, level="township").order_by("pk").first()
    for unit in (town, county):
        assert unit is not None
        low, high = path_range(unit.path or "")
        sql = (
            "SELECT t.code, t.title, t.tier, t.due_date, m.name, m.due_date FROM tasks_task t "
            "JOIN tasks_milestone m ON m.task_id = t.id WHERE t.id IN (SELECT d.task_id FROM tasks_duty d JOIN "
            f"orgs_unit u ON u.id = d.unit_id WHERE u.path BETWEEN '{low}' AND '{high}') "
            "ORDER BY t.tier, t.due_date, m.due_date LIMIT 500"
        )
        at = f"/calendar/?unit={unit.code}"
        compare(
            f"M5 year matrix of a {unit.level}",
            lambda at=at: get(browser, at),  # type: ignore[misc]
            lambda sql=sql: bare.year(sql),  # type: ignore[misc]
            runs=7,
        )


def export(*, whole: bool) -> None:
    """M7: the ledger of a province (or of the country) as csv and xlsx, against one query and the writers alone."""
    name = "country" if whole else "province"
    browser, home = client(OFFICES[name]), home_of(OFFICES[name])
    where = "TRUE" if whole else SEEN.format(*path_range(home.path or "")).replace("t.phase = 1 AND", "")
    for kind, write in (("csv", floor.text), ("xlsx", floor.xlsx)):
        with Memory() as memory:
            drain(browser, f"/ledger/export.{kind}?state=all")
        show(f"M7 memory of its own at its peak, and before, {kind}", memory.peak, memory.before, unit="MB")
        compare(
            f"M7 ledger of the {name} as {kind}",
            lambda kind=kind: get(browser, f"/ledger/export.{kind}?state=all"),  # type: ignore[misc]
            lambda write=write: write(where),  # type: ignore[misc]
            runs=1 if whole else 3,
        )


def drain(browser: Client, url: str) -> None:
    """Take an answer as it comes and keep nothing of it."""
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    for _chunk in response.streaming_content if response.streaming else ():
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--units", type=int, default=42_000)
    parser.add_argument("--villages", type=int, default=650_000)
    parser.add_argument("--whole", action="store_true", help="export the country's ledger too: a million lines")
    parser.add_argument("--only", help="M1, M3, M4, M5, M7 or M8")
    options = parser.parse_args()
    fill(tasks=options.tasks, units=options.units, villages=options.villages)
    parts = {
        "M1": pages, "M3": roll_up, "M4": create, "M5": year, "M7": lambda: export(whole=options.whole),
        "M8": lambda: following.measure(runs=3, people=following.PEOPLE),
    }  # fmt: skip
    for name, part in parts.items():
        if options.only in (None, name):
            part()
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""All measures on one new database; prints one JSON line each. Started by `python -m bench`."""

import argparse
import os
import sys
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

from bench import data, floor, following  # noqa: E402
from bench.service import measure_service  # noqa: E402
from bench.timing import compare, seconds, show  # noqa: E402
from luoshi.core.clock import now, today  # noqa: E402
from luoshi.orgs.actions import create_api_token  # noqa: E402
from luoshi.orgs.models import Person, Unit  # noqa: E402
from luoshi.progress.models import Standing  # noqa: E402
from luoshi.tasks.actions import cascade_task  # noqa: E402
from luoshi.tasks.models import Duty, Milestone, Task  # noqa: E402
from luoshi.tasks.rules.cascade import Share  # noqa: E402


def client(username: str) -> Client:
    browser = Client(headers={"accept-language": "zh-CN"})
    browser.force_login(Person.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def get(browser: Client, url: str) -> bytes:
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return b"".join(response.streaming_content) if response.streaming else response.content


def pages(browser: Client, bare: floor.Bare) -> None:
    """M1 and M2: the ledger, a task with 40 children, a root with 1,025 descendants."""
    compare(
        "M1 ledger page",
        lambda: get(browser, "/ledger/?view=table&state=open"),
        lambda: bare.get("t.phase = 1"),
    )
    cards(browser, bare, "M2 task with 40 children", "M2 root with 1,025 descendants")


def cards(browser: Client, bare: floor.Bare, middle: str, top: str) -> None:
    """M2: the first part of the first tree, and its root, under these names."""
    root = Task.objects.filter(parent=None).earliest("pk")
    for name, task in ((middle, root.children.earliest("pk")), (top, root)):
        compare(
            name,
            lambda task=task: get(browser, f"/tasks/{task.pk}/"),  # type: ignore[misc]
            lambda task=task: bare.get("t.parent_id = %s", task.pk),  # type: ignore[misc]
        )


def key_of(person: Person) -> Client:
    token = create_api_token(person, name="bench", now=now())
    return Client(headers={"authorization": f"Bearer {token[1] if isinstance(token, tuple) else token}"})


def post(api: Client, url: str, body: dict[str, object]) -> bytes:
    answer = api.post(url, body, content_type="application/json")
    assert answer.status_code in (200, 201), answer.content[:300]
    return bytes(answer.content)


def roll_up(bare: floor.Bare) -> None:
    """M3: one report over the API on a leaf under six ancestors, against a bare POST with one UPDATE a level."""
    clerk = Person.objects.get(username="townclerk")
    leaf = data.deepen(levels=7, by=clerk, now=now())
    ids = [int((leaf.path or "")[n : n + 10]) for n in range(0, len(leaf.path or ""), 10)]
    api, values = key_of(clerk), count(1)

    def update() -> None:
        for pk in ids:
            Standing.objects.filter(task=pk).update(weighted=F("weighted") + 1)

    compare(
        "M3 progress to the root, six levels",
        lambda: post(api, f"/api/tasks/{leaf.pk}/feedback", {"done": "推进", "percent": str(next(values) % 100)}),
        lambda: bare.post(update),
    )


def create(bare: floor.Bare) -> None:
    """M4: creation through the API against a bare POST; a cascade against a bare bulk insert."""
    office = Person.objects.get(username="office")
    api, county, numbers = key_of(office), Unit.objects.get(code="QH"), count(1)
    body: dict[str, object] = {
        "title": "推进一项工作", "requirement": "按月推进", "standard": "完成率100%", "kind": "action",
        "due_date": str(today() + timedelta(days=60)), "owner": "QH", "lead": ["QH-T01"],
    }  # fmt: skip

    def insert() -> None:
        task = Task.objects.create(
            code=f"BARE-{next(numbers)}", title="x", requirement="x", standard="x", kind="action", owner=county,
            created_by=office, created_at=now(),
        )  # fmt: skip
        Duty.objects.create(task=task, unit=county, role="lead")

    def ours() -> bytes:
        return post(api, "/api/tasks", body)

    ours(), bare.post(insert)
    times = [(seconds(ours), seconds(lambda: bare.post(insert))) for _ in range(40)]
    show("M4 create through the API", *(40 / sum(column) for column in zip(*times, strict=True)), unit="creates/s")
    bulk(county, office)


def bulk(county: Unit, office: Person) -> None:
    parent = Task.objects.filter(parent=None, state="in_progress").order_by("pk").last()
    assert parent is not None
    villages = [
        Unit(
            code=f"BULK-{n}", name=f"第{n}村", level="village", parent=county, path=f"{county.path}{90_000_000 + n}",
            valid_from=today(),
        )
        for n in range(5000)
    ]  # fmt: skip
    units = Unit.objects.bulk_create(villages, batch_size=1000)
    due = parent.due_date or today()
    due = max(due, today() + timedelta(days=30))
    Task.objects.filter(pk=parent.pk).update(due_date=due)
    parent.refresh_from_db()
    shares = [
        Share(
            unit_id=u.pk,
            target_value=None,
            requirement="按月推进",
            standard="完成率100%",
            due_date=due,
            weight=Decimal(1),
        )
        for u in units
    ]
    spent = seconds(lambda: cascade_task(parent, shares=shares, owner=county, by=office, now=now()))

    def bare() -> None:
        with transaction.atomic():
            rows = [
                Task(
                    code=f"BULK-{n}", title="x", requirement="x", standard="x", kind="action", owner=county,
                    parent=parent, created_by=office, created_at=now(),
                )
                for n in range(len(units))
            ]  # fmt: skip
            made = Task.objects.bulk_create(rows)
            Duty.objects.bulk_create([Duty(task=t, unit=u, role="lead") for t, u in zip(made, units, strict=True)])

    floor_spent = seconds(bare)
    show("M4 cascade in bulk, rows a second", len(units) / spent, len(units) / floor_spent, unit="tasks/s")


def year(browser: Client, bare: floor.Bare) -> None:
    """M5: the year matrix of a unit with 500 nodes."""
    unit = Unit.objects.get(code="QH-T02")
    tasks = list(Task.objects.filter(duties__unit=unit, duties__role="lead").order_by("due_date", "pk")[:100])
    Milestone.objects.bulk_create(
        Milestone(task=t, name=f"节点{k}", due_date=today().replace(month=2 * k + 1, day=20), percent=Decimal(20 * k))
        for t in tasks
        for k in range(1, 6)
    )
    ids = ", ".join(str(t.pk) for t in tasks)

    sql = (
        "SELECT t.code, t.title, t.tier, t.due_date, m.name, m.due_date FROM tasks_task t "
        f"JOIN tasks_milestone m ON m.task_id = t.id WHERE t.id IN ({ids}) "
        "ORDER BY t.tier, t.due_date, m.due_date LIMIT 500"
    )
    compare("M5 year matrix of 500 nodes", lambda: get(browser, f"/calendar/?unit={unit.code}"), lambda: bare.year(sql))


def export(browser: Client) -> None:
    """M7: the whole ledger as xlsx and csv against one query and the writers alone."""
    compare("M7 whole ledger as xlsx", lambda: get(browser, "/ledger/export.xlsx?state=all"), floor.xlsx, runs=3)
    compare("M7 whole ledger as csv", lambda: get(browser, "/ledger/export.csv?state=all"), floor.text, runs=5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--pages", action="store_true", help="M1 and M2 alone")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Task.objects.exists():
        data.fill(tasks=options.tasks, today=today(), now=now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    office = client("office")
    bare = floor.Bare(Person.objects.get(username="office"))
    pages(office, bare)
    if options.pages:
        return
    export(office)
    year(office, bare)
    roll_up(bare)
    create(bare)
    following.measure(runs=15, people=following.PEOPLE)
    measure_service()
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Two days of the ledger: what was added, ended and changed between them, over the filter, in a few statements."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from axes.models import AccessLog
from django.test import Client
from openpyxl import load_workbook

from luoshi.core.models import Entry
from luoshi.ledger.queries.comparing import Span, compare_days, list_shortcuts
from luoshi.ledger.rules.comparing import Change
from luoshi.orgs.actions import create_api_token
from luoshi.progress.models import DayPercent
from luoshi.tasks.actions import create_task, edit_task, name_lead, withdraw_task
from luoshi.tasks.models import Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.rules.duties import DutyRow
from tests.factories.orgs import NOW, TODAY
from tests.factories.work import make_many, make_task

SPAN = Span(date(2026, 11, 10), date(2026, 11, 20))


def at(day: int):
    return NOW - timedelta(days=23 - day)


@pytest.fixture
def history(cast):
    """A draft whose date, target and lead move before, within and after the span; tasks that come, go, advance."""
    office = cast["office"]
    leads = [DutyRow("lead", cast.unit("QH-CZJ").pk, "县财政局")]
    draft = create_task(cast.unit("QH"), title="修建乡村公路", requirement="修路。", kind="hard_target", tier=3,
                        due_date=date(2026, 11, 30), target_op=">=", target_value=Decimal(80), target_unit="公里",
                        duties=leads, by=office, now=at(1))  # fmt: skip

    def edit(day, **fields):
        draft.refresh_from_db()
        edit_task(draft, version=draft.version, by=office, now=at(day), **fields)

    edit(5, due_date=date(2026, 12, 5))
    edit(12, due_date=date(2026, 12, 10), target_value=Decimal(100))
    edit(14, duties=[DutyRow("lead", cast.unit("QH-SLJ").pk, "县水利局")])
    edit(22, due_date=date(2026, 12, 25))
    joint = make_task(cast, "整治人居环境", lead="", joint=["QH-NYJ", "QH-CZJ"])
    name_lead(joint, unit=cast.unit("QH-NYJ"), by=office, now=at(15))
    withdraw_task(make_task(cast, "撤回的任务"), reason="重复", by=office, now=at(16))
    for title, day in (("新来的任务", 18), ("更晚的任务", 22)):
        create_task(cast.unit("QH"), title=title, requirement="做。", kind="measure", tier=3, due_date=None, duties=[],
                    by=office, now=at(day))  # fmt: skip
    moved, still = make_task(cast, "推进的任务"), make_task(cast, "没动的任务")
    for task, day, percent in ((moved, 8, 20), (moved, 15, 35), (moved, 21, 60), (still, 8, 20), (still, 15, 20)):
        DayPercent.objects.create(task=task, date=date(2026, 11, day), percent=percent)
    return cast


def lines(cast, span=SPAN, who="office", **how):
    found = compare_days(list_visible(cast.access(who)), span, **how)
    return {(change.value, one.title, one.then, one.now, one.was, one.stands)
            for change, rows in found.lines.items() for one in rows}  # fmt: skip


def test_each_change_between_two_days_is_told_once(history):
    assert lines(history) == {
        ("date", "修建乡村公路", "2026-12-05", "2026-12-10", None, None),
        ("target", "修建乡村公路", "80", "100", None, None),
        ("lead", "修建乡村公路", "县财政局", "县水利局", None, None),
        ("lead", "整治人居环境", "县农业农村局、县财政局", "县农业农村局", None, None),
        ("gone", "撤回的任务", "", "withdrawn", None, None),
        ("added", "新来的任务", "", "draft", None, None),
        ("progress", "推进的任务", "", "", Decimal(20), Decimal(35)),
    }


def test_later_day_takes_in_what_came_later(history):
    found = lines(history, Span(SPAN.since, TODAY))
    assert ("date", "修建乡村公路", "2026-12-05", "2026-12-25", None, None) in found
    assert ("added", "更晚的任务", "", "draft", None, None) in found
    assert ("progress", "推进的任务", "", "", Decimal(20), Decimal(60)) in found


def test_a_day_with_itself_differs_in_nothing(history):
    assert lines(history, Span(TODAY, TODAY)) == set()


def test_comparison_goes_through_the_gate(history):
    assert lines(history, who="outsider") == set()
    assert {title for _change, title, *_rest in lines(history, who="otherclerk")} == {"整治人居环境"}


def test_page_counts_all_changes_and_lists_the_chosen_one(history, signed_in):
    client = signed_in("office")
    address = {"from": "2026-11-10", "to": "2026-11-20"}
    page = client.get("/ledger/compare/", address).content.decode()
    for text in ("2026-12-05", "2026-12-10", "80 公里", "100 公里", "县水利局", "撤回的任务", "20%", "35%"):
        assert text in page
    only = client.get("/ledger/compare/", {**address, "change": "date"}).content.decode()
    assert "修建乡村公路" in only
    assert "推进的任务" not in only
    assert "进度变化" in only
    narrowed = client.get("/ledger/compare/", {**address, "q": "公路"}).content.decode()
    assert "撤回的任务" not in narrowed


@pytest.mark.parametrize("given", [{"from": "x", "to": "2026-99-99"}, {"from": "1800-01-01"}, {"to": "2999-01-01"},
                                   {"from": "2026-11-20", "to": "2026-11-10"}, {"change": "nothing"}])  # fmt: skip
def test_odd_address_still_gives_a_page(history, signed_in, given):
    assert signed_in("office").get("/ledger/compare/", given).status_code == 200


def test_exports_hold_every_line_and_no_formula(history, signed_in):
    task = Task.objects.get(title="推进的任务")
    Task.objects.filter(pk=task.pk).update(title="=1+1")
    client, address = signed_in("office"), {"from": "2026-11-10", "to": "2026-11-20"}
    text = b"".join(client.get("/ledger/compare.csv", address).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 8
    assert next(row for row in rows if row[2] == "'=1+1")[4:] == ["20%", "35%"]
    book = load_workbook(io.BytesIO(b"".join(client.get("/ledger/compare.xlsx", address).streaming_content)))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert len(cells) == 8
    assert ["时限变更", "修建乡村公路", "2026-12-05", "2026-12-10"] in [[row[0], row[2], *row[4:]] for row in cells]


def test_last_visit_is_the_last_day_before_today_with_a_sign_in(cast):
    person = cast["office"]
    assert "visit" not in dict(list_shortcuts(person, today=TODAY))
    for days in (0, 3, 9):
        log = AccessLog.objects.create(username=person.username)
        AccessLog.objects.filter(pk=log.pk).update(attempt_time=NOW - timedelta(days=days))
    shortcuts = dict(list_shortcuts(person, today=TODAY))
    assert shortcuts["visit"] == TODAY - timedelta(days=3)
    assert shortcuts["month"] == date(2026, 10, 31)


def test_five_thousand_tasks_are_compared_in_a_few_statements(cast, django_assert_max_num_queries):
    make_many(cast, 5_000)
    Task.objects.update(created_at=at(1))
    ids = list(Task.objects.order_by("pk").values_list("pk", flat=True))
    DayPercent.objects.bulk_create(
        DayPercent(task_id=pk, date=day, percent=n)
        for pk in ids
        for n, day in ((10, date(2026, 11, 1)), (30, date(2026, 11, 18)))
    )
    draft = make_task(cast, "改期的任务", state="draft")
    edit_task(draft, version=draft.version, due_date=date(2026, 12, 31), by=cast["office"], now=at(15))
    assert Entry.objects.count() == 1
    with django_assert_max_num_queries(9):
        found = compare_days(list_visible(cast.access("office")), SPAN)
    assert found.counts[Change.PROGRESS] == 5_000
    assert found.counts[Change.DATE] == 1
    assert len(found.lines[Change.PROGRESS]) == 200


def test_api_tells_the_same_changes(history):
    client = Client(headers={"authorization": f"Bearer {create_api_token(history['office'], name='t', now=NOW)[1]}"})
    told = client.get("/api/ledger/changes?since=2026-11-10&until=2026-11-20&change=date").json()
    assert told["counts"]["lead"] == 2
    assert [(row["first_due_date"], row["then"], row["now"]) for row in told["changes"]] == [
        (None, "2026-12-05", "2026-12-10")
    ]
    assert client.get("/api/ledger/changes?since=1066-10-14").status_code == 422
    assert [hit["label"] for hit in client.get("/api/search?q=xcgl").json()] == ["修建乡村公路"]

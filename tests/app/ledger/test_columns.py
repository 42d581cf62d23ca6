"""A unit's own columns: who has them, who fills them, and what filters, orders and exports do with them."""

from datetime import date
from decimal import Decimal

import pytest

from luoshi.core.errors import EditConflict
from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.ledger.actions.columns import Filling, define_column, retire_column, set_values
from luoshi.ledger.models import Column, ColumnValue
from luoshi.ledger.queries import choose, list_matching
from luoshi.ledger.queries.columns import list_columns
from luoshi.ledger.queries.paging import list_window, order_of
from luoshi.ledger.rules import parse_filter
from luoshi.ledger.rules.columns import Value
from luoshi.ledger.rules.paging import read_key
from luoshi.tasks.models import Task
from tests.factories.orgs import TODAY
from tests.factories.work import make_county_work, make_task

ZH = {"accept-language": "zh-CN"}
COUNTY = ["leader", "sponsor", "office", "officeclerk", "observer", "depthead", "deptclerk", "otherclerk", "townhead"]


def make_column(cast, name="对接人", kind="text", unit="QH", choices=()):
    return define_column(cast.unit(unit), name=name, kind=kind, choices=choices, by=cast["office"], now=cast.now)


def fill(cast, task, column, value):
    set_values([Filling(task.pk, column, value)], by=cast["office"], now=cast.now)


def test_column_is_had_by_its_unit_and_all_below_and_by_nobody_else(cast):
    column = make_column(cast)
    for who in [*COUNTY, "townclerk"]:
        assert list_columns(cast.access(who)) == [column]
    for who in ("outsider", "baishi"):
        assert list_columns(cast.access(who)) == []


def test_office_adds_a_column_and_the_ledger_shows_it(cast, signed_in):
    make_task(cast)
    client = signed_in("office")
    given = {"unit": cast.unit("QH").pk, "name": " 完成 形式 ", "kind": "choice", "choices": "验收\n报告\n"}
    client.post("/ledger/columns/", given)
    column = Column.objects.get()
    assert (column.name, column.choices) == ("完成 形式", ["验收", "报告"])
    assert Entry.objects.filter(verb="define_column").count() == 1
    assert "完成 形式" in client.get("/ledger/").content.decode()
    assert "完成 形式" not in signed_in("outsider").get("/ledger/?state=all").content.decode()


def test_column_without_choices_is_refused_with_a_word(cast, signed_in):
    page = signed_in("office").post(
        "/ledger/columns/", {"unit": cast.unit("QH").pk, "name": "形式", "kind": "choice", "choices": ""}
    )
    assert page.status_code == 422
    assert not Column.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("office", 302), ("leader", 302), ("deptclerk", 403), ("townhead", 403), ("outsider", 404)]
)
def test_column_is_changed_by_who_keeps_it(cast, signed_in, who, status):
    column = make_column(cast)
    answer = signed_in(who).post(f"/ledger/columns/{column.pk}/", {"do": "change", "name": "联络人"})
    assert answer.status_code == status
    column.refresh_from_db()
    assert column.name == ("联络人" if status == 302 else "对接人")


def test_choice_in_use_is_kept_and_said(cast, signed_in):
    column = make_column(cast, kind="choice", choices=["甲", "乙"])
    fill(cast, make_task(cast), column, Value("甲"))
    page = signed_in("office").post(
        f"/ledger/columns/{column.pk}/", {"do": "change", "name": "对接人", "choices": "乙"}, follow=True
    )
    column.refresh_from_db()
    assert column.choices == ["甲", "乙"]
    assert "甲" in page.content.decode()


def test_columns_change_places_and_retired_ones_keep_their_values(cast, signed_in):
    first, second = make_column(cast, "一"), make_column(cast, "二")
    client = signed_in("office")
    client.post(f"/ledger/columns/{second.pk}/", {"do": "up"})
    assert list_columns(cast.access("office")) == [second, first]
    task = make_task(cast)
    fill(cast, task, first, Value("留着"))
    retire_column(first, by=cast["office"], now=cast.now)
    assert list_columns(cast.access("office")) == [second]
    client.post(f"/ledger/columns/{first.pk}/", {"do": "restore"})
    assert "留着" in client.get("/ledger/").content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("office", 200), ("deptclerk", 200), ("otherclerk", 200), ("observer", 403), ("townclerk", 404), ("admin", 403)],
)
def test_cell_is_filled_by_keepers_of_the_column_and_doers_of_the_task(cast, signed_in, who, status):
    column, task = make_column(cast), make_task(cast, lead="QH-NYJ", co=["QH-CZJ"])
    address = f"/ledger/columns/{column.pk}/cell/{task.pk}/"
    client = signed_in(who)
    assert client.get(address).status_code == status
    answer = client.post(address, {"value": "李强", "was": ""}, headers={"hx-request": "true"})
    assert answer.status_code == status
    assert ColumnValue.objects.filter(text="李强").exists() == (status == 200)
    shown = client.get("/ledger/", headers=ZH).content.decode()
    if status == 200:
        assert "李强" in shown
        assert 'class="fill"' in shown
    else:
        assert 'class="fill"' not in shown


def test_town_column_is_not_filled_by_a_bureau(cast, signed_in):
    column, task = make_column(cast, unit="QH-T01"), make_task(cast, lead="QH-NYJ", co=["QH-T01"])
    address = f"/ledger/columns/{column.pk}/cell/{task.pk}/"
    assert signed_in("townclerk").post(address, {"value": "何苗", "was": ""}).status_code == 302
    assert signed_in("deptclerk").post(address, {"value": "丁禾", "was": ""}).status_code in (403, 404)
    assert ColumnValue.objects.get().text == "何苗"


def test_cell_that_somebody_else_filled_meanwhile_is_shown_and_not_overwritten(cast, signed_in):
    column, task = make_column(cast), make_task(cast)
    address = f"/ledger/columns/{column.pk}/cell/{task.pk}/"
    fill(cast, task, column, Value("先写的"))
    page = signed_in("deptclerk").post(address, {"value": "后写的", "was": ""}, headers={"hx-request": "true"})
    assert "先写的" in page.content.decode()
    assert ColumnValue.objects.get().text == "先写的"
    signed_in("deptclerk").post(address, {"value": "后写的", "was": "先写的"})
    assert ColumnValue.objects.get().text == "后写的"


def test_what_a_cell_cannot_hold_is_said_beside_what_was_typed(cast, signed_in):
    column, task = make_column(cast, kind="number"), make_task(cast)
    page = signed_in("office").post(f"/ledger/columns/{column.pk}/cell/{task.pk}/", {"value": "约三成", "was": ""})
    assert "约三成" in page.content.decode()
    assert not ColumnValue.objects.exists()


def test_emptied_cell_is_gone_and_zero_stays(cast):
    column, task = make_column(cast, kind="number"), make_task(cast)
    fill(cast, task, column, Value(number=Decimal(0)))
    assert ColumnValue.objects.get().number == 0
    fill(cast, task, column, Value())
    assert not ColumnValue.objects.exists()


def test_many_cells_are_one_act_with_one_entry_and_all_or_nothing(cast):
    column = make_column(cast)
    tasks = [make_task(cast, f"任务{n}") for n in range(5)]
    rows = [Filling(task.pk, column, Value("同一人"), Value()) for task in tasks]
    entry = set_values(rows, by=cast["office"], now=cast.now)
    assert entry.data["count"] == 5
    assert set_values(rows, by=cast["office"], now=cast.now) is None
    stale = [Filling(tasks[0].pk, column, Value("甲")), Filling(tasks[1].pk, column, Value("乙"), Value("别人"))]
    with pytest.raises(EditConflict):
        set_values(stale, by=cast["office"], now=cast.now)
    assert set(ColumnValue.objects.values_list("text", flat=True)) == {"同一人"}
    assert Entry.objects.filter(verb="set_values").count() == 1


@pytest.fixture
def filled(cast):
    """Four tasks with a number, a day, a choice and a text; the last has none."""
    columns = {
        "number": make_column(cast, "投资", "number"), "date": make_column(cast, "开工", "date"),
        "choice": make_column(cast, "形式", "choice", choices=["验收", "报告"]), "text": make_column(cast, "联系人"),
    }  # fmt: skip
    values = [
        ("甲", Value(number=Decimal(100)), Value(day=date(2026, 3, 1)), Value("验收"), Value("张三")),
        ("乙", Value(number=Decimal(0)), Value(day=date(2026, 5, 1)), Value("报告"), Value("李四")),
        ("丙", Value(number=Decimal("99.5")), Value(day=date(2026, 4, 1)), Value("验收"), Value("张四")),
    ]
    for title, *cells in values:
        task = make_task(cast, title)
        for column, value in zip(columns.values(), cells, strict=True):
            fill(cast, task, column, value)
    make_task(cast, "丁")
    return columns


@pytest.mark.parametrize(
    ("kind", "asked", "expected"),
    [
        ("number", "99..", "甲丙"), ("number", "..99.5", "乙丙"), ("number", "0", "乙"), ("number", "-", "丁"),
        ("date", "2026-03-15..2026-04-30", "丙"), ("choice", "验收", "甲丙"), ("choice", "验收,报告", "甲乙丙"),
        ("text", "张", "甲丙"), ("text", "-", "丁"),
    ],
)  # fmt: skip
def test_own_column_filters(cast, filled, kind, asked, expected):
    access = cast.access("office")
    choice = choose(parse_filter({f"c{filled[kind].pk}": asked}), access=access)
    found = list_matching(choice, access=access, today=TODAY, policy=Policy())
    assert sorted(found.values_list("title", flat=True)) == sorted(expected)


@pytest.mark.parametrize(("kind", "desc", "expected"), [
    ("number", False, "乙丙甲丁"), ("number", True, "甲丙乙丁"),
    ("date", False, "甲丙乙丁"), ("date", True, "乙丙甲丁"),
])  # fmt: skip
def test_own_column_orders_page_by_page_and_empty_cells_stand_last(cast, filled, kind, desc, expected):
    access = cast.access("office")
    choice = choose(parse_filter({"sort": f"c{filled[kind].pk}", "desc": "1" if desc else ""}), access=access)
    tasks = list_matching(choice, access=access, today=TODAY, policy=Policy())
    seen, key = [], None
    while True:
        window = list_window([tasks], order=order_of(choice), desc=desc, after=key, size=1)
        seen += window.ids
        if window.after is None:
            break
        key = read_key(window.after)
    assert "".join(Task.objects.get(pk=pk).title for pk in seen) == expected


def test_filter_over_a_column_of_others_is_named_and_left_out(cast, signed_in, filled):
    page = signed_in("outsider").get(f"/ledger/?c{filled['text'].pk}=张&sort=c{filled['text'].pk}", headers=ZH)
    assert page.status_code == 200
    assert "张三" not in page.content.decode()


def test_export_holds_own_columns(cast, signed_in, filled):
    text = b"".join(signed_in("office").get("/ledger/export.csv", headers=ZH).streaming_content).decode()
    head, *rows = text.splitlines()
    assert head.endswith("投资,开工,形式,联系人")
    assert any(row.endswith("99.5,2026-04-01,验收,张四") for row in rows)
    assert any(row.endswith("0,2026-05-01,报告,李四") for row in rows)


def test_chosen_columns_are_shown_and_no_others(cast, signed_in, filled):
    make_county_work(cast)
    page = signed_in("office").get(f"/ledger/?cols=owner,source,c{filled['text'].pk}", headers=ZH).content.decode()
    assert "联系人" in page
    assert "《青禾县2026年重点工作任务分工方案》" in page
    head = page.split("<thead>")[1].split("</thead>")[0]
    assert "投资" not in head
    assert "最近反馈" not in head


def test_filters_are_chips_that_come_off_one_by_one(cast, signed_in, filled):
    page = signed_in("office").get("/ledger/?tier=1,3&light=red&q=水", headers=ZH).content.decode()
    chips = page.split('<p class="chips">')[1].split("</p>")[0]
    assert chips.count('class="chip"') == 3
    assert 'href="/ledger/?q=%E6%B0%B4&amp;light=red"' in chips


def test_ledger_with_own_columns_keeps_its_query_budget(cast, signed_in, filled, django_assert_max_num_queries):
    client = signed_in("deptclerk")
    client.get("/ledger/")
    with django_assert_max_num_queries(14):
        client.get("/ledger/?cols=light,due,owner,target")
    for number in (1, 40):
        for n in range(number):
            fill(cast, make_task(cast, f"多{n}"), filled["text"], Value("某"))
        with django_assert_max_num_queries(15):
            client.get("/ledger/")

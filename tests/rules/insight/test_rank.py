"""The needle's rank rule as a table: in each case the first item must come before the second."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.insight.rules import Asker, Item, Need, Reason, rank, reasons

TODAY = date(2026, 11, 23)


def item(key="a", need=Need.WORK, **facts):
    return Item(need=need, key=key, title=key, code=key, **facts)


BEFORE = [
    ("red before yellow", {"light": "red"}, {"light": "yellow"}),
    ("yellow before blue", {"light": "yellow"}, {"light": "blue"}),
    ("blue before green", {"light": "blue"}, {"light": "green"}),
    ("green before none", {"light": "green"}, {"light": "grey"}),
    ("the light outweighs the tier", {"light": "red", "tier": 3}, {"light": "yellow", "tier": 1}),
    ("a late step counts as yellow", {"day": date(2026, 11, 22)}, {"light": "green", "tier": 1}),
    ("a late step stays below red", {"light": "red"}, {"light": "green", "day": date(2026, 11, 1), "tier": 1}),
    ("critical before key", {"tier": 1}, {"tier": 2}),
    ("key before routine", {"tier": 2}, {"tier": 3}),
    ("the tier outweighs the urgency", {"tier": 1, "urgency": 3}, {"tier": 2, "urgency": 1}),
    ("immediate before urgent", {"urgency": 1}, {"urgency": 2}),
    ("the urgency outweighs who asks", {"urgency": 1}, {"asker": Asker.LEADER}),
    ("a leader before the office", {"asker": Asker.LEADER}, {"asker": Asker.OFFICE}),
    ("the office before a superior", {"asker": Asker.OFFICE}, {"asker": Asker.SUPERIOR}),
    ("a superior before one's own unit", {"asker": Asker.SUPERIOR}, {"asker": Asker.OWN}),
    ("who asks outweighs who waits", {"asker": Asker.LEADER}, {"waiters": ("township",) * 9}),
    ("three waiting before one", {"waiters": ("township",) * 3}, {"waiters": ("township",)}),
    ("who waits outweighs the date", {"waiters": ("village",)}, {"day": date(2026, 11, 24)}),
    ("the earlier date first", {"day": date(2026, 11, 30)}, {"day": date(2026, 12, 1)}),
    ("a date before none", {"day": date(2027, 12, 1)}, {}),
    ("acknowledging before working", {"need": Need.ACKNOWLEDGE}, {"need": Need.WORK}),
    ("the number decides last", {}, {}),
]


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in BEFORE], ids=[row[0] for row in BEFORE])
def test_first_item_stands_before_the_second(first, second):
    a, b = item("a", **first), item("b", **second)
    for given_order in ([a, b], [b, a]):
        assert [r.item.key for r in rank(given_order, TODAY)] == ["a", "b"]


@pytest.mark.parametrize(
    ("need", "code"),
    [(Need.WORK, "work_late"), (Need.REPORT, "report_late"), (Need.VERIFY, "desk_late"), (Need.DISPATCH, "desk_late")],
)
def test_lateness_names_whose_date_has_passed(need, code):
    assert reasons(item(need=need, day=date(2026, 11, 22)), today=TODAY) == (Reason(code, number=1),)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"light": "red", "tier": 1, "asker": Asker.LEADER, "asker_name": "县长", "waiters": ("township",) * 3},
            [Reason("red"), Reason("critical"), Reason("asked_leader", text="县长"), Reason("waits", "township", 3)],
        ),
        ({"light": "yellow", "tier": 2}, [Reason("yellow"), Reason("key")]),
        ({"light": "green", "urgency": 2}, [Reason("urgent")]),
        ({"day": date(2026, 11, 20)}, [Reason("work_late", number=3)]),
        ({"day": date(2026, 11, 23)}, [Reason("work_today")]),
        ({"day": date(2026, 11, 30)}, [Reason("work_soon", number=7)]),
        ({"day": date(2026, 12, 1)}, [Reason("turn")]),
        ({"waiters": ("township", "village")}, [Reason("waits", "", 2)]),
        ({"asker": Asker.SUPERIOR, "asker_name": "县财政局"}, [Reason("asked_superior", text="县财政局")]),
        ({}, [Reason("turn")]),
    ],
)
def test_every_row_says_why_in_the_order_of_the_rule(facts, expected):
    assert list(reasons(item(**facts), today=TODAY)) == expected


def test_task_that_asks_for_two_things_stands_once_with_the_first_need():
    ranked = rank([item("7", Need.WORK, light="red"), item("7", Need.ACKNOWLEDGE, light="red")], TODAY)
    assert [(r.place, r.item.need) for r in ranked] == [(1, Need.ACKNOWLEDGE)]


FACTS = st.builds(
    Item,
    need=st.sampled_from(Need),
    key=st.sampled_from("abcdef"),
    title=st.just("t"),
    light=st.sampled_from(["red", "yellow", "blue", "green", "grey", ""]),
    tier=st.integers(1, 3),
    urgency=st.integers(1, 3),
    asker=st.sampled_from(Asker),
    waiters=st.lists(st.sampled_from(["township", "village"]), max_size=3).map(tuple),
    day=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
)


@given(st.lists(FACTS, max_size=12), st.randoms())
def test_list_does_not_depend_on_the_order_of_reading(items, chance):
    shuffled = list(items)
    chance.shuffle(shuffled)
    ranked = rank(items, TODAY)
    assert [(r.item.key, r.item.need, r.reasons) for r in ranked] == [
        (r.item.key, r.item.need, r.reasons) for r in rank(shuffled, TODAY)
    ]
    assert len({r.item.key for r in ranked}) == len(ranked) == len({i.key for i in items})


def test_parts_that_are_to_be_pressed_for_stand_in_the_row_of_the_highest() -> None:
    line = "0000000001", "00000000010000000002", "000000000100000000020000000003", "0000000004"
    pressed = [item(key, Need.PRESS, light="red", path=path) for key, path in zip("abcd", line, strict=True)]
    waits = item("e", Need.VERIFY, light="red", path=line[1] + "0000000009")
    rows = {row.item.key: row for row in rank([*reversed(pressed), waits], TODAY)}
    assert set(rows) == {"a", "d", "e"}
    assert rows["a"].item.parts == 2
    assert Reason("parts", number=2) in rows["a"].reasons
    assert rows["d"].item.parts == rows["e"].item.parts == 0

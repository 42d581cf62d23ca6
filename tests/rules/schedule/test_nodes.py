"""Nodes in the months of a year."""

from datetime import date

import pytest

from luoshi.schedule.rules import Node, NodeKind, NodeState, node_state, place_nodes, report_nodes

TODAY = date(2026, 11, 23)


def node(day, *, kind=NodeKind.MILESTONE, text="开工", done=False):
    return Node(kind, day, text, done)


@pytest.mark.parametrize(
    ("day", "done", "expected"),
    [
        (date(2026, 11, 22), False, NodeState.LATE),
        (date(2026, 11, 22), True, NodeState.DONE),
        (date(2026, 11, 23), False, NodeState.NEAR),
        (date(2026, 11, 30), False, NodeState.NEAR),
        (date(2026, 12, 1), False, NodeState.AHEAD),
        (date(2026, 12, 1), True, NodeState.DONE),
    ],
)
def test_node_state_follows_its_date(day, done, expected):
    assert node_state(node(day, done=done), today=TODAY, near_days=7) is expected


def test_each_node_stands_in_its_month_and_other_years_are_left_out():
    cells = place_nodes(
        [node(date(2026, 3, 31)), node(date(2026, 12, 1)), node(date(2025, 12, 31)), node(date(2027, 1, 1))],
        year=2026, today=TODAY, near_days=7,
    )  # fmt: skip
    assert [cell.month for cell in cells] == list(range(1, 13))
    assert [cell.month for cell in cells if cell.nodes] == [3, 12]


def test_crowded_month_keeps_undone_nodes_and_counts_the_rest():
    nodes = [node(date(2026, 6, n), text=str(n), done=n < 4) for n in range(1, 7)]
    cell = place_nodes(nodes, year=2026, today=TODAY, near_days=7)[5]
    assert [placed.node.text for placed in cell.nodes] == ["4", "5", "6"]
    assert cell.more == 3


def test_quarterly_reports_fall_at_quarter_ends_within_the_task():
    nodes = report_nodes(
        "quarterly",
        day=None,
        first=date(2026, 2, 1),
        last=date(2026, 10, 1),
        year=2026,
        reported=frozenset({"2026-Q1"}),
    )
    assert [(n.day, n.done) for n in nodes] == [
        (date(2026, 3, 31), True), (date(2026, 6, 30), False), (date(2026, 9, 30), False)
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "expected"), [(5, 5), (30, 30), (31, 31), (None, 31)])
def test_yearly_report_falls_on_its_day_in_december(day, expected):
    nodes = report_nodes(
        "annual", day=day, first=date(2026, 1, 1), last=date(2026, 12, 31), year=2026, reported=frozenset()
    )
    assert [n.day for n in nodes] == [date(2026, 12, expected)]


def test_monthly_reports_do_not_fill_the_sheet():
    assert not report_nodes("monthly", day=5, first=date(2026, 1, 1), last=TODAY, year=2026, reported=frozenset())

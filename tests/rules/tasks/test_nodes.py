"""Nodes of a matter: what is done, what is now, what comes next."""

from datetime import date

import pytest

from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.nodes import (
    PRESET_NODES,
    TEMPLATES,
    NodeFacts,
    NodeFault,
    Passed,
    check_nodes,
    make_strip,
    preset_nodes,
)

DAY = date(2026, 6, 1)


def test_templates_have_three_four_eight_and_eleven_nodes() -> None:
    assert {name: len(nodes) for name, nodes in TEMPLATES.items()} == {
        "decision": 4, "platform": 8, "construction": 11, "investment": 3, "rectification": 3,
    }  # fmt: skip
    assert set(PRESET_NODES) == set(Matter)
    assert [check_nodes(nodes) for nodes in TEMPLATES.values()] == [None] * len(TEMPLATES)


def test_first_node_not_reached_is_now() -> None:
    passed = Passed({"opened": DAY, "reported": date(2026, 7, 1)}, {})
    strip = make_strip(preset_nodes(Matter.MEETING), passed)
    assert [(n.name, n.place, n.day) for n in strip] == [
        ("立项", "done", DAY), ("反馈", "done", date(2026, 7, 1)), ("核实", "now", None), ("销号", "next", None),
    ]  # fmt: skip


def test_step_leapt_over_is_done_without_a_day() -> None:
    strip = make_strip(
        (NodeFacts("签收", "acknowledged"), NodeFacts("办理", "planned"), NodeFacts("反馈", "reported")),
        Passed({"acknowledged": DAY, "reported": DAY}, {}),
    )
    assert [(n.place, n.day) for n in strip] == [("done", DAY), ("done", None), ("done", DAY)]


def test_milestone_is_never_leapt_over_and_shows_its_planned_day() -> None:
    nodes = (NodeFacts("领导审核", "milestone"), NodeFacts("反馈", "reported"))
    strip = make_strip(nodes, Passed({"reported": DAY}, {"领导审核": (date(2026, 5, 1), None)}))
    assert [(n.place, n.day) for n in strip] == [("now", date(2026, 5, 1)), ("done", DAY)]
    strip = make_strip(nodes, Passed({}, {"领导审核": (date(2026, 5, 1), date(2026, 5, 3))}))
    assert [(n.place, n.day) for n in strip] == [("done", date(2026, 5, 3)), ("now", None)]


def test_milestone_that_the_task_has_not_is_passed_by_unnoted() -> None:
    nodes = (NodeFacts("领导审核", "milestone"), NodeFacts("反馈", "reported"))
    strip = make_strip(nodes, Passed({"reported": DAY}, {}))
    assert [(n.place, n.day) for n in strip] == [("passed", None), ("done", DAY)]


def test_ended_task_waits_for_no_node() -> None:
    assert {n.place for n in make_strip(TEMPLATES["decision"], Passed({}, {}), is_ended=True)} == {"next"}


@pytest.mark.parametrize(
    ("nodes", "fault"),
    [
        ([], NodeFault.NONE),
        ([NodeFacts(str(n), "opened") for n in range(21)], NodeFault.MANY),
        ([NodeFacts("", "opened")], NodeFault.NAMELESS),
        ([NodeFacts("签收", "opened"), NodeFacts("签收", "closed")], NodeFault.TWICE),
        ([NodeFacts("签收", "wished")], NodeFault.STEP),
    ],
)
def test_faulty_nodes_are_told(nodes: list[NodeFacts], fault: NodeFault) -> None:
    assert check_nodes(nodes) == fault

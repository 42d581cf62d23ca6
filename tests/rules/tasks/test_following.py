"""Who goes on for a unit that ended, and in what role."""

import pytest

from luoshi.tasks.rules.following import list_heirs, role_taken


@pytest.mark.parametrize(
    ("links", "ended", "heirs"),
    [
        ({}, {1}, ()),
        ({1: [2]}, {1}, (2,)),
        ({1: [2], 2: [3]}, {1, 2}, (3,)),
        ({1: [2, 3]}, {1}, (2, 3)),
        ({1: [2, 3], 2: [4, 5]}, {1, 2}, (4, 5, 3)),
        ({1: [2], 2: [1]}, {1, 2}, ()),  # a ring in the records ends nowhere, and ends
        ({1: [2], 2: []}, {1, 2}, ()),
    ],
)
def test_work_passes_to_the_units_that_are_there(links, ended, heirs):
    assert list_heirs(1, links=links, ended=ended) == heirs


@pytest.mark.parametrize(
    ("role", "held", "taken"),
    [
        ("lead", [], "lead"),
        ("lead", ["co"], "lead"),
        ("co", ["lead"], None),
        ("co", ["co"], None),
        ("co", ["guide"], "co"),
        ("guide", ["lead"], "guide"),
        ("joint", ["co"], "joint"),
        ("joint", ["lead"], None),
    ],
)
def test_successor_takes_each_task_once_in_its_strongest_role(role, held, taken):
    assert role_taken(role, held=held) == taken

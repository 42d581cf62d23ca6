"""What an adaptation does to the sum of the parts, worked by hand."""

from datetime import date
from decimal import Decimal as D

import pytest

from luoshi.tasks.rules.adapting import PartFacts, scale_path, weigh

ABOVE = {"above": D(1200), "others": D(800), "target_unit": "人"}


@pytest.mark.parametrize(
    ("own", "proposed", "facts", "now", "then", "left"),
    [
        (D(400), D(365), ABOVE, 1200, 1165, 35),  # 1200 - (800 + 365)
        (D(400), D(430), ABOVE, 1200, 1230, -30),
        (D(400), D(400), ABOVE, 1200, 1200, 0),
        (D(400), D(0), ABOVE, 1200, 800, 400),  # nothing is a target too
        (None, D(365), ABOVE, 800, 1165, 35),
        (D(400), D(365), {**ABOVE, "others": None}, 400, 365, 835),
        (D(85), D(80), {**ABOVE, "target_unit": "%"}, None, None, None),  # rates do not add up
        (D(400), D(365), {"above": None, "others": D(800)}, None, None, None),
    ],
)
def test_sum_is_shown_as_it_would_be(own, proposed, facts, now, then, left):  # noqa: PLR0917
    outcome = weigh(PartFacts(own, proposed, **facts))
    assert (outcome.now, outcome.then, outcome.left) == (now, then, left)


def test_date_after_that_of_the_task_above_is_said():
    facts = PartFacts(D(1), None, due_above=date(2026, 12, 20), proposed_date=date(2026, 12, 21))
    assert weigh(facts).is_after_above
    assert not weigh(
        PartFacts(D(1), None, due_above=date(2026, 12, 20), proposed_date=date(2026, 12, 20))
    ).is_after_above


def test_path_turns_towards_the_new_target():
    assert scale_path([D(100), D(200), D(400)], old=D(400), new=D(365), places=0) == [D(91), D(183), D(365)]
    assert scale_path([D(10)], old=D(0), new=D(5), places=0) == [D(10)]

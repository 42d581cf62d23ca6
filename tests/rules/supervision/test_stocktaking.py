"""Which few tasks a leader looks at."""

from datetime import date

import pytest

from luoshi.supervision.rules.stocktaking import (
    Candidate,
    RulingFault,
    Why,
    choose,
    fault_of_ruling,
    reorder,
    why,
)

RED, YELLOW, GREEN = 1, 2, 3


def candidate(pk: int, *, tier: int = 2, light: int = RED, path: str = "", **given: object) -> Candidate:
    return Candidate(pk, path or f"{pk:03d}", tier, light, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"tier": 1}, Why.RED_CRITICAL),
        ({"tier": 2}, Why.RED),
        ({"tier": 3}, Why.RED),
        ({"tier": 1, "light": YELLOW}, Why.CRITICAL),
        ({"tier": 2, "light": YELLOW}, None),
        ({"tier": 1, "light": GREEN}, None),
        ({"tier": 3, "light": GREEN, "open_questions": 1}, Why.WAITS),
    ],
)
def test_only_what_is_red_critical_or_waits_comes_in(given: dict[str, int], reason: Why | None) -> None:
    assert why(candidate(1, **given)) == reason  # type: ignore[arg-type]


def test_order_is_red_and_critical_then_what_waits_then_light_tier_and_date() -> None:
    found = choose(
        [
            candidate(1, tier=1, light=YELLOW),
            candidate(2, due_date=date(2026, 12, 1)),
            candidate(3, due_date=date(2026, 11, 1)),
            candidate(4, tier=1),
            candidate(5, light=GREEN, tier=3, open_questions=2, late_questions=1),
            candidate(6, light=GREEN, tier=3, open_questions=1),
            candidate(7, is_blocked=True, due_date=date(2026, 12, 30)),
        ]
    )
    assert [c.task_id for c in found] == [4, 5, 6, 7, 3, 2, 1]


def test_task_stands_for_its_parts_and_twelve_are_the_most() -> None:
    tree = [candidate(1, tier=1, path="001"), candidate(2, tier=1, path="001002", top_id=1), candidate(3, tier=1)]
    assert [(c.task_id, c.parts) for c in choose(tree)] == [(1, (2,)), (3, ())]
    assert len(choose(candidate(n) for n in range(1, 40))) == 12


@pytest.mark.parametrize(
    ("fitting", "chosen", "parts"),
    [
        ({2: "001002"}, 2, ()),
        ({2: "001002", 3: "001003"}, 1, (2, 3)),
        ({2: "001002", 4: "001002004"}, 2, (4,)),
        ({1: "001", 4: "001002004", 3: "001003"}, 1, (4, 3)),
        ({n: f"001{n:03d}" for n in range(2, 12)}, 1, (2, 3, 4, 5, 6)),
    ],
)
def test_tree_is_listed_once_with_its_worst_parts(fitting: dict[int, str], chosen: int, parts: tuple[int, ...]) -> None:
    due = date(2026, 1, 1)
    tree = [
        candidate(pk, path=path, top_id=1, due_date=due.replace(day=1 + place))
        for place, (pk, path) in enumerate(fitting.items())
    ]
    assert [(c.task_id, c.parts) for c in choose([*tree, candidate(99)])] == [(chosen, parts), (99, ())]


def test_tree_stands_where_its_worst_part_would() -> None:
    part = candidate(2, tier=1, path="001002", top_id=1)
    top = candidate(1, light=YELLOW, tier=1, path="001", top_id=1)
    found = choose([top, candidate(3), part])
    assert [(c.task_id, c.why) for c in found] == [(1, Why.RED_CRITICAL), (3, Why.RED)]


def test_pack_keeps_the_given_order_and_takes_nothing_twice() -> None:
    assert reorder([1, 2, 3], kept=[3, 1, 9], added=[4, 3]) == [3, 1, 4]
    assert len(reorder(range(20), kept=range(20))) == 12


TODAY, LATER = date(2026, 11, 23), date(2026, 12, 10)


@pytest.mark.parametrize(
    ("kind", "given", "fault"),
    [
        ("task", {}, None),
        ("task", {"text": " "}, RulingFault.NO_WORDS),
        ("task", {"unit_id": None}, RulingFault.NO_UNIT),
        ("task", {"due": None}, RulingFault.NO_DATE),
        ("task", {"due": date(2026, 11, 22)}, RulingFault.PAST),
        ("answer", {"question_id": 7}, None),
        ("answer", {}, RulingFault.NO_QUESTION),
        ("note", {"unit_id": None, "due": None}, None),
    ],
)
def test_decision_says_what_it_needs(kind: str, given: dict[str, object], fault: RulingFault | None) -> None:
    whole = {"text": "拿出方案", "unit_id": 3, "due": LATER, "question_id": None, **given}
    assert fault_of_ruling(kind, today=TODAY, **whole) == fault  # type: ignore[arg-type]

"""Two people doing the same at the same moment: one is served, the other is told; nothing is done twice."""

import json
from typing import Any

import pytest

from tests.app.conftest import OwnDatabase


@pytest.fixture(scope="module")
def found(own_database: OwnDatabase) -> dict[str, Any]:
    """What came of every scene."""
    answer: dict[str, Any] = json.loads(own_database.run("-m", "tests.app.tasks.together_process"))
    return answer


def test_only_one_of_two_dispatches(found: dict[str, Any]) -> None:
    assert found["dispatch"] == {"said": ["EditConflict"], "entries": 1}


def test_only_one_of_two_edits_is_saved(found: dict[str, Any]) -> None:
    assert found["edit"] == {"said": ["EditConflict"], "version": 2}


def test_unit_gets_its_part_once_when_two_give_down(found: dict[str, Any]) -> None:
    assert found["cascade"] == {"said": ["FaultyShares"], "parts": 2}


def test_numbers_are_never_given_twice(found: dict[str, Any]) -> None:
    assert found["number"] == {"said": [], "codes": [f"QH-CZJ-2026-{n:04d}" for n in range(1, 17)]}


def test_two_who_name_a_lead_leave_one(found: dict[str, Any]) -> None:
    assert found["lead"]["roles"] == ["co", "lead"]


def test_unit_acknowledges_once(found: dict[str, Any]) -> None:
    assert found["acknowledge"] == {"said": ["AlreadyAcknowledged"], "entries": 1}


def test_journal_holds_after_everything_at_once(found: dict[str, Any]) -> None:
    assert found["faults"] == []

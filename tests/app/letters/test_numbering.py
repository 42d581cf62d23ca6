"""Numbers of letters: given at issue, without gaps, whoever writes at the same time."""

import json
from typing import Any

import pytest

from tests.app.conftest import OwnDatabase


@pytest.fixture(scope="module")
def found(own_database: OwnDatabase) -> dict[str, Any]:
    """What eight writers at the same time left behind."""
    answer: dict[str, Any] = json.loads(own_database.run("-m", "tests.app.letters.numbering_process"))
    return answer


def test_eight_writers_get_numbers_without_gaps_or_doubles(found: dict[str, Any]) -> None:
    assert found["said"] == []
    assert found["numbers"] == list(range(1, 25))


def test_series_stands_at_the_last_number_and_refusals_took_none(found: dict[str, Any]) -> None:
    assert found["last"] == [24]


def test_each_issue_is_one_entry_of_an_unbroken_journal(found: dict[str, Any]) -> None:
    assert found["entries"] == 24
    assert found["faults"] == []

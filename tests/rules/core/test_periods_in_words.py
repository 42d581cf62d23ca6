"""Reporting periods as people say them."""

import pytest
from django.utils import translation

from luoshi.core.shell import period


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2026-W07", "2026年第7周"),
        ("2026-Q4", "2026年第4季度"),
        ("2026-H1", "2026年上半年"),
        ("2026-H2", "2026年下半年"),
        ("2026-11", "2026-11"),
        ("2026", "2026"),
    ],
)
def test_weeks_quarters_and_halves_are_words(key: str, words: str) -> None:
    with translation.override("zh-hans"):
        assert period(key) == words

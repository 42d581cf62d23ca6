"""A check that finds otherwise than reported, by more than is allowed."""

from decimal import Decimal

import pytest

from luoshi.supervision.rules.comparing import Found, is_mismatch


def D(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("said_percent", "seen_percent", "said_value", "seen_value", "expected"),
    [
        ("80", "80", None, None, False),
        ("80", "75", None, None, False),
        ("80", "74.99", None, None, True),
        ("80", "86", None, None, True),  # more than reported is found otherwise too
        (None, "40", None, None, False),
        ("80", None, None, None, False),
        ("100", "100", "12000", "11400", False),
        ("100", "100", "12000", "11399", True),
        ("100", "100", "0", "0", False),
        ("100", "100", "0", "1", True),
        ("100", "100", "-20", "-20.9", False),
        ("100", "100", "-20", "-22", True),
        (None, None, None, "5", False),
    ],
)
def test_only_more_than_is_allowed_is_a_mismatch(
    said_percent: str | None, seen_percent: str | None, said_value: str | None, seen_value: str | None, expected: bool
) -> None:
    found = Found(D(said_percent), D(seen_percent), D(said_value), D(seen_value))
    assert is_mismatch(found, allowed=5) is expected

"""Who may do what follows from posts alone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from luoshi.orgs.rules import (
    Access,
    Seat,
    administers_any,
    ancestor_paths,
    may_administer,
    may_change_account,
    path_of,
    path_range,
)

COUNTY, TOWN, VILLAGE, OTHER = "00000001", "0000000100000002", "000000010000000200000003", "00000009"


def sitting(role: str, path: str) -> Access:
    return Access(person_id=1, seats=(Seat(role=role, unit_id=int(path[-8:]), path=path, home=COUNTY),))


@pytest.mark.parametrize(
    ("access", "path", "may"),
    [
        (sitting("office", COUNTY), VILLAGE, True),
        (sitting("office", COUNTY), COUNTY, True),
        (sitting("head", TOWN), VILLAGE, True),
        (sitting("head", TOWN), COUNTY, False),
        (sitting("handler", TOWN), TOWN, False),
        (sitting("sponsor", COUNTY), TOWN, False),
        (sitting("observer", COUNTY), TOWN, False),
        (sitting("office", COUNTY), OTHER, False),
        (Access(person_id=1), VILLAGE, False),
        (Access(person_id=1, admin=True), OTHER, True),
    ],
)
def test_heads_and_offices_administer_what_stands_below_them(access: Access, path: str, may: bool) -> None:
    assert may_administer(access, path) is may


@pytest.mark.parametrize(
    ("access", "paths", "used", "may"),
    [
        (sitting("head", TOWN), [VILLAGE], True, True),
        (sitting("head", TOWN), [VILLAGE, COUNTY], True, False),
        (sitting("head", TOWN), [], False, True),
        (sitting("head", TOWN), [], True, False),
        (sitting("handler", TOWN), [], False, False),
        (Access(person_id=1, admin=True), [COUNTY], True, True),
    ],
)
def test_account_is_changed_by_who_administers_all_its_posts(
    access: Access, paths: list[str], used: bool, may: bool
) -> None:
    assert may_change_account(access, paths=paths, used=used) is may


def test_without_a_leading_post_nothing_is_administered() -> None:
    assert not administers_any(sitting("handler", COUNTY))
    assert administers_any(sitting("head", VILLAGE))


KEYS = st.integers(min_value=1, max_value=99_999_998)


@given(st.lists(KEYS, min_size=1, max_size=6), KEYS)
@example([1, 99_999_998, 99_999_998], 1)
def test_a_subtree_is_exactly_a_range_of_paths(ids: list[int], stranger: int) -> None:
    path = ""
    for unit_id in ids:
        path = path_of(unit_id, parent_path=path)
    for above in ancestor_paths(path):
        low, high = path_range(above)
        assert low <= path <= high
    low, high = path_range(path)
    other = path_of(stranger)
    assert (low <= other <= high) is other.startswith(path)


def test_the_step_that_closes_a_range_is_no_unit() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        path_of(99_999_999)

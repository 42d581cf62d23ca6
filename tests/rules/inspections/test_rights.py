"""Who may open and approve what, article by article."""

from datetime import date

import pytest

from luoshi.inspections.rules.kinds import Kind
from luoshi.inspections.rules.rights import (
    Bar,
    Designated,
    Opener,
    Right,
    bar_to_open,
    kinds_of,
    may_approve,
    may_open_formally,
    may_plan,
    reaches,
    right_of,
)
from luoshi.orgs.rules import Access, Role, Seat

QH, NYJ, TOWN = "00000001", "0000000100000002", "0000000100000003"
COUNTY = Opener("county", QH, QH)
BUREAU = Opener("department", NYJ, QH)
TOWNSHIP = Opener("township", TOWN, QH)
COMPANY = Opener("company", QH, QH)
DAY, LAST = date(2026, 11, 23), date(2026, 12, 4)
GIVEN = Designated(date(2026, 11, 1), date(2026, 12, 31))
SHORT = Designated(date(2026, 11, 1), date(2026, 12, 3))
OVER = Designated(date(2026, 1, 1), date(2026, 11, 22))
TAKEN_BACK = Designated(date(2026, 11, 1), date(2026, 12, 31), ended=True)


@pytest.mark.parametrize(
    ("opener", "given", "right"),
    [
        (COUNTY, [], Right.OWN),
        (Opener("city", QH, QH), [], Right.OWN),
        (BUREAU, [], Right.INTERNAL),
        (BUREAU, [GIVEN], Right.DESIGNATED),
        (BUREAU, [OVER], Right.INTERNAL),
        (BUREAU, [TAKEN_BACK], Right.INTERNAL),
        (TOWNSHIP, [], Right.INTERNAL),
        (TOWNSHIP, [GIVEN], Right.INTERNAL),
        (COMPANY, [], Right.INTERNAL),
    ],
)
def test_right_follows_from_the_level_and_the_designation(
    opener: Opener, given: list[Designated], right: Right
) -> None:
    assert right_of(opener, designations=given, on=DAY) == right


@pytest.mark.parametrize(
    ("opener", "kind", "is_formal", "given", "bar"),
    [
        (COUNTY, Kind.COMPREHENSIVE, True, None, None),
        (COUNTY, Kind.LEAD, True, None, None),
        (COUNTY, Kind.DAILY, False, None, None),
        (COUNTY, Kind.SPECIAL, False, None, Bar.KIND_IS_FORMAL),
        (BUREAU, Kind.SPECIAL, True, None, Bar.NOT_DESIGNATED),
        (BUREAU, Kind.SPECIAL, True, GIVEN, None),
        (BUREAU, Kind.SPECIAL, True, SHORT, Bar.OUTSIDE_DESIGNATION),
        (BUREAU, Kind.SPECIAL, True, TAKEN_BACK, Bar.OUTSIDE_DESIGNATION),
        (BUREAU, Kind.DAILY, False, None, None),
        (BUREAU, Kind.SPECIAL, False, None, Bar.KIND_IS_FORMAL),
        (TOWNSHIP, Kind.SPECIAL, True, GIVEN, Bar.NOT_DESIGNATED),
        (TOWNSHIP, Kind.DAILY, False, None, None),
        (COMPANY, Kind.SPECIAL, False, None, None),
        (COMPANY, Kind.SPECIAL, True, None, Bar.NOT_DESIGNATED),
    ],
)
def test_undesignated_department_opens_internal_supervision_only(
    opener: Opener, kind: Kind, is_formal: bool, given: Designated | None, bar: Bar | None
) -> None:
    found = bar_to_open(opener, kind=kind, is_formal=is_formal, designation=given, first=DAY, last=LAST)
    assert found == bar


def test_internal_supervision_has_one_kind_in_government_and_any_in_a_company() -> None:
    assert kinds_of(BUREAU, is_formal=False) == (Kind.DAILY,)
    assert kinds_of(COMPANY, is_formal=False) == tuple(Kind)
    assert kinds_of(COUNTY, is_formal=True) == tuple(Kind)


@pytest.mark.parametrize(
    ("opener", "path", "is_formal", "reached"),
    [
        (COUNTY, NYJ, True, True),
        (COUNTY, TOWN + "00000009", True, True),
        (COUNTY, QH, True, False),
        (COUNTY, "0000000900000002", True, False),
        (BUREAU, TOWN, True, True),
        (BUREAU, TOWN, False, False),
        (BUREAU, NYJ + "00000007", False, True),
        (BUREAU, NYJ, True, False),
        (BUREAU, QH, True, False),
    ],
)
def test_objects_are_those_below_the_government_or_ones_own_subordinates(
    opener: Opener, path: str, is_formal: bool, reached: bool
) -> None:
    assert reaches(opener, path, is_formal=is_formal) is reached


def seat(role: str, path: str, unit: int = 1) -> Seat:
    return Seat(role=role, unit_id=unit, path=path, home=QH)


@pytest.mark.parametrize(
    ("access", "opener", "is_formal", "may"),
    [
        (Access(7, (seat(Role.HEAD, QH),)), COUNTY, True, True),
        (Access(5, (seat(Role.HEAD, QH),)), COUNTY, True, False),  # proposed it
        (Access(7, (seat(Role.OFFICE, QH),)), COUNTY, True, False),
        (Access(7, (seat(Role.SPONSOR, QH),)), COUNTY, True, False),
        (Access(7, (seat(Role.HEAD, NYJ),)), BUREAU, True, False),  # designated, yet the government's head approves
        (Access(7, (seat(Role.HEAD, QH),)), BUREAU, True, True),
        (Access(7, (seat(Role.HEAD, NYJ),)), BUREAU, False, True),
        (Access(7, (seat(Role.HEAD, TOWN),)), BUREAU, False, False),
        (Access(7, (), admin=True), COUNTY, True, False),
    ],
)
def test_head_of_the_government_approves_and_never_the_proposer(
    access: Access, opener: Opener, is_formal: bool, may: bool
) -> None:
    assert may_approve(access, opener, is_formal=is_formal, proposer_id=5) is may


@pytest.mark.parametrize(
    ("role", "plans", "formally"),
    [("head", True, True), ("office", True, True), ("handler", True, False), ("sponsor", False, False),
     ("observer", False, False)],
)  # fmt: skip
def test_only_the_office_and_the_head_of_a_government_open_formally(role: str, plans: bool, formally: bool) -> None:
    access = Access(1, (seat(role, QH, 4),))
    assert may_plan(access, unit_id=4) is plans
    assert may_open_formally(access, COUNTY, unit_id=4) is formally

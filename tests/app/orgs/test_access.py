"""What posts give is the same in SQL and in the rules, on every day."""

from datetime import date, timedelta

import pytest
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.orgs import actions
from luoshi.orgs.models import Post, Unit
from luoshi.orgs.queries import (
    get_access,
    get_person_for,
    get_unit_for,
    list_people,
    list_people_in,
    list_units,
    may_administer_person,
)
from luoshi.orgs.rules import may_administer
from tests.factories.orgs import SINCE, Cast, make_person

pytestmark = pytest.mark.django_db
EVERYBODY = [
    "leader",
    "sponsor",
    "office",
    "observer",
    "depthead",
    "deptclerk",
    "townhead",
    "townclerk",
    "outsider",
    "admin",
]


@pytest.mark.parametrize(
    ("from_date", "to_date", "held"),
    [
        (date(2026, 11, 23), None, True),
        (date(2026, 11, 24), None, False),
        (date(2026, 1, 1), date(2026, 11, 23), True),
        (date(2026, 1, 1), date(2026, 11, 22), False),
        (date(2026, 11, 23), date(2026, 11, 23), True),
    ],
)
def test_post_counts_on_its_first_and_last_day_and_on_no_other(
    cast: Cast, from_date: date, to_date: date | None, held: bool
) -> None:
    person = make_person("temp", "临时")
    Post.objects.create(person=person, unit=cast.unit("QH-T02"), role="handler", from_date=from_date, to_date=to_date)
    unit_id = cast.unit("QH-T02").pk
    assert get_access(person, today=cast.today).sits_in(unit_id) is held
    assert (person in list_people_in([unit_id], ["handler"], cast.today)) is held


@pytest.mark.parametrize("username", EVERYBODY)
def test_units_seen_are_those_of_the_governments_one_sits_in(cast: Cast, username: str) -> None:
    access = cast.access(username)
    by_rule = {u for u in Unit.objects.all() if access.admin or any((u.path or "").startswith(h) for h in access.homes)}
    assert set(Unit.objects.visible_to(access)) == set(list_units(access)) == by_rule


@pytest.mark.parametrize("username", EVERYBODY)
def test_unit_gate_and_rule_agree_for_everybody(cast: Cast, username: str) -> None:
    access = cast.access(username)
    for unit in Unit.objects.all():
        seen = unit in Unit.objects.visible_to(access)
        expected = None if seen and may_administer(access, unit.path or "") else NotAllowed if seen else Http404
        if expected is None:
            assert get_unit_for(access, id=unit.pk, to="administer") == unit
        else:
            with pytest.raises(expected):
                get_unit_for(access, id=unit.pk, to="administer")


def test_heads_and_offices_administer_their_subtree_and_nobody_else_does(cast: Cast) -> None:
    village = cast.unit("QH-T01-V01").path or ""
    allowed = {name for name in EVERYBODY if may_administer(cast.access(name), village)}
    assert allowed == {"leader", "office", "townhead", "admin"}
    assert not may_administer(cast.access("townhead"), cast.unit("QH").path or "")


def test_two_posts_give_the_sum_of_their_rights(cast: Cast) -> None:
    Post.objects.create(person=cast["townclerk"], unit=cast.unit("BS-CZJ"), role="observer", from_date=SINCE)
    access = cast.access("townclerk")
    assert set(Unit.objects.visible_to(access)) >= {cast.unit("BS"), cast.unit("QH-CZJ")}
    assert len(access.homes) == 2


def test_access_costs_two_queries(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        get_access(cast["townclerk"], today=cast.today)


def test_people_of_another_county_are_not_seen(cast: Cast) -> None:
    access = cast.access("office")
    assert cast["outsider"] not in list_people(access)
    assert cast["townclerk"] in list_people(access, text="何苗")
    with pytest.raises(Http404):
        get_person_for(access, id=cast["outsider"].pk)
    assert list(list_people(access, unit=cast.unit("QH-T01"), today=cast.today)) == [
        cast["townclerk"],
        cast["townhead"],
    ]


def test_a_second_post_gives_no_hold_on_an_account(cast: Cast) -> None:
    """The town's head may not reset the county leader's password by giving him a post in a village."""
    actions.give_post(
        cast["leader"],
        post=actions.PostDraft(unit=cast.unit("QH-T01-V01"), role="observer", title="", from_date=cast.today),
        by=cast["townhead"], now=cast.now,
    )  # fmt: skip
    townhead = cast.access("townhead")
    assert not may_administer_person(townhead, cast["leader"])
    assert may_administer_person(townhead, cast["townclerk"])
    assert may_administer_person(cast.access("office"), cast["leader"])


def test_only_an_administrator_changes_an_administrator(cast: Cast) -> None:
    Post.objects.create(person=cast["admin"], unit=cast.unit("QH-T01"), role="observer", from_date=SINCE)
    assert not may_administer_person(cast.access("leader"), cast["admin"])
    assert may_administer_person(cast.access("admin"), cast["admin"])


def test_ended_posts_give_nothing_the_day_after(cast: Cast) -> None:
    post = Post.objects.get(person=cast["townclerk"])
    actions.end_post(post, last_day=cast.today, by=cast["office"], now=cast.now)
    assert cast.access("townclerk").seats
    assert get_access(cast["townclerk"], today=cast.today + timedelta(days=1)).seats == ()

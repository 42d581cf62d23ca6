"""People, posts, passwords and keys."""

import json
from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from luoshi.core.models import Entry
from luoshi.orgs import actions
from luoshi.orgs.actions.people import AccountTaken, PostHeldAlready, PostInClosedUnit, TooManyKeys, TooManyPasswords
from luoshi.orgs.models import ApiToken, Person, Post
from luoshi.orgs.queries import get_token
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db


def post(cast: Cast, unit: str = "QH-T02", role: str = "handler", **more: object) -> actions.PostDraft:
    values = {"title": "科员", "from_date": cast.today, **more}
    return actions.PostDraft(unit=cast.unit(unit), role=role, **values)  # type: ignore[arg-type]


def test_new_person_holds_a_post_and_cannot_sign_in_yet(cast: Cast) -> None:
    person = actions.create_person(
        username="xin.ren", name="辛仁", email="", post=post(cast), by=cast["office"], now=cast.now
    )
    assert not person.has_usable_password()
    entry = Entry.objects.get()
    assert (entry.verb, entry.unit_path) == ("create_person", cast.unit("QH-T02").path)


def test_account_names_differ_in_more_than_case(cast: Cast) -> None:
    with pytest.raises(AccountTaken):
        actions.create_person(username="Office", name="甲", email="", post=post(cast), by=cast["office"], now=cast.now)


def test_issued_password_works_and_stands_nowhere_in_the_journal(cast: Cast) -> None:
    [(person, password)] = actions.issue_passwords([cast["townclerk"]], by=cast["office"], now=cast.now)
    request = RequestFactory().post("/")
    assert authenticate(request, username="townclerk", password=password) == person
    assert password not in json.dumps(Entry.objects.get().data)
    with pytest.raises(TooManyPasswords):
        actions.issue_passwords([person] * 51, by=cast["office"], now=cast.now)


def test_a_post_is_not_held_twice_at_once(cast: Cast) -> None:
    actions.give_post(cast["townclerk"], post=post(cast, to_date=date(2026, 12, 31)), by=cast["office"], now=cast.now)
    with pytest.raises(PostHeldAlready):
        actions.give_post(
            cast["townclerk"], post=post(cast, from_date=date(2026, 12, 31)), by=cast["office"], now=cast.now
        )
    actions.give_post(cast["townclerk"], post=post(cast, from_date=date(2027, 1, 1)), by=cast["office"], now=cast.now)
    assert Post.objects.filter(person=cast["townclerk"], unit=cast.unit("QH-T02")).count() == 2


def test_nobody_takes_a_post_in_a_closed_unit(cast: Cast) -> None:
    actions.close_unit(cast.unit("QH-T02"), last_day=date(2026, 11, 1), by=cast["office"], now=cast.now)
    cast.unit("QH-T02").refresh_from_db()
    with pytest.raises(PostInClosedUnit):
        actions.give_post(cast["townclerk"], post=post(cast), by=cast["office"], now=cast.now)


def test_post_that_never_began_is_taken_back_whole(cast: Cast) -> None:
    given = actions.give_post(
        cast["townclerk"], post=post(cast, from_date=date(2027, 1, 1)), by=cast["office"], now=cast.now
    )
    actions.end_post(given, last_day=cast.today, by=cast["office"], now=cast.now)
    assert not Post.objects.filter(pk=given.pk).exists()
    assert Entry.objects.order_by("-seq")[0].data["before"]["from_date"] == "2027-01-01"


def test_deactivated_person_is_signed_out_and_keys_stop(cast: Cast, signed_in: object) -> None:
    client = signed_in("townclerk")  # type: ignore[operator]
    _token, secret = actions.create_api_token(cast["townclerk"], name="表", now=cast.now)
    assert client.get("/orgs/me/").status_code == 200
    actions.edit_person(cast["townclerk"], name="何苗", email="", is_active=False, by=cast["office"], now=cast.now)
    assert client.get("/orgs/me/").status_code == 302
    assert get_token(secret) is None


def test_key_is_shown_once_and_kept_only_as_a_hash(cast: Cast) -> None:
    token, secret = actions.create_api_token(cast["office"], name="报表", now=cast.now)
    stored = ApiToken.objects.get(pk=token.pk)
    assert secret not in json.dumps([str(v) for v in vars(stored).values()])
    assert get_token(secret) == stored
    actions.revoke_api_token(stored, by=cast["office"], now=cast.now)
    assert get_token(secret) is None
    assert list(Entry.objects.order_by("seq").values_list("verb", flat=True)) == [
        "create_api_token",
        "revoke_api_token",
    ]


def test_keys_per_person_are_bounded(cast: Cast) -> None:
    for number in range(20):
        actions.create_api_token(cast["office"], name=str(number), now=cast.now)
    with pytest.raises(TooManyKeys):
        actions.create_api_token(cast["office"], name="21", now=cast.now)


def test_use_of_a_key_is_noted_at_most_once_a_minute(cast: Cast, django_assert_num_queries: object) -> None:
    token, _secret = actions.create_api_token(cast["office"], name="报表", now=cast.now)
    actions.note_token_use(token, now=cast.now)
    token.refresh_from_db()
    with django_assert_num_queries(0):  # type: ignore[operator]
        actions.note_token_use(token, now=cast.now + timedelta(seconds=59))
    actions.note_token_use(token, now=cast.now + timedelta(seconds=60))
    token.refresh_from_db()
    assert token.last_used_at == cast.now + timedelta(seconds=60)


def test_renaming_a_person_journals_what_changed(cast: Cast) -> None:
    actions.edit_person(cast["townclerk"], name="何淼", email="", is_active=True, by=cast["office"], now=cast.now)
    assert Person.objects.get(username="townclerk").name == "何淼"
    assert Entry.objects.get().data == {"before": {"name": "何苗"}, "after": {"name": "何淼"}}

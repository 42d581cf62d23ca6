"""Changing people, their posts and their keys."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.orgs.models import ApiToken, Person, Post, Unit
from luoshi.orgs.queries import digest_of, is_use_recent

MAX_TOKENS = 20
MAX_PASSWORDS = 50  # each costs about 0.3 s of hashing
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another when read from paper


class AccountTaken(Refusal):
    """An account name names one person."""

    sentence = _("This account name is already in use. Give another one.")


class PostHeldAlready(Refusal):
    """One post is held once at a time."""

    sentence = _("This person already holds this post then. End the other one first, or choose another start.")


class PostInClosedUnit(Refusal):
    """Nobody takes a post in a unit that has ended."""

    sentence = _("This unit is closed. Choose the unit that succeeded it.")


class TooManyKeys(Refusal):
    """Keys nobody knows of are a risk."""

    sentence = _("You hold too many keys. Revoke one that is no longer used first.")


class TooManyPasswords(Refusal):
    """Hashing takes its time."""

    sentence = _("Issue passwords to at most 50 people at a time.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDraft:
    """A post to be given."""

    unit: Unit
    role: str
    title: str
    from_date: date
    to_date: date | None = None


def create_person(*, username: str, name: str, email: str, post: PostDraft, by: Person, now: datetime) -> Person:
    """Make an account with its first post; it cannot sign in until a password is issued. Raises AccountTaken."""
    with transaction.atomic():
        if Person.objects.filter(username__iexact=username).exists():
            raise AccountTaken
        person = Person(username=username, name=name, email=email)
        person.set_unusable_password()
        person.save()
        _give(person, post)
        record_entry(
            "create_person", by=by, now=now, subject=person, unit_path=post.unit.path or "",
            after={"username": username, "name": name, "unit": post.unit, "role": post.role, "title": post.title},
        )  # fmt: skip
    return person


def edit_person(person: Person, *, name: str, email: str, is_active: bool, by: Person, now: datetime) -> None:
    """Correct a person's name and address, or stop (or again allow) signing in."""
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        before = {"name": person.name, "email": person.email, "is_active": person.is_active}
        after = {"name": name, "email": email, "is_active": is_active}
        person.name, person.email, person.is_active = name, email, is_active
        person.save(update_fields=["name", "email", "is_active"])
        record_entry(
            "edit_person", by=by, now=now, subject=person, unit_path=_path_of(person),
            before={k: v for k, v in before.items() if after[k] != v},
            after={k: v for k, v in after.items() if before[k] != v},
        )  # fmt: skip


def issue_passwords(people: Sequence[Person], *, by: Person, now: datetime) -> list[tuple[Person, str]]:
    """Give each person a new password, returned once and kept only as its hash; it ends their other sessions."""
    if len(people) > MAX_PASSWORDS:
        raise TooManyPasswords
    issued = [(person, _new_password()) for person in people]
    for person, password in issued:
        person.set_password(password)
    with transaction.atomic():
        Person.objects.bulk_update([person for person, _secret in issued], ["password"])
        first = issued[0][0]
        record_entry(
            "issue_passwords", by=by, now=now, subject=first, unit_path=_path_of(first),
            label="、".join(p.name for p, _secret in issued), usernames=[p.username for p, _secret in issued],
        )  # fmt: skip
    return issued


def give_post(person: Person, *, post: PostDraft, by: Person, now: datetime) -> Post:
    """Let a person hold a post from a day on. Raises PostHeldAlready or PostInClosedUnit."""
    with transaction.atomic():
        given = _give(person, post)
        record_entry(
            "give_post", by=by, now=now, subject=person, unit_path=post.unit.path or "",
            after={
                "unit": post.unit.name, "role": post.role, "title": post.title,
                "from_date": post.from_date, "to_date": post.to_date,
            },
        )  # fmt: skip
    return given


def end_post(post: Post, *, last_day: date, by: Person, now: datetime) -> None:
    """Let a post end after a day; one that had not begun by then is taken back whole."""
    with transaction.atomic():
        post = Post.objects.select_related("unit", "person").get(pk=post.pk)
        before = {"unit": post.unit.name, "role": post.role, "from_date": post.from_date, "to_date": post.to_date}
        begun = post.from_date <= last_day
        if begun:
            post.to_date = last_day
            post.save(update_fields=["to_date"])
        else:
            post.delete()
        record_entry(
            "end_post", by=by, now=now, subject=post.person, unit_path=post.unit.path or "",
            before=before, after={"to_date": last_day if begun else None},
        )  # fmt: skip


def create_api_token(person: Person, *, name: str, now: datetime) -> tuple[ApiToken, str]:
    """Make a key to the API for oneself; the secret is returned once and never kept. Raises TooManyKeys."""
    secret = "ls_" + secrets.token_urlsafe(32)
    with transaction.atomic():
        if ApiToken.objects.filter(person=person, revoked_at__isnull=True).count() >= MAX_TOKENS:
            raise TooManyKeys
        token = ApiToken.objects.create(person=person, name=name, digest=digest_of(secret), created_at=now)
        record_entry("create_api_token", by=person, now=now, subject=token)
    return token, secret


def revoke_api_token(token: ApiToken, *, by: Person, now: datetime) -> None:
    """End a key at once and for ever."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now):
            record_entry("revoke_api_token", by=by, now=now, subject=token)


def note_token_use(token: ApiToken, *, now: datetime) -> None:
    """Remember when a key was last used, at most once a minute. No journal entry: the uses write their own."""
    if not is_use_recent(token, now=now):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _give(person: Person, post: PostDraft) -> Post:
    if post.unit.valid_to is not None and post.unit.valid_to < post.from_date:
        raise PostInClosedUnit
    same = Post.objects.filter(person=person, unit=post.unit, role=post.role).exclude(to_date__lt=post.from_date)
    if post.to_date is not None:
        same = same.filter(from_date__lte=post.to_date)
    if same.exists():
        raise PostHeldAlready
    return Post.objects.create(
        person=person, unit=post.unit, role=post.role, title=post.title,
        from_date=post.from_date, to_date=post.to_date,
    )  # fmt: skip


def _path_of(person: Person) -> str:
    """The unit that reads of this person in the journal: that of the latest post."""
    post = Post.objects.filter(person=person).select_related("unit").order_by("-from_date", "-pk").first()
    return (post.unit.path or "") if post else ""


def _new_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _group in range(3))

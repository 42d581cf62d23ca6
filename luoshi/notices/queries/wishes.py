"""How people want to be told, and what may leave the site."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from django.conf import settings
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When

from luoshi.notices.models import GroupWish, Wish
from luoshi.notices.rules.addresses import Allowed, read_allowed
from luoshi.notices.rules.kinds import KINDS, Group, How
from luoshi.notices.rules.quiet import Quiet, read_hours
from luoshi.orgs.models import Person, Post

Line = tuple[str, str]  # a sentence and the path of the page that it opens
Finder = Callable[[Collection[Line]], set[Line]]
Opening = Callable[[int, datetime], list[Line]]
_finders: list[Finder] = []
_openings: list[Opening] = []


@dataclass(frozen=True, slots=True)
class Wishes:
    """What holds for one person: their own choice, or the site's."""

    digest_at: time
    quiet: Quiet
    language: str
    groups: dict[str, str]
    version: int = 0
    own_digest_at: bool = False
    refused_address: str = ""


def add_discretion(finder: Finder) -> None:
    """`finder(lines)` says which of these are about internal papers: their words never leave the site."""
    if finder not in _finders:
        _finders.append(finder)


def list_internal(lines: Collection[Line]) -> set[Line]:
    """The lines whose words may not leave the site."""
    return {line for finder in _finders for line in finder(lines)} if lines else set()


def add_opening(opening: Opening) -> None:
    """`opening(person_id, now)` gives the lines that a person's digest begins with."""
    if opening not in _openings:
        _openings.append(opening)


def list_opening(person_id: int, *, now: datetime) -> list[Line]:
    """What a person's digest begins with."""
    return [line for opening in _openings for line in opening(person_id, now)]


def is_mail_on() -> bool:
    """Does this site name a mail server?"""
    return bool(settings.MAIL_URL)


def may_mail(address: str) -> bool:
    """Is this an address of a domain that letters may go to?"""
    domains = [domain.lower().lstrip("@") for domain in settings.NOTICES["MAIL_DOMAINS"]]
    return bool(address) and (not domains or address.rpartition("@")[2].lower() in domains)


def tells_titles() -> bool:
    """May titles leave the site at all, or only counts?"""
    return bool(settings.NOTICES["OUTSIDE_TEXTS"] != "counts")


def get_allowed() -> Allowed:
    """The addresses that the site allows beyond public ones."""
    return read_allowed(settings.NOTICES["OUTGOING_ALLOW"])


def get_site_quiet(*, lets_urgent: bool = False) -> Quiet:
    """The quiet hours of whoever chose none."""
    start, end = read_hours(settings.NOTICES["QUIET_HOURS"])
    return Quiet(start, end, lets_urgent)


def get_wishes(person: Person) -> Wishes:
    """What one person wishes, with what each group comes to."""
    own = Wish.objects.filter(person=person).first()
    groups = {group.value: How.DIGEST.value for group in Group}
    groups |= dict(GroupWish.objects.filter(person=person).values_list("group", "how"))
    return _wishes(own, groups)


def get_wishes_of(people: Iterable[int]) -> Callable[[int], Wishes]:
    """The hours and the language of many people, in one query; what they say of groups is left out."""
    own = {wish.person_id: wish for wish in Wish.objects.filter(person__in=list(people))}
    return cache(lambda person_id: _wishes(own.get(person_id), {}))


def list_languages(people: Collection[int]) -> dict[int, str]:
    """The language of each of these people who chose another than the site's; one query."""
    chosen = Wish.objects.filter(person__in=people).exclude(language__in=("", settings.LANGUAGE_CODE))
    return dict(chosen.values_list("person_id", "language")) if people else {}


def reads_otherwise() -> Exists:
    """Of a notice: was it written in another language than the site's?"""
    chosen = Wish.objects.filter(person=OuterRef("person"))
    return Exists(chosen.exclude(language__in=("", settings.LANGUAGE_CODE)))


def _wishes(own: Wish | None, groups: dict[str, str]) -> Wishes:
    site = get_site_quiet()
    if own is None:
        return Wishes(settings.NOTICES["DIGEST_AT"], site, settings.LANGUAGE_CODE, groups)
    start = site.start if own.quiet_from is None else own.quiet_from
    end = site.end if own.quiet_until is None else own.quiet_until
    return Wishes(
        own.digest_at or settings.NOTICES["DIGEST_AT"], Quiet(start, end, own.wants_urgent),
        own.language or settings.LANGUAGE_CODE, groups, version=own.version,
        own_digest_at=own.digest_at is not None, refused_address=own.refused_address,
    )  # fmt: skip


def list_chat_posts(today: date) -> QuerySet[Post]:
    """Posts of people who serve one unit only: what is told to others may be another unit's affair."""
    elsewhere = Post.objects.filter(person=OuterRef("person")).held_on(today).exclude(unit=OuterRef("unit"))
    return Post.objects.filter(person__is_active=True).held_on(today).exclude(Exists(elsewhere))


def group_sql() -> Case:
    """The group of a notice's kind, for a query."""
    whens = [When(kind__in=kinds, then=Value(group.value)) for group, kinds in KINDS.items()]
    return Case(*whens, default=Value(Group.OTHER.value), output_field=CharField())


def list_digest_hours() -> list[time]:
    """The times that people chose, and the site's own; some dozens at most."""
    chosen: QuerySet[Wish, time | None] = Wish.objects.filter(digest_at__isnull=False).values_list(
        "digest_at", flat=True
    )
    return sorted({settings.NOTICES["DIGEST_AT"], *filter(None, chosen.distinct())})

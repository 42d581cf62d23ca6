"""Reading people, their posts and their keys."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.core.prepared import first, prepared
from luoshi.orgs.models import ApiToken, Person, Post, Unit
from luoshi.orgs.rules import Access, may_change_account


def list_people_in(unit_ids: Iterable[int], roles: Iterable[str] | None, today: date) -> list[Person]:
    """The people who hold a post (of one of the roles; None: any) in exactly these units on the day, each once."""
    posts = Post.objects.filter(unit__in=list(unit_ids)).held_on(today).order_by()
    if roles is not None:
        posts = posts.filter(role__in=list(roles))
    return list(Person.objects.filter(pk__in=posts.values("person"), is_active=True).order_by("username"))


def list_people(
    access: Access, *, text: str = "", unit: Unit | None = None, today: date | None = None
) -> QuerySet[Person]:
    """The people of the governments or companies a person may see, by name, account or title."""
    people = _visible_people(access)
    if unit is not None:
        posts = Post.objects.filter(unit__in=Unit.objects.within(unit.path or "")).order_by()
        people = people.filter(pk__in=(posts.held_on(today) if today else posts).values("person"))
    if text:
        titled = Post.objects.filter(person=OuterRef("pk"), title__icontains=text)
        people = people.filter(Q(name__icontains=text) | Q(username__icontains=text) | Exists(titled))
    return people.order_by("username")


def list_posts_of(people: Iterable[Person], *, today: date) -> dict[int, list[Post]]:
    """The posts each person holds on the day; one query."""
    posts: dict[int, list[Post]] = {person.pk: [] for person in people}
    for post in Post.objects.filter(person__in=list(posts)).held_on(today).select_related("unit"):
        posts[post.person_id].append(post)
    return posts


def list_posts_in(unit: Unit, *, today: date) -> list[Post]:
    """Who holds a post in exactly this unit on the day, heads first; at most 200."""
    order = {"head": 0, "sponsor": 1, "office": 2, "handler": 3, "observer": 4}
    held = Post.objects.filter(unit=unit, person__is_active=True).held_on(today).select_related("person")
    return sorted(held.order_by("from_date", "pk")[:200], key=lambda post: order.get(post.role, 9))


def get_person_for(access: Access, *, id: int, to: str = "see") -> Person:
    """The person, when they may be seen or administered; else 404, or NotAllowed when they may be seen only."""
    person = _visible_people(access).filter(pk=id).first()
    if person is None:
        raise Http404
    if to == "administer" and not may_administer_person(access, person):
        raise NotAllowed
    return person


def may_administer_person(access: Access, person: Person) -> bool:
    """May this account be changed? By who administers every post it ever held, so that a second post gives no hold."""
    if access.admin:
        return True
    if person.is_superuser or person.is_staff:
        return False
    paths = Post.objects.filter(person=person).values_list("unit__path", flat=True).distinct()
    return may_change_account(access, paths=[path or "" for path in paths], used=person.last_login is not None)


def get_token(secret: str) -> ApiToken | None:
    """The valid key that this secret opens, with its person."""
    return first(_list_tokens(digest_of(secret)))


@prepared
def _list_tokens(digest: str) -> QuerySet[ApiToken]:
    valid = ApiToken.objects.filter(digest=digest, revoked_at__isnull=True, person__is_active=True)
    return valid.select_related("person")


def digest_of(secret: str) -> str:
    """What is kept of a key. It is 256 random bits, so that a plain hash is enough."""
    return sha256(secret.encode()).hexdigest()


def is_use_recent(token: ApiToken, *, now: datetime) -> bool:
    """Was the key's use already noted within this minute?"""
    return token.last_used_at is not None and now - token.last_used_at < timedelta(minutes=1)


def _visible_people(access: Access) -> QuerySet[Person]:
    if access.admin:
        return Person.objects.all()
    near = Post.objects.filter(unit__in=Unit.objects.visible_to(access)).order_by()
    return Person.objects.filter(Q(pk__in=near.values("person")) | Q(pk=access.person_id))

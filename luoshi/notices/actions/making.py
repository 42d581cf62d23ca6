"""Deciding what leaves the site: the day's digests, and at once what is urgent or was wished so.

Nothing here speaks to the network, and nothing reads a message's words: a delivery is composed when it is sent. The
message itself, written in the transaction of the act, is what the outbox is made of, so that nothing is lost between.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from luoshi.core.bulk import insert_like
from luoshi.core.queries import get_calendar
from luoshi.notices.models import UNTOLD, Delivery, GroupWish, Notice, Robot, Wish
from luoshi.notices.queries.wishes import (
    group_sql,
    is_mail_on,
    list_chat_posts,
    list_digest_hours,
    reads_otherwise,
)
from luoshi.notices.rules.kinds import PRIVATE_KINDS, Channel, How, State
from luoshi.orgs.models import Person, Post

LOOKED_BACK = timedelta(days=7)  # how old a message may be that a digest takes up
PROMPT_FOR = timedelta(days=2)  # how old one may be that is told at once
ROBOT_PROMPT_FOR = timedelta(minutes=30)
GAP = timedelta(minutes=10)  # between two letters about what is not urgent
LATE = timedelta(minutes=2)  # an act that began before this has been committed
KEPT = timedelta(days=365)
BATCH = 500
MOST_LINES = 300  # urgent messages of half an hour that a chat is told of

Words = tuple[str, str, str]  # kind, text and page of a message


def make_digests(now: datetime, *, with_mail: bool | None = None) -> int:
    """Make the digests that are due today by now, of people and of robots, on working days; how many.

    Those of people where the site has a mail server, or as `with_mail` says.
    One a person and day: a handful of statements for each hour that somebody chose, however many people there are.
    """
    local = timezone.localtime(now)
    today = local.date()
    if not get_calendar(today, today).is_workday(today):
        return 0
    made = 0
    to_people = is_mail_on() if with_mail is None else with_mail
    with transaction.atomic():
        for hour in [hour for hour in list_digest_hours() if hour <= local.time()] if to_people else []:
            moment = local.replace(hour=hour.hour, minute=hour.minute, second=hour.second, microsecond=0)
            made += _make_for_people(hour, moment=min(moment, local), now=now, today=today)
        made += _make_for_robots(now=now, today=today)
    return made


def _make_for_people(hour: time, *, moment: datetime, now: datetime, today: date) -> int:
    whom = _reachable().filter(_hour_is(hour)).exclude(Exists(_digests(today).filter(person=OuterRef("pk"))))
    fresh = _untold(now).filter(at__lte=moment, person=OuterRef("pk"))
    _take_up_stale(hour, today=today)
    rows = whom.filter(Exists(fresh)).annotate(path=_path_of_person(today)).values("pk", "email", "path")
    sql, parameters = rows.order_by().query.sql_with_params()
    made = insert_like(
        Delivery(
            channel=Channel.MAIL.value, day=today, is_digest=True, upto=moment, created_at=now, next_at=now,
        ),
        f"({sql}) AS who", list(parameters), person_id="who.pk", address="who.email", unit_path="who.path",
        key=("%s || CAST(who.pk AS varchar)", [f"digest:{today}:"]),
    )  # fmt: skip
    if made:
        mine = _digests(today).filter(created_at=now, upto=moment)
        taken = _untold(now).filter(at__lte=moment, person__in=mine.values("person"))
        taken.update(delivery=Subquery(mine.filter(person=OuterRef("person")).values("pk")[:1]))
    return made


def _reachable() -> QuerySet[Person]:
    """People with an address that letters may go to and that was not refused."""
    refused = Wish.objects.filter(person=OuterRef("pk"), refused_address=OuterRef("email"))
    within = Q()
    for domain in settings.NOTICES["MAIL_DOMAINS"]:
        within |= Q(email__iendswith="@" + domain.lstrip("@"))
    return Person.objects.filter(within, is_active=True, email__gt="").exclude(Exists(refused))


def _hour_is(hour: time) -> Q:
    chosen = Exists(Wish.objects.filter(person=OuterRef("pk"), digest_at=hour))
    if hour != settings.NOTICES["DIGEST_AT"]:
        return Q(chosen)
    return Q(chosen) | ~Q(Exists(Wish.objects.filter(person=OuterRef("pk"), digest_at__isnull=False)))


def _digests(today: date) -> QuerySet[Delivery]:
    return Delivery.objects.filter(is_digest=True, person__isnull=False, day=today)


def _untold(now: datetime) -> QuerySet[Notice]:
    """What neither left the site nor was read there, but for what its reader wants on the site only."""
    return _not_site_only(Notice.objects.filter(UNTOLD, at__gt=now - LOOKED_BACK))


def _not_site_only(found: QuerySet[Notice]) -> QuerySet[Notice]:
    only = GroupWish.objects.filter(person=OuterRef("person"), how=How.SITE.value, group=OuterRef("group"))
    return found.alias(group=group_sql()).exclude(Exists(only))


def _take_up_stale(hour: time, *, today: date) -> None:
    """A digest that never left goes up in the next one."""
    stale = Delivery.objects.filter(
        is_digest=True, person__isnull=False, day__lt=today, state=State.WAITING.value, attempts=0
    ).filter(person__in=Person.objects.filter(_hour_is(hour)).values("pk"))
    if not stale.exists():
        return
    Notice.objects.filter(delivery__in=stale.values("pk"), read_at__isnull=True).update(delivery=None)
    Delivery.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).update(state=State.NEEDLESS.value)


def _path_of_person(today: date) -> Coalesce:
    posts = Post.objects.filter(person=OuterRef("pk")).held_on(today).order_by("unit__path")
    return Coalesce(Subquery(posts.values("unit__path")[:1]), Value(""))


def _make_for_robots(*, now: datetime, today: date) -> int:
    """A digest for each robot whose unit was told something since its last one."""
    local, upto = timezone.localtime(now), now - LATE
    if local.time() < settings.NOTICES["DIGEST_AT"]:
        return 0
    fresh = Notice.objects.filter(at__gt=OuterRef("told_until"), at__lte=upto).exclude(kind__in=PRIVATE_KINDS)
    posts = list_chat_posts(today).filter(unit=OuterRef(OuterRef("unit")))
    told = Exists(fresh.filter(person__in=posts.values("person"))) | Q(Q(unit__isnull=True) & Exists(fresh))
    done = Delivery.objects.filter(robot=OuterRef("pk"), day=today, is_digest=True)
    robots = list(list_working_robots().filter(Q(told), tells_digest=True).exclude(Exists(done)).select_related("unit"))
    rows = [
        _for_robot(
            robot, key=f"digest:{today}:r{robot.pk}", now=now, is_digest=True, since=robot.told_until, upto=upto,
            next_at=now + timedelta(seconds=60 + robot.pk * 37 % 240),  # the platforms ask to keep off the full hour
        )
        for robot in robots
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows, batch_size=BATCH)
    Robot.objects.filter(pk__in=[robot.pk for robot in robots]).update(told_until=upto)
    return len(rows)


def list_working_robots() -> QuerySet[Robot]:
    """Robots that are neither muted nor removed nor in trouble."""
    return Robot.objects.filter(is_muted=False, removed_at__isnull=True, trouble="")


def _for_robot(robot: Robot, *, key: str, now: datetime, **fields: object) -> Delivery:
    given = {"upto": now, "next_at": now, "day": timezone.localtime(now).date()} | fields
    return Delivery(
        robot=robot, channel=robot.channel, address=robot.name, key=key, created_at=now,
        unit_path=(robot.unit.path or "") if robot.unit else "", **given,
    )  # fmt: skip


def make_prompt(now: datetime) -> int:
    """Make what is told at once: what is urgent, and what people wished so; how many deliveries."""
    with transaction.atomic():
        made = _prompt_robots(now)
        if is_mail_on():
            made += _prompt_people(_urgent(now), now=now, is_urgent=True)
            made += _prompt_people(_wished(now), now=now, is_urgent=False)
    return made


def _urgent(now: datetime) -> QuerySet[Notice]:
    return _untold(now).filter(urgent=True, at__gt=now - PROMPT_FOR, at__lte=now)


def _wished(now: datetime) -> QuerySet[Notice]:
    wishes = GroupWish.objects.filter(how=How.NOW.value)
    mine = wishes.filter(person=OuterRef("person"), group=OuterRef("group"))
    found = _untold(now).filter(at__gt=now - PROMPT_FOR, at__lte=now, person__in=wishes.values("person"))
    return found.filter(Exists(mine))


def _prompt_people(found: QuerySet[Notice], *, now: datetime, is_urgent: bool) -> int:
    today = timezone.localtime(now).date()
    whom = found.filter(person__in=_reachable().values("pk")).order_by().values_list("person", flat=True).distinct()
    ids, made = iter(list(whom)), 0
    while batch := list(islice(ids, BATCH)):
        made += _prompt_batch(batch, found=found, now=now, is_urgent=is_urgent, today=today)
    return made


def _prompt_batch(
    people: Sequence[int], *, found: QuerySet[Notice], now: datetime, is_urgent: bool, today: date
) -> int:
    """One letter a person: a letter that waits takes up what is new, and another waits until the gap is over."""
    prompt = Delivery.objects.filter(person__in=people, is_digest=False, robot__isnull=True)
    waiting = prompt.filter(state=State.WAITING.value, attempts=0)
    if is_urgent:
        waiting = waiting.filter(is_urgent=True)
    held = set(waiting.values_list("person", flat=True))
    if not is_urgent:
        held |= set(prompt.filter(created_at__gt=now - GAP).values_list("person", flat=True))
    whom = Person.objects.filter(pk__in=set(people) - held).annotate(path=_path_of_person(today))
    rows = [
        Delivery(
            person=person, channel=Channel.MAIL.value, address=person.email, unit_path=person.path, day=today,
            key=f"now:{person.pk}:{int(is_urgent)}:{now.timestamp()}", is_urgent=is_urgent, upto=now,
            created_at=now, next_at=now,
        )
        for person in whom
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows, batch_size=BATCH)
    mine = waiting.filter(person=OuterRef("person")).order_by("-pk").values("pk")[:1]
    found.filter(person__in=list(waiting.values_list("person", flat=True))).update(delivery=Subquery(mine))
    return len(rows)


def _prompt_robots(now: datetime) -> int:
    """Urgent messages to the people of a unit, told once in its chat; several at a time in one message."""
    today = timezone.localtime(now).date()
    urgent = Notice.objects.filter(urgent=True, at__gt=now - ROBOT_PROMPT_FOR, at__lte=now)
    if not urgent.exists():
        return 0
    robots = list(list_working_robots().filter(tells_urgent=True).select_related("unit"))
    posts = list_chat_posts(today).filter(unit__in=[robot.unit_id for robot in robots if robot.unit_id])
    unit_of = dict(posts.filter(person__in=urgent.values("person")).values_list("person", "unit"))
    said = _said_to_units(urgent.exclude(kind__in=PRIVATE_KINDS), unit_of=unit_of)
    return sum(_prompt_robot(robot, list(said[robot.unit_id])[:MOST_LINES], now=now) for robot in robots)


def _said_to_units(told: QuerySet[Notice], *, unit_of: Mapping[int, int]) -> dict[int | None, dict[Words, None]]:
    """What was said to the people of each unit, and of all under None; in the site's language where it was."""
    said: dict[int | None, dict[Words, None]] = defaultdict(dict)
    ours: set[tuple[int | None, str, str, datetime]] = set()
    rows = told.annotate(other=reads_otherwise()).order_by("other", "pk")
    lines = rows.values_list("person", "other", "at", "kind", "text", "url")
    for person, other, at, kind, text, url in lines.iterator():
        for unit in {None, unit_of.get(person)}:
            if not other:
                ours.add((unit, kind, url, at))
            elif (unit, kind, url, at) in ours:
                continue
            said[unit][kind, text, url] = None
    return said


def _prompt_robot(robot: Robot, lines: Sequence[Words], *, now: datetime) -> int:
    items = [{"kind": kind, "text": text, "url": url} for kind, text, url in lines]
    keyed = {f"urgent:r{robot.pk}:{_digest_of(item)}": item for item in items}
    known = set(Delivery.objects.filter(key__in=list(keyed)).values_list("key", flat=True))
    fresh = [key for key in keyed if key not in known]
    rows = [_for_robot(robot, key=key, now=now, is_urgent=True) for key in fresh]
    if not rows:
        return 0
    rows[0].payload = {"items": [keyed[key] for key in fresh]}
    for row in rows[1:]:
        row.state = State.NEEDLESS.value
    Delivery.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return 1


def _digest_of(item: dict[str, str]) -> str:
    return hashlib.sha256("\n".join([item["kind"], item["url"], item["text"]]).encode()).hexdigest()[:32]


def drop_old_deliveries(now: datetime) -> int:
    """Forget deliveries of more than a year ago; how many."""
    old = Delivery.objects.filter(created_at__lt=now - KEPT).order_by().values_list("pk", flat=True)[:5000]
    return Delivery.objects.filter(pk__in=list(old)).delete()[0]


__all__ = ["drop_old_deliveries", "list_working_robots", "make_digests", "make_prompt"]

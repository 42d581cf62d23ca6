"""One ranked list over all superiors and all posts of a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.core.policy import Policy
from luoshi.directives.models import Directive
from luoshi.insight.queries.chasing import list_chasing
from luoshi.insight.queries.deciding import Asked, list_deciding
from luoshi.insight.queries.doing import list_doing
from luoshi.insight.queries.inspecting import list_inspecting
from luoshi.insight.queries.obstacles import list_obstacles
from luoshi.insight.queries.posts import Posts, get_posts
from luoshi.insight.queries.requests import list_requested
from luoshi.insight.rules import SOON_DAYS, Asker, Item, Need, Ranked, rank
from luoshi.orgs.rules import Access, Role
from luoshi.progress.models import Feedback
from luoshi.progress.queries.sheets import list_due_readings
from luoshi.supervision.models import Coordination
from luoshi.tasks.models import LEADING_ROLES, Duty
from luoshi.tasks.queries.following import has_changes
from luoshi.tasks.rules.states import ACTIVE

ASKS = 200
NAMED = 4  # indicators named in one row
OTHERS_WORK = frozenset(
    {
        Need.PRESS,
        Need.VERIFY,
        Need.DECIDE_ADAPTATION,
        Need.DECIDE_EXTENSION,
        Need.CLOSE,
        Need.SPONSOR_ACT,
        Need.DECIDE_PAUSE,
        Need.DECIDE_CHANGE,
    }
)
DIRECTIVES = 50


def get_needle(access: Access, *, today: date, policy: Policy) -> list[Ranked]:
    """Everything that waits for this person, in the order of insight.rules; a fixed number of queries."""
    posts = get_posts(access)
    if access.admin or not access.seats:
        return []
    asks = _list_asks(posts)
    by_parent: dict[int, list[str]] = defaultdict(list)
    for asked in asks.values():
        if asked.parent_id is not None:
            by_parent[asked.parent_id].append(asked.level)
    items = [
        *list_doing(access, posts, asked=by_parent, today=today, policy=policy),
        *list_deciding(access, posts, asks=asks, today=today, policy=policy),
        *list_chasing(access, today=today, policy=policy),
        *list_requested(access, posts, today=today, policy=policy),
        *list_obstacles(access, today=today, policy=policy),
        *list_inspecting(access, today=today, policy=policy),
        *_list_readings(posts, today=today),
        *_list_reviews(posts, policy=policy),
        *_list_unit_changes(access, today=today),
    ]
    return rank(items, today)


def list_doers(ranked: Sequence[Ranked]) -> dict[int, str]:
    """By task, the lead (else joint) units of rows whose work others do and the person checks, decides or presses."""
    ids = [row.item.task_id for row in ranked if row.item.need in OTHERS_WORK and row.item.task_id]
    duties = Duty.objects.filter(task__in=ids, role__in=LEADING_ROLES, unit__isnull=False).order_by("task", "pk")
    names: dict[int, list[str]] = defaultdict(list)
    for task, short, name in duties.values_list("task_id", "unit__short_name", "unit__name"):
        names[task].append(short or name)
    return {task: "、".join(found) for task, found in names.items()}


def _list_asks(posts: Posts) -> dict[int, Asked]:
    """Tasks whose latest report asks something of one of the person's units."""
    units = posts.doing | posts.working
    if not units:
        return {}
    later = Feedback.objects.filter(task=OuterRef("task"), pk__gt=OuterRef("pk"))
    found = (
        Feedback.objects.filter(
            ~Exists(later), ~Exists(_list_questions()), asked_unit__in=units, task__state__in=[s.value for s in ACTIVE]
        )
        .order_by("-at")
        .values_list("task_id", "unit__level", "at", "task__parent_id")[:ASKS]
    )
    return {task: Asked(level, at, parent) for task, level, at, parent in found}


def _list_questions() -> QuerySet[Coordination]:
    """The report in the outer query became a question with a clock, which stands first by itself."""
    same = {"task": OuterRef("task"), "unit": OuterRef("unit"), "asked_unit": OuterRef("asked_unit")}
    return Coordination.objects.filter(**same, at__gte=OuterRef("at")).order_by()


def _list_readings(posts: Posts, *, today: date) -> list[Item]:
    """One row for each unit that owes readings of indicators: its sheet."""
    found = []
    for due in list_due_readings(posts.doing, today=today, soon=timedelta(days=SOON_DAYS)):
        count, names = len(due.names), "、".join(due.names[:NAMED])
        words = ngettext("Not reported yet: %(names)s", "Not reported yet, %(n)s indicators: %(names)s", count)
        found.append(
            Item(
                need=Need.READ, key=f"readings-{due.unit_id}", subject_id=due.unit_id, day=due.day, tier=due.tier,
                asker=Asker.SUPERIOR, asker_name=_("the level above"), title=words % {"names": names, "n": count},
            )
        )  # fmt: skip
    return found


def _list_unit_changes(access: Access, *, today: date) -> list[Item]:
    """One row while dispatched work stands with units that ended, or new units lack their part."""
    keeps = any(
        seat.role == Role.OFFICE or (seat.role == Role.HEAD and seat.path == seat.home) for seat in access.seats
    )
    if not keeps or not has_changes(access, today=today):
        return []
    return [Item(need=Need.FOLLOW_UNITS, key="unit-changes", title=_("Units changed after work was dispatched"))]


def _list_reviews(posts: Posts, *, policy: Policy) -> list[Item]:
    """Directives that were registered and whose duties nobody has confirmed yet."""
    if not posts.working:
        return []
    waiting = Directive.objects.filter(state="review", unit__in=posts.working).order_by("received_date", "pk")
    return [
        Item(
            need=Need.REVIEW, key=f"directive-{pk}", title=title, code=number, subject_id=pk,
            day=received + timedelta(days=policy.acknowledge_days),
        )
        for pk, title, number, received in waiting.values_list("pk", "title", "number", "received_date")[:DIRECTIVES]
    ]  # fmt: skip

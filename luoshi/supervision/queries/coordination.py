"""Reading requests for a decision: the gate, whom they wait for, and how those asked keep the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import NotAllowed
from luoshi.core.queries import get_calendar
from luoshi.orgs.models import Person, Post, Unit
from luoshi.orgs.queries import list_posts_of
from luoshi.orgs.rules import Access, Role
from luoshi.progress.models import Feedback
from luoshi.supervision.models import Coordination, Pause
from luoshi.supervision.rules.coordination import (
    ANSWERERS,
    Party,
    Question,
    Timeliness,
    may_answer,
    may_take_back,
    standing_of,
)
from luoshi.tasks.models import PHASE_OPEN, Task
from luoshi.tasks.queries import get_task_facts, list_sponsors_for
from luoshi.tasks.queries.clocks import get_clocks
from luoshi.tasks.queries.visible import within
from luoshi.tasks.rules.access import may
from luoshi.tasks.rules.clocks import make_offer
from luoshi.tasks.rules.matters import Matter

if TYPE_CHECKING:
    from django.utils.functional import Promise

WORKDAYS = 5  # where no clock of leaders' remarks says otherwise
FEW = 5  # settled requests, from which on a share is said
LONGEST = 20  # links of a chain that are followed
TABS: dict[str, Promise | str] = {
    "mine": _("asked of us"),
    "ours": _("asked by us"),
    "open": _("all that wait"),
    "settled": _("settled"),
}


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One request as a list shows it: whom it waits for, how long already, and how it stands in time."""

    asked: Coordination
    days: int
    timeliness: Timeliness
    may_answer: bool
    sees_task: bool

    @property
    def is_late(self) -> bool:
        return self.timeliness in (Timeliness.LATE, Timeliness.ANSWERED_LATE)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How one unit or leader keeps the time of what it was asked; passing on in time counts as in time."""

    name: str
    waiting: int
    late: int
    settled: int
    in_time: int
    days: float | None

    @property
    def share(self) -> int | None:
        """Settled in time, of a hundred; None of too few to say so (domain handbook §0.4)."""
        return round(100 * self.in_time / self.settled) if self.settled >= FEW else None


def get_needed_date(task: Task, *, today: date) -> date:
    """Until when an answer is needed: the clock of leaders' remarks where the task's owner stands, by its urgency."""
    calendar = get_calendar(today, date(today.year + 1, 12, 31))
    path = task.owner.path or ""
    clock = get_clocks([path]).of(path, Matter.REMARK.value)
    offer = make_offer(clock, tier=task.tier, urgency=task.urgency, since=today, calendar=calendar)
    return offer.due_date or calendar.add_workdays(today, WORKDAYS)


def list_chain(asked: Coordination) -> list[Coordination]:
    """Everybody who had the question, from the first to this one."""
    chain = [asked]
    while chain[0].passed_from_id and len(chain) < LONGEST:
        chain.insert(0, _whole().get(pk=chain[0].passed_from_id))
    return chain


def _whole() -> QuerySet[Coordination]:
    return Coordination.objects.select_related(
        "unit", "by", "asked_unit", "asked_person", "answered_by", "task__owner", "task__standing"
    )


def get_coordination_for(access: Access, *, id: int, to: str = "see") -> Coordination:
    """A request, for who sees its task, who is asked (or had it before), and the unit that asks.

    `to`: "answer" or "take_back". Raises Http404 when unseen, NotAllowed when only seen.
    """
    asked = _whole().filter(pk=id).first()
    if asked is None or not _sees(access, asked):
        raise Http404
    question = replace(get_question(asked), state="open")  # that it is settled already is the action's to say
    allowed = {"see": True, "answer": may_answer(access, question), "take_back": may_take_back(access, question)}
    if not allowed[to]:
        raise NotAllowed
    return asked


def get_question(asked: Coordination) -> Question:
    """What the rules need to know of a request."""
    seats: tuple[int, ...] = ()
    if asked.asked_person_id:
        posts = Post.objects.filter(person=asked.asked_person_id, to_date__isnull=True)
        seats = tuple(posts.order_by().values_list("unit_id", flat=True).distinct())
    party = Party(asked.asked_unit_id, asked.asked_person_id)
    return Question(asked.unit_id, asked.by_id, party, asked.state, seats)


def _sees(access: Access, asked: Coordination) -> bool:
    if access.admin or _list_near(access).filter(pk=asked.pk).exists():
        return True
    return may(access, get_task_facts(asked.task), "see")


def sees_task(access: Access, task: Task) -> bool:
    """May the reader go on to the task itself? Who is only asked reads on the request what they need."""
    return may(access, get_task_facts(task), "see")


def _is_asked(access: Access) -> Q:
    """Asked of the person, of a unit they work for, or of a leader of the government whose office they are."""
    works = [s.unit_id for s in access.seats if s.role in ANSWERERS]
    offices = [s.unit_id for s in access.seats if s.role == Role.OFFICE]
    leads = Post.objects.filter(unit__in=offices, to_date__isnull=True, person=OuterRef("asked_person"))
    found = Q(asked_person=access.person_id) | Q(asked_unit__in=works)
    return found | Q(Exists(leads)) if offices else found


def _list_near(access: Access) -> QuerySet[Coordination]:
    """Requests to or from units that the person oversees, to the person, or about tasks that they oversee."""
    near = _is_asked(access) | within(access.paths, "unit__path") | within(access.paths, "asked_unit__path")
    return Coordination.objects.filter(near | within(access.paths, "task__owner__path"))


def list_requests(access: Access, *, tab: str) -> QuerySet[Coordination]:
    """The requests of a tab, the first needed first; settled ones the latest first."""
    rows = _whole().all() if access.admin else _whole().filter(pk__in=_list_near(access).values("pk"))
    works = [s.unit_id for s in access.seats if s.role in ANSWERERS]
    waiting = Q(state="open", task__phase=PHASE_OPEN)
    if tab == "settled":
        return rows.exclude(state="open").order_by("-answered_at", "-pk")
    if tab == "ours":
        return rows.filter(waiting, unit__in=works).order_by("needed_date", "pk")
    if tab == "mine":
        return rows.filter(_is_asked(access), waiting).order_by("needed_date", "pk")
    return rows.filter(waiting).order_by("needed_date", "pk")


def list_asked_rows(access: Access, rows: Iterable[Coordination], *, today: date) -> list[AskedRow]:
    """The rows of a page with what the reader may do; two queries more."""
    found = list(rows)
    seen = set(Task.objects.visible_to(access).filter(pk__in={r.task_id for r in found}).values_list("pk", flat=True))
    mine = set(
        Coordination.objects.filter(_is_asked(access), pk__in=[r.pk for r in found]).values_list("pk", flat=True)
    )
    return [
        AskedRow(
            row, (_ended(row) or today).toordinal() - _local(row.at).toordinal(), timeliness_of(row, today=today),
            row.state == "open" and row.pk in mine and not access.admin and row.by_id != access.person_id,
            row.task_id in seen,
        )
        for row in found
    ]  # fmt: skip


def timeliness_of(asked: Coordination, *, today: date) -> Timeliness:
    """How a request stands in time."""
    return standing_of(state=asked.state, needed=asked.needed_date, ended=_ended(asked), today=today)


def _ended(asked: Coordination) -> date | None:
    return _local(asked.answered_at) if asked.answered_at else None


def _local(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def list_keeping(access: Access, *, today: date) -> list[Keeping]:
    """How those asked keep the time, in the order of the units: what counts against the asked, not a ranking."""
    rows = Coordination.objects.all() if access.admin else _list_near(access)
    rows = (
        Coordination.objects.filter(pk__in=rows.values("pk"))
        .exclude(state="withdrawn")
        .annotate(ended=TruncDate("answered_at"), took=ExpressionWrapper(F("answered_at") - F("at"), DurationField()))
    )
    waits = Q(state="open", task__phase=PHASE_OPEN)
    settled = Q(state__in=["answered", "passed_on"])
    counted = (
        rows.order_by()
        .values("asked_unit", "asked_person")
        .annotate(
            waiting=Count("pk", filter=waits),
            late=Count("pk", filter=waits & Q(needed_date__lt=today)),
            settled=Count("pk", filter=settled),
            in_time=Count("pk", filter=settled & Q(ended__lte=F("needed_date"))),
            days=Avg("took", filter=settled),
        )
    )
    units = Unit.objects.in_bulk([row["asked_unit"] for row in counted if row["asked_unit"]])
    people = Person.objects.in_bulk([row["asked_person"] for row in counted if row["asked_person"]])
    rows_of = [(_place(row, units), _keeping(row, units, people)) for row in counted]
    return [keeping for _key, keeping in sorted(rows_of, key=lambda pair: pair[0])]


def _place(row: Any, units: dict[int, Unit]) -> tuple[int, str, int]:
    unit = units.get(row["asked_unit"] or 0)
    return (1, unit.path or "", unit.pk) if unit else (0, "", row["asked_person"] or 0)


def _keeping(row: Any, units: dict[int, Unit], people: dict[int, Person]) -> Keeping:
    who = people.get(row["asked_person"] or 0) or units[row["asked_unit"]]
    took = row["days"]
    return Keeping(
        str(who), row["waiting"], row["late"], row["settled"], row["in_time"],
        round(took.total_seconds() / 86400, 1) if took is not None else None,
    )  # fmt: skip


def list_leaders(access: Access, *, today: date, own: bool = False) -> list[tuple[Person, str]]:
    """The heads and leaders in charge of the reader's governments or companies and their posts; `own`: also oneself."""
    people = list(list_sponsors_for(access, today=today))
    titles = {pk: "、".join(post.title for post in posts if post.title) for pk, posts in
              list_posts_of(people, today=today).items()}  # fmt: skip
    return [(person, titles.get(person.pk, "")) for person in people if own or person.pk != access.person_id]


def get_last_ask(task: Task, *, unit_id: int, id: str = "") -> Feedback | None:
    """What a report of the unit asks: that of the number given, or the latest that asks anything."""
    reports = Feedback.objects.filter(task=task, unit=unit_id).exclude(ask="").select_related("asked_unit")
    if id.isascii() and id.isdecimal() and len(id) < 12:
        reports = reports.filter(pk=int(id))
    return reports.order_by("-at", "-pk").first()


def get_open_pause(task: Task) -> Pause | None:
    """The pause that is asked for or running."""
    found = Pause.objects.filter(task=task, state__in=["requested", "running"])
    return found.select_related("unit", "requested_by", "decided_by", "task__owner", "coordination").first()

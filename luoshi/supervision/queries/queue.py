"""The queues of those who check and decide; each filter is the twin of a gate in tasks.rules.access."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.pagination import Page, paginate
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role
from luoshi.progress.queries import ShownLight, list_lights
from luoshi.progress.rules.lights import Thresholds
from luoshi.progress.rules.periods import period_start, report_date
from luoshi.supervision.models import Extension, Submission, Verification
from luoshi.supervision.queries.extending import answerable
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries.clocks import unacknowledged, unreported
from luoshi.tasks.queries.visible import keys_of_any, sees_few
from luoshi.tasks.rules.access import CHECKERS, DECIDERS, DOERS, DRAFTERS
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, DOING, Cadence, DutyRole, State

if TYPE_CHECKING:
    from django.utils.functional import Promise

TABS: dict[str, Promise | str] = {
    "verify": _("to verify"),
    "close": _("to close"),
    "extensions": _("requests for more time"),
    "no_lead": _("without a lead"),
    "overdue": _("overdue"),
    "receipt": _("receipt not acknowledged in time"),
    "first": _("no first report in time"),
    "silent": _("no report this period"),
}
LAST_DAY = 31
_DOING = [r.value for r in DOING]
_OPEN = [s.value for s in ACTIVE]
_WAITING = [State.SUBMITTED.value, State.UNDER_VERIFICATION.value]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a queue: the task, its light, who does it, and what the line waits for."""

    task: Task
    light: ShownLight
    doers: str
    submission: Submission | None = None
    extension: Extension | None = None


def count_queue(access: Access, *, today: date) -> dict[str, int]:
    """How many lines each queue has; one query a queue."""
    return {tab: _QUEUES[tab](access, today).count() for tab in TABS}


def list_queue(
    access: Access, *, tab: str, today: date, policy: Thresholds, number: object = 1, total: int | None = None
) -> Page[Row]:
    """One page of a queue, the most urgent first."""
    tasks = _QUEUES[tab](access, today).select_related("owner").order_by(F("due_date").asc(nulls_last=True), "pk")
    page = paginate(tasks, number=number, total=total)
    ids = [task.pk for task in page.rows]
    lights = list_lights(page.rows, today=today, policy=policy)
    doers = _list_doers(ids)
    submissions = _list_waiting(ids) if tab == "verify" else {}
    extensions = _list_requests(ids) if tab == "extensions" else {}
    rows = [Row(t, lights[t.pk], doers.get(t.pk, ""), submissions.get(t.pk), extensions.get(t.pk)) for t in page.rows]
    return Page(rows=rows, number=page.number, size=page.size, total=page.total)


def list_verifications(access: Access) -> QuerySet[Verification]:
    """What was verified of the tasks that the reader sees, newest first."""
    seen = Task.objects.visible_to(access).filter(pk=OuterRef("submission__task"))
    rows = Verification.objects.filter(Exists(seen)).select_related("submission__task", "verifier", "verifier_unit")
    return rows.select_related("doer_unit").order_by("-at", "-id")


def _to_verify(access: Access, _today: date) -> QuerySet[Task]:
    """Submitted tasks that this person may verify and did not submit; twin of may(…, "verify")."""
    waits = Q(state__in=_WAITING)
    if access.admin:
        return Task.objects.filter(waits)
    own = Submission.objects.filter(task=OuterRef("pk"), verification__isnull=True, by=access.person_id)
    checked = _sits(access, CHECKERS)
    does = Duty.objects.filter(task=OuterRef("pk"), unit__in=checked, role__in=_DOING)
    named = Duty.objects.filter(unit__in=checked, role=DutyRole.VERIFIER.value).exclude(unit__in=_doing_units())
    as_owner = Q(~Exists(does.filter(unit=OuterRef("owner"))), owner__in=checked)
    arms = _overseen(access, [Role.OFFICE]), as_owner, Q(pk__in=named.order_by().values("task"))
    return Task.objects.filter(pk__in=keys_of_any(waits & arm for arm in arms)).exclude(Exists(own))


def _doing_units() -> QuerySet[Duty, Any]:
    """The units that do the task of the duty in the outer query."""
    return Duty.objects.filter(task=OuterRef("task"), role__in=_DOING, unit__isnull=False).values("unit")


def _decided_by(access: Access) -> Q:
    """Twin of may(…, "close"), "reopen" and "decide_extension"."""
    sits = _sits(access, DOERS)
    does = Duty.objects.filter(task=OuterRef("pk"), unit=OuterRef("owner"), role__in=_DOING)
    return _overseen(access, DECIDERS) | Q(~Exists(does), owner__in=sits)


def _overseen(access: Access, roles: Iterable[str]) -> Q:
    paths = [s.path for s in access.seats if s.role in frozenset(roles)]
    return Q(owner__in=Unit.objects.within(*paths).values("pk"))


def _sits(access: Access, roles: Iterable[str]) -> list[int]:
    return [s.unit_id for s in access.seats if s.role in frozenset(roles)]


def _scope(access: Access) -> QuerySet[Task]:
    """The tasks that this person decides on; an administrator reads all."""
    return Task.objects.all() if access.admin else Task.objects.filter(_decided_by(access))


def _to_close(access: Access, _today: date) -> QuerySet[Task]:
    return _scope(access).filter(state=State.COMPLETED.value)


def _to_extend(access: Access, _today: date) -> QuerySet[Task]:
    """Requests that wait for this person's answer; twin of queries.extending.get_extension_for."""
    waiting = Extension.objects.filter(state="requested").order_by()
    tasks = Task.objects.filter(pk__in=waiting.values("task"), state__in=_OPEN)
    if access.admin:
        return tasks
    asked = waiting.filter(task=OuterRef("pk"))
    first = Exists(asked.filter(decider_unit__isnull=True)) & _decided_by(access)
    return tasks.filter(first | Exists(asked.filter(answerable(access), decider_unit__isnull=False)))


def _without_lead(access: Access, _today: date) -> QuerySet[Task]:
    """Several units share the work and none leads; twin of may(…, "name_lead") with TaskFacts.lacks_lead."""
    doing = Q(duties__role__in=_DOING, duties__unit__isnull=False)
    leads = Q(duties__role=DutyRole.LEAD.value, duties__unit__isnull=False)
    tasks = Task.objects.filter(state__in=[s.value for s in BEFORE_DISPATCH] + _OPEN)
    if not access.admin:
        handled = _sits(access, [Role.HANDLER])
        tasks = tasks.filter(_overseen(access, DRAFTERS) | Q(owner__in=handled))
    shared = (
        tasks.order_by()
        .values("pk")
        .annotate(doers=Count("duties", filter=doing), leads=Count("duties", filter=leads))
        .filter(doers__gt=1, leads=0)
    )
    return Task.objects.filter(pk__in=shared.values("pk"))


def _overdue(access: Access, today: date) -> QuerySet[Task]:
    """Past the due date and not with a verifier since before it; twin of the light's OVERDUE."""
    stopped = Q(standing__submitted_date__isnull=False, standing__submitted_date__lte=F("due_date"))
    return _scope(access).filter(state__in=_OPEN, due_date__lt=today).exclude(stopped)


def _unacknowledged(access: Access, today: date) -> QuerySet[Task]:
    """Dispatched work whose clock of receipt ran out."""
    return _scope(access).filter(unacknowledged(today=today, few=sees_few(access, whole=True)))


def _unreported(access: Access, today: date) -> QuerySet[Task]:
    """Work of which nothing was said although the day of the first report passed."""
    return _scope(access).filter(unreported(today=today))


def _silent(access: Access, today: date) -> QuerySet[Task]:
    """Work whose report day of the present period has passed without a report; twin of next_report_date(…) < today."""
    late = Q(pk__in=[])
    for cadence in Cadence:
        since = timezone.make_aware(datetime.combine(period_start(cadence, today), time.min))
        unreported = Q(standing__last_at__isnull=True) | Q(standing__last_at__lt=since)
        late |= _past_report_day(cadence, today) & unreported
    working = [s for s in _OPEN if s not in _WAITING]
    return _scope(access).filter(late, state__in=working)


def _past_report_day(cadence: Cadence, today: date) -> Q:
    """Tasks of a cadence whose report of this period was due before today, and which had begun by then."""
    passed = Q(pk__in=[])
    for day in (None, *range(1, LAST_DAY + 1)):
        due = report_date(cadence, cadence_day=day, today=today)
        if due and due < today:
            begun = Q(start_date__isnull=True) | Q(start_date__lte=due)
            passed |= Q(cadence=cadence.value, cadence_day=day) & begun
    return passed


_QUEUES: dict[str, Callable[[Access, date], QuerySet[Task]]] = {
    "verify": _to_verify,
    "close": _to_close,
    "extensions": _to_extend,
    "no_lead": _without_lead,
    "overdue": _overdue,
    "receipt": _unacknowledged,
    "first": _unreported,
    "silent": _silent,
}


def _list_doers(ids: list[int]) -> dict[int, str]:
    """Who does each task: the leading units first, the rest counted."""
    names: dict[int, list[str]] = defaultdict(list)
    duties = Duty.objects.filter(task__in=ids, role__in=[DutyRole.LEAD.value, DutyRole.JOINT.value])
    for task_id, short, name, written in duties.order_by("-role", "id").values_list(
        "task", "unit__short_name", "unit__name", "written_name"
    ):
        names[task_id].append(short or name or written)
    return {pk: "、".join(n[:2]) + (f" +{len(n) - 2}" if len(n) > 2 else "") for pk, n in names.items()}


def _list_waiting(ids: list[int]) -> dict[int, Submission]:
    rows = Submission.objects.filter(task__in=ids, verification__isnull=True).select_related("unit", "by")
    return {row.task_id: row for row in rows.order_by("at", "pk")}


def _list_requests(ids: list[int]) -> dict[int, Extension]:
    rows = Extension.objects.filter(task__in=ids, state="requested").select_related("unit")
    return {row.task_id: row for row in rows}

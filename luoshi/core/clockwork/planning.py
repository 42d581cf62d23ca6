"""From the clock to rows: what fell due becomes a run, a run of a dead worker is free again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from luoshi.core.clockwork.registry import list_routines
from luoshi.core.models import Run, RunState
from luoshi.core.queries import get_calendar
from luoshi.core.rules.routines import MOST_MISSED, Routine, list_due
from luoshi.core.rules.workdays import Calendar

ASK_AGAIN = 2  # leases after which a run that no worker took up is given out once more: its worker may have died
OPEN = (RunState.WAITING.value, RunState.RUNNING.value)


def plan_due(now: datetime, *, only: Collection[str] | None = None) -> int:
    """Write a run for each moment that fell due; any number of processes may do this at once. How many were new."""
    routines = [routine for routine in list_routines() if only is None or routine.name in only]
    last = dict(Run.objects.values_list("routine").annotate(Max("due_at")).order_by())
    busy = set(Run.objects.filter(state__in=OPEN).values_list("routine", flat=True))
    calendar = _calendar(routines, now)
    runs = [
        Run(routine=routine.name, due_at=moment)
        for routine in routines
        if routine.catch_up == "each" or routine.name not in busy
        for moment in list_due(
            routine, last=last.get(routine.name), now=now, zone=timezone.get_default_timezone(), calendar=calendar
        )
    ]
    Run.objects.bulk_create(runs, ignore_conflicts=True)
    return len(runs)


def _calendar(routines: Sequence[Routine], now: datetime) -> Calendar:
    if not any(routine.workdays_only for routine in routines):
        return Calendar()
    today = now.astimezone(timezone.get_default_timezone()).date()
    return get_calendar(today - timedelta(days=2 * MOST_MISSED), today)


def take_up_lapsed(now: datetime) -> int:
    """Free the runs whose workers died: nobody renewed them."""
    lapsed = Run.objects.filter(state=RunState.RUNNING.value, until__lte=now)
    return lapsed.update(state=RunState.WAITING.value, holder="", until=None, asked_at=None, next_at=None)


def list_ready(now: datetime, *, names: Collection[str], until: datetime | None = None) -> QuerySet[Run]:
    """Runs that may begin, oldest first: of each routine only the first that is not done."""
    earlier = Run.objects.filter(routine=OuterRef("routine"), due_at__lt=OuterRef("due_at"), state__in=OPEN)
    ready = Run.objects.filter(
        ~Exists(earlier), state=RunState.WAITING.value, due_at__lte=until or now, routine__in=names
    )
    return ready.filter(Q(next_at=None) | Q(next_at__lte=now)).order_by("due_at", "id")


def give_out(now: datetime) -> list[int]:
    """Mark what may begin as given to the workers; its keys. Call it in the transaction that asks them."""
    with transaction.atomic():
        names = [routine.name for routine in list_routines()]
        unasked = Q(asked_at=None) | Q(asked_at__lte=now - ASK_AGAIN * settings.CLOCKWORK_LEASE)
        keys = list(list_ready(now, names=names).filter(unasked).values_list("pk", flat=True))
        if keys:
            Run.objects.filter(pk__in=keys).update(asked_at=now)
        return keys

"""Reading evidence: of a report through the gate of its task, of a unit through the gate of the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from luoshi.core.errors import NotAllowed
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.progress.models import Evidence, Exhibit, ExhibitVersion
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_for
from luoshi.tasks.rules.access import DOERS

SOON = timedelta(days=30)
OFFERED = 12
TABS = ("all", "expiring", "expired", "unused")


def with_evidence() -> Prefetch[str, QuerySet[Evidence], str]:
    """The evidence of reports with its files, in one query."""
    return Prefetch("evidence", queryset=Evidence.objects.select_related("version").order_by("pk"))


def get_evidence_for(access: Access, *, id: int) -> ExhibitVersion:
    """The file of a report's evidence, when its task may be seen. Raises Http404 otherwise."""
    evidence = get_object_or_404(Evidence.objects.select_related("feedback", "version"), pk=id)
    get_task_for(access, id=evidence.feedback.task_id, to="see")
    return evidence.version


def get_exhibit_for(access: Access, *, id: int, to: str = "see") -> Exhibit:
    """A piece of evidence: seen by who oversees its unit or sees a task that it serves, changed by its unit.

    Raises Http404 when it may not be seen, NotAllowed when it may only be seen.
    """
    exhibit = get_object_or_404(Exhibit.objects.select_related("unit", "kept_by"), pk=id)
    own = access.admin or access.oversees(exhibit.unit.path or "")
    if not own and not _list_tasks(exhibit).filter(pk__in=Task.objects.visible_to(access).values("pk")).exists():
        raise Http404
    if to == "change" and not may_change(access, exhibit):
        raise NotAllowed
    return exhibit


def get_version_for(access: Access, *, id: int) -> ExhibitVersion:
    """One file of a piece of evidence, through the gate of the evidence."""
    version = get_object_or_404(ExhibitVersion, pk=id)
    version.exhibit = get_exhibit_for(access, id=version.exhibit_id)
    return version


def may_change(access: Access, exhibit: Exhibit) -> bool:
    """Does the person work in the unit that keeps it?"""
    return not access.admin and access.sits_in(exhibit.unit_id, roles=DOERS)


def _list_tasks(exhibit: Exhibit) -> QuerySet[Task]:
    return Task.objects.filter(feedback__evidence__version__exhibit=exhibit).distinct()


def list_exhibits(access: Access, *, tab: str, text: str, today: date) -> QuerySet[Exhibit]:
    """The evidence of the units at or below the person's posts, newest first, with how often it serves."""
    rows = Exhibit.objects.select_related("unit")
    if not access.admin:
        rows = rows.filter(unit__in=Unit.objects.within(*access.paths).values("pk"))
    if text:
        rows = rows.filter(title__icontains=text)
    used = Evidence.objects.filter(version__exhibit=OuterRef("pk"))
    if tab == "expiring":
        rows = rows.filter(expires_date__range=(today, today + SOON))
    elif tab == "expired":
        rows = rows.filter(expires_date__lt=today)
    elif tab == "unused":
        rows = rows.filter(~Exists(used))
    counted = rows.annotate(
        serves=Count("versions__uses__feedback__task", distinct=True), editions=Count("versions", distinct=True)
    )
    order = [F("expires_date").asc(nulls_last=True)] if tab in ("expiring", "expired") else []
    return counted.order_by(*order, "-kept_at", "-pk")


def list_offered(unit: Unit, *, today: date) -> QuerySet[ExhibitVersion]:
    """What a unit may use again in a report: the newest files that still hold, the latest kept first."""
    newer = ExhibitVersion.objects.filter(exhibit=OuterRef("exhibit"), number__gt=OuterRef("number"))
    holds = Q(exhibit__expires_date__isnull=True) | Q(exhibit__expires_date__gte=today)
    rows = ExhibitVersion.objects.filter(holds, ~Exists(newer), exhibit__unit=unit)
    return rows.select_related("exhibit").order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Use:
    """A report that a version serves: of which task, for which period; linked only for who sees the task."""

    version: int
    task_id: int
    code: str
    title: str
    period: str


def list_uses(access: Access, exhibit: Exhibit, *, limit: int = 200) -> list[Use]:
    """The reports that a piece of evidence serves on tasks the person sees, newest first."""
    seen = Task.objects.visible_to(access).filter(pk=OuterRef("feedback__task"))
    rows = Evidence.objects.filter(Exists(seen), version__exhibit=exhibit).order_by("-feedback__at", "-pk")
    columns = ("version__number", "feedback__task_id", "feedback__task__code", "feedback__task__title")
    return [Use(*row) for row in rows.values_list(*columns, "feedback__period")[:limit]]

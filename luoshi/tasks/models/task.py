"""Tasks, the duties of units in them, and their milestones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Exists, F, GeneratedField, OuterRef, Q, SmallIntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from luoshi.directives.models import Clause, Proposal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import (
    ACTIVE,
    BEFORE_DISPATCH,
    ENDED,
    LEADING,
    Cadence,
    DutyRole,
    Kind,
    State,
    Tier,
    Urgency,
)

if TYPE_CHECKING:
    from luoshi.orgs.rules import Access

STATE_LABELS = {
    State.DRAFT.value: _("draft"),
    State.REGISTERED.value: _("registered"),
    State.PROPOSED.value: _("handling proposed"),
    State.APPROVED.value: _("approved"),
    State.DISPATCHED.value: _("dispatched"),
    State.ACKNOWLEDGED.value: _("acknowledged"),
    State.PLANNED.value: _("planned"),
    State.IN_PROGRESS.value: _("in progress"),
    State.SUBMITTED.value: _("submitted"),
    State.RETURNED.value: _("returned"),
    State.UNDER_VERIFICATION.value: _("under verification"),
    State.COMPLETED.value: _("completed"),
    State.CLOSED.value: _("closed"),
    State.ARCHIVED.value: _("archived"),
    State.REOPENED.value: _("reopened"),
    State.SUSPENDED.value: _("suspended"),
    State.MERGED.value: _("merged"),
    State.TRANSFERRED.value: _("transferred"),
    State.WITHDRAWN.value: _("withdrawn"),
}
KIND_LABELS = {
    Kind.PRINCIPLE.value: _("principle"),
    Kind.INITIATIVE.value: _("initiative"),
    Kind.MEASURE.value: _("measure"),
    Kind.HARD_TARGET.value: _("hard target"),
    Kind.PROJECT.value: _("project"),
    Kind.ACTION.value: _("action"),
}
MATTER_LABELS = {
    Matter.DOCUMENT.value: _("document"),
    Matter.MEETING.value: _("meeting decision"),
    Matter.REMARK.value: _("leader's remark"),
    Matter.HOTLINE.value: _("hotline"),
    Matter.FINDING.value: _("inspection finding"),
    Matter.PROJECT.value: _("project matter"),
    Matter.PROPOSAL.value: _("deputies' proposal"),
}
TIER_LABELS = {Tier.CRITICAL.value: _("critical"), Tier.KEY.value: _("key"), Tier.ROUTINE.value: _("routine")}
URGENCY_LABELS = {
    Urgency.IMMEDIATE.value: _("immediate"),
    Urgency.URGENT.value: _("urgent"),
    Urgency.NORMAL.value: _("normal"),
}
DUTY_LABELS = {
    DutyRole.LEAD.value: _("lead unit"),
    DutyRole.CO.value: _("co-unit"),
    DutyRole.JOINT.value: _("jointly responsible"),
    DutyRole.GUIDE.value: _("guiding unit"),
    DutyRole.VERIFIER.value: _("verifying unit"),
}
CADENCE_LABELS = {
    Cadence.NONE.value: _("at milestones"),
    Cadence.WEEKLY.value: _("weekly"),
    Cadence.MONTHLY.value: _("monthly"),
    Cadence.QUARTERLY.value: _("quarterly"),
    Cadence.SEMIANNUAL.value: _("half-yearly"),
    Cadence.ANNUAL.value: _("yearly"),
}
STEP_LABELS = {
    "draft": _("edit the task"),
    "dispatch": _("dispatch"),
    "name_lead": _("name the lead unit"),
    "acknowledge": _("acknowledge"),
    "plan": _("set milestones"),
    "cascade": _("give down"),
    "report": _("report progress"),
    "extend": _("ask for an extension"),
    "decide_extension": _("decide the extension"),
    "adapt": _("propose an adaptation"),
    "decide_adaptation": _("answer an adaptation"),
    "name_handler": _("name the handler"),
    "tie": _("answer it by own work"),
    "submit": _("submit for verification"),
    "verify": _("verify"),
    "close": _("close"),
    "reopen": _("reopen"),
    "place": _("move under another task"),
    "recall": _("recall the dispatch"),
    "recall_parts": _("recall what was given down"),
    "withdraw": _("withdraw"),
    "ask_coordination": _("ask for a decision"),
    "ask_pause": _("ask for a suspension"),
    "decide_pause": _("decide on standing still"),
    "suspend": _("suspend"),
    "resume": _("resume"),
    "change_hands": _("transfer, split or merge"),
    "decide_change": _("decide on the change of hands"),
}
FAULT_SENTENCES = {
    "nobody_chosen": _("Choose at least one unit."),
    "unit_twice": _("Listed twice: %(units)s."),
    "already_given": _("Already hold a part of this task: %(units)s. Leave them out."),
    "no_requirement": _("Without a requirement: %(units)s."),
    "no_standard": _("Without a standard: %(units)s."),
    "no_date": _("Without a due date: %(units)s."),
    "date_after_parent": _("Due after the task itself: %(units)s."),
    "negative_weight": _("The weight must not be negative: %(units)s."),
    "no_target": _("Without a target of their own: %(units)s."),
    "sum_above_ceiling": _("Together the parts go %(figure)s above the ceiling."),
    "sum_below": _("Together the parts stay %(figure)s below the target."),
    "sum_above": _("Together the parts go %(figure)s above the target."),
}
LEADING_ROLES = tuple(role.value for role in LEADING)
PHASE_OPEN, PHASE_ENDED = 1, 2
MARKED = 10_000  # tasks in one statement
TASK_STEP = 10  # digits an ancestor takes in a task's path


class TaskQuerySet(models.QuerySet["Task"]):
    """Chainable reading of tasks; each filter has a rule of the same meaning and a twin test."""

    def visible_to(self, access: Access) -> Self:
        """Twin of rules.access.may_see."""
        if access.admin:
            return self.all()
        units = Unit.objects.within(*access.paths).values("pk")
        duty = Duty.objects.filter(task=OuterRef("pk"), unit__in=units)
        leads_parent = Duty.objects.filter(task=OuterRef("parent"), unit__in=units, role__in=LEADING_ROLES)
        return self.filter(Q(owner__in=units) | Exists(duty) | Exists(leads_parent) | Q(sponsor=access.person_id))

    def under(self, path: str) -> Self:
        """The task at the path and all below it."""
        return self.filter(path__range=(path, path + "9" * (TASK_STEP + 2)))

    def active(self) -> Self:
        return self.filter(state__in=[s.value for s in ACTIVE])


class Task(models.Model):
    """A unit of assigned work, asked by `owner`. Its lead, co and joint units are its duties."""

    code = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("task"), max_length=300)
    requirement = models.TextField(_("requirement"), blank=True)
    standard = models.TextField(_("standard"), blank=True)
    kind = models.CharField(_("rung of the ladder"), max_length=12, choices=list(KIND_LABELS.items()))
    matter = models.CharField(
        _("kind of matter"), max_length=10, choices=list(MATTER_LABELS.items()), default=Matter.DOCUMENT.value
    )
    tier = models.PositiveSmallIntegerField(_("tier"), choices=list(TIER_LABELS.items()), default=Tier.ROUTINE.value)
    urgency = models.PositiveSmallIntegerField(
        _("urgency"), choices=list(URGENCY_LABELS.items()), default=Urgency.NORMAL.value
    )
    state = models.CharField(_("state"), max_length=20, choices=list(STATE_LABELS.items()), default=State.DRAFT.value)
    phase = GeneratedField(  # open or ended as one number, so that an index serves "open work by due date" in order
        expression=Case(When(state__in=[s.value for s in ENDED], then=Value(PHASE_ENDED)), default=Value(PHASE_OPEN)),
        output_field=SmallIntegerField(),
        db_persist=True,
    )
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="owned_tasks", verbose_name=_("asked by"))
    parent = models.ForeignKey(  # its index is task_by_parent
        "self", models.PROTECT, null=True, blank=True, related_name="children", db_index=False
    )
    path = models.CharField(max_length=120, db_index=True, null=True, editable=False)  # ends in its own key
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="tasks")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="tasks")
    sponsor = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="sponsored_tasks", verbose_name=_("sponsor")
    )
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by leader")
    )
    weight = models.DecimalField(_("weight"), max_digits=9, decimal_places=3, default=1)
    start_date = models.DateField(_("start"), null=True, blank=True)
    due_date = models.DateField(_("due"), null=True, blank=True)
    original_due_date = models.DateField(_("original due date"), null=True, blank=True, editable=False)
    review_date = models.DateField(
        _("review date"), null=True, blank=True, help_text=_("for open-ended work, which is never overdue")
    )
    target_op = models.CharField(_("operator"), max_length=2, blank=True)
    target_value = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    target_unit = models.CharField(_("unit of measure"), max_length=20, blank=True)
    cadence = models.CharField(
        _("reporting cadence"), max_length=12, choices=list(CADENCE_LABELS.items()), blank=True, default=""
    )
    cadence_day = models.PositiveSmallIntegerField(_("report by day"), null=True, blank=True)
    selector = models.CharField(_("selector"), max_length=120, blank=True)
    has_path = models.BooleanField(default=False, editable=False)  # may a milestone plan its percent?
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["path"]
        indexes = [
            models.Index(fields=["owner", "state", "due_date"], name="task_by_owner"),
            models.Index(fields=["state", "due_date", "id"], name="task_by_due"),
            models.Index(fields=["tier", "due_date", "id"], name="task_by_tier"),
            models.Index(fields=["phase", "due_date", "id"], name="task_by_phase"),
            models.Index(fields=["phase", "tier", "id"], name="task_by_phase_tier"),
            models.Index(fields=["phase", "title", "id"], name="task_by_phase_title"),
            models.Index(fields=["parent", "id"], name="task_by_parent"),
            models.Index(fields=["due_date", "id"], condition=Q(parent__isnull=True), name="task_top_by_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="task_not_its_own_parent"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="task_weight_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in BEFORE_DISPATCH])
                | Q(due_date__isnull=False)
                | Q(review_date__isnull=False)
                | Q(state__in=[State.WITHDRAWN.value, State.MERGED.value]),
                name="task_dated_before_dispatch",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Duty(models.Model):
    """What one unit owes in a task, with its own text and date; the name stays as the directive wrote it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="duties")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=10, choices=list(DUTY_LABELS.items()))
    written_name = models.CharField(_("as written"), max_length=120, blank=True)
    selector = models.CharField(_("selector"), max_length=120, blank=True)
    text = models.TextField(_("own duty"), blank=True)
    due_date = models.DateField(_("own due date"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="handled_duties", verbose_name=_("handled by")
    )

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["task", "id"]
        indexes = [models.Index(fields=["unit", "role", "task"], name="duty_by_unit")]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit", "role"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(written_name="") | ~Q(selector=""), name="duty_names_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.written_name} {self.get_role_display()}"


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    """Marks tasks that have a planned path, so that nobody looks for milestones of the many that have none."""

    def bulk_create(self, objs: Iterable[Milestone], *args: Any, **options: Any) -> list[Milestone]:
        made = super().bulk_create(objs, *args, **options)
        planned = sorted({milestone.task_id for milestone in made if milestone.percent is not None})
        for first in range(0, len(planned), MARKED):
            Task.objects.filter(pk__in=planned[first : first + MARKED], has_path=False).update(has_path=True)
        return made


class Milestone(models.Model):
    """A dated checkpoint; `percent` is what should be done of the task by then (the planned path)."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones", db_index=False)  # milestone_path serves
    name = models.CharField(_("milestone"), max_length=200)
    due_date = models.DateField(_("due"))
    percent = models.DecimalField(_("planned %"), max_digits=6, decimal_places=2, null=True, blank=True)
    done_date = models.DateField(_("done on"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["task", "due_date", "id"]
        indexes = [models.Index(fields=["task", "due_date", "id"], name="milestone_path")]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100), name="milestone_percent_range"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        super().save(*args, **options)
        if self.percent is not None:
            Task.objects.filter(pk=self.task_id, has_path=False).update(has_path=True)


class CodeSeries(models.Model):
    """The last running number of a unit's tasks in a year; its row is locked while numbers are taken."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="code_series_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}: {self.last}"


class Reference(models.Model):
    """A proposal that was answered by a task that exists already: adopted as it is, or to update it on confirmation.

    With `updates` the task takes over what the proposal says once the revised directive is confirmed (`applied_at`).
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="references")
    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="reference")
    updates = models.BooleanField(default=False)
    applied_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["task", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(updates=True, applied_at__isnull=True), name="reference_one_update_at_once"
            ),
            models.CheckConstraint(
                condition=Q(updates=True) | Q(applied_at__isnull=True), name="reference_applied_only_if_it_updates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} ← {self.proposal}"

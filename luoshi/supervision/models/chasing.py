"""The ladder of chasing as data, and each chase that climbs it: one of a unit about a task, until the unit acts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.letters.models import Letter
from luoshi.orgs.models import Person, Unit
from luoshi.supervision.rules.chasing import Approver, Instrument, StepState, Trigger
from luoshi.tasks.models import MATTER_LABELS, Task

INSTRUMENT_LABELS = {
    Instrument.REMINDER.value: _("reminder"),
    Instrument.BLUE.value: _("blue sheet"),
    Instrument.ORANGE.value: _("orange sheet"),
    Instrument.RED.value: _("red sheet"),
    Instrument.CHASE.value: _("chasing note"),
    Instrument.LETTER.value: _("supervision letter"),
    Instrument.LISTED.value: _("listed for supervision"),
    Instrument.RECTIFY.value: _("rectification notice"),
    Instrument.TALK.value: _("talk"),
    Instrument.CIRCULAR.value: _("circular"),
    Instrument.REFERRAL.value: _("referral"),
}
TRIGGER_LABELS = {
    Trigger.NEAR.value: _("days before the due date"),
    Trigger.OVERDUE.value: _("days after the due date"),
    Trigger.UNACKNOWLEDGED.value: _("days after receipt should have been acknowledged"),
    Trigger.SILENT.value: _("days after a report was due"),
    Trigger.RED.value: _("days after the light turned red"),
    Trigger.BEHIND.value: _("days after the light turned yellow or red"),
    Trigger.UNANSWERED.value: _("days without action on the step before"),
}
APPROVER_LABELS = {
    Approver.NOBODY.value: _("nobody: it goes by itself"),
    Approver.OFFICE.value: _("the supervision office"),
    Approver.LEADER.value: _("the leader in charge"),
    Approver.HEAD.value: _("the head"),
}
CONTACT_LABELS = {
    "phone": _("by telephone"),
    "letter": _("by letter"),
    "visit": _("at the door"),
    "meeting": _("in a meeting"),
}
SPONSOR_ACT_LABELS = {
    "met": _("met the units"),
    "visited": _("went to see"),
    "coordinated": _("coordinated"),
    "urged": _("urged"),
}
STEP_STATE_LABELS = {
    StepState.AWAITING.value: _("awaiting approval"),
    StepState.SENT.value: _("sent"),
    StepState.REFUSED.value: _("not approved"),
    StepState.OVERTAKEN.value: _("overtaken by action"),
}


class Ladder(models.Model):
    """The steps by which one government or company chases, for one kind of matter or for all."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="ladders", verbose_name=_("government or company"))
    name = models.CharField(_("name"), max_length=60)
    preset = models.CharField(_("made from"), max_length=20, blank=True)
    matter = models.CharField(
        _("kind of matter"), max_length=10, choices=list(MATTER_LABELS.items()), blank=True, default=""
    )
    is_active = models.BooleanField(_("in use"), default=True)
    quiet_days = models.PositiveSmallIntegerField(_("working days left in peace after action"), default=5)
    recurs_days = models.PositiveSmallIntegerField(
        _("days within which a new chase starts one step higher"), default=30
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("ladder of chasing")
        verbose_name_plural = _("ladders of chasing")
        ordering = ["unit", "matter", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "matter"], condition=Q(is_active=True), name="one_ladder_in_use_a_matter"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Rung(models.Model):
    """One step of a ladder: when, with which instrument, who is told, who approves, what it waits for."""

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    number = models.PositiveSmallIntegerField(_("step"))
    instrument = models.CharField(_("instrument"), max_length=10, choices=list(INSTRUMENT_LABELS.items()))
    trigger = models.CharField(_("when"), max_length=16, choices=list(TRIGGER_LABELS.items()))
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    grace_days = models.PositiveSmallIntegerField(
        _("days without action on the step before"), null=True, blank=True, help_text=_("empty: not by silence alone")
    )
    in_workdays = models.BooleanField(_("working days"), default=True)
    tells = models.JSONField(_("who is told"), default=list)
    levels_up = models.PositiveSmallIntegerField(_("levels up the chain that are told"), default=0)
    approver = models.CharField(_("approved by"), max_length=10, choices=list(APPROVER_LABELS.items()), blank=True)
    starts_urgency = models.PositiveSmallIntegerField(_("urgent matters may start here"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of a ladder")
        verbose_name_plural = _("steps of ladders")
        ordering = ["ladder", "number"]
        constraints = [models.UniqueConstraint(fields=["ladder", "number"], name="rung_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_instrument_display()}"


class Chase(models.Model):
    """One spell of chasing one unit about one task; it stops when the unit acts, never by reading."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="chases")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit chased"))
    ladder = models.ForeignKey(Ladder, models.PROTECT, related_name="+")
    home = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("government or company that chases")
    )
    opened_date = models.DateField(_("since"))
    start_rung = models.PositiveSmallIntegerField(_("step begun at"), default=0)
    rung = models.PositiveSmallIntegerField(_("step reached"), default=0)
    rung_date = models.DateField(_("step reached on"))
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(_("stopped by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("chase")
        verbose_name_plural = _("chases")
        ordering = ["-opened_date", "-id"]
        indexes = [models.Index(fields=["unit", "-rung"], condition=Q(stopped_at__isnull=True), name="chase_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit"], condition=Q(stopped_at__isnull=True), name="one_open_chase"
            ),
            models.UniqueConstraint(fields=["task", "unit", "opened_date"], name="chase_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.unit_id} {self.rung}"


class ChaseStep(models.Model):
    """One step taken in a chase, at most once: sent, or waiting for the approval that its instrument needs."""

    chase = models.ForeignKey(Chase, models.CASCADE, related_name="steps")
    rung = models.PositiveSmallIntegerField(_("step"))
    instrument = models.CharField(_("instrument"), max_length=10, choices=list(INSTRUMENT_LABELS.items()))
    due_date = models.DateField(_("day on which it fell due"))
    state = models.CharField(_("state"), max_length=10, choices=list(STEP_STATE_LABELS.items()))
    approver = models.CharField(max_length=10, choices=list(APPROVER_LABELS.items()), blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(_("opinion"), blank=True)
    new_limit = models.DateField(_("to be done by"), null=True, blank=True)
    told = models.JSONField(_("who was told"), default=list)
    letter = models.ForeignKey(
        Letter, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("paper")
    )

    class Meta:
        verbose_name = _("step of a chase")
        verbose_name_plural = _("steps of chases")
        ordering = ["chase", "rung"]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state="awaiting"), name="chase_step_awaiting"),
        ]
        constraints = [models.UniqueConstraint(fields=["chase", "rung"], name="chase_step_once")]

    def __str__(self) -> str:
        return f"{self.chase_id} {self.get_instrument_display()}"


class Contact(models.Model):
    """The office chased by hand (电话、函、登门、会议): who called, who answered, what was said, when."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="contacts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who called"))
    at = models.DateTimeField(_("time"))
    method = models.CharField(_("how"), max_length=10, choices=list(CONTACT_LABELS.items()))
    answered_by = models.CharField(_("who answered"), max_length=60)
    matter = models.TextField(_("what was asked"))
    reply = models.TextField(_("reply"), blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.get_method_display()}"


class SponsorAct(models.Model):
    """What a leader in charge did for a sponsored task, in one line."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="sponsor_acts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("sponsor"))
    kind = models.CharField(_("what was done"), max_length=12, choices=list(SPONSOR_ACT_LABELS.items()))
    note = models.CharField(_("in one line"), max_length=200)
    date = models.DateField(_("day"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("act of a sponsor")
        verbose_name_plural = _("acts of sponsors")
        ordering = ["-date", "-id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.get_kind_display()}"

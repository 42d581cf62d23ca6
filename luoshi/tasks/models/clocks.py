"""The clocks and nodes that a government or company sets for each kind of matter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Unit
from luoshi.tasks.models.task import CADENCE_LABELS, MATTER_LABELS
from luoshi.tasks.rules.nodes import Reached

REACHED_LABELS = {
    Reached.OPENED.value: _("registered"),
    Reached.DISPATCHED.value: _("dispatched"),
    Reached.ACKNOWLEDGED.value: _("acknowledged"),
    Reached.PLANNED.value: _("milestones set"),
    Reached.REPORTED.value: _("first report"),
    Reached.SUBMITTED.value: _("submitted"),
    Reached.COMPLETED.value: _("completed"),
    Reached.CLOSED.value: _("closed"),
    Reached.MILESTONE.value: _("a milestone of this name"),
}


class ClockSet(models.Model):
    """One government's or company's own clocks; where it has none, those above it hold, at last the preset."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="clock_set", verbose_name=_("government or company"))
    preset = models.CharField(_("made from"), max_length=20)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("set of clocks")
        verbose_name_plural = _("sets of clocks")

    def __str__(self) -> str:
        return f"{self.unit} {self.preset}"


class Clock(models.Model):
    """The clocks of one kind of matter. Empty days mean that no such clock runs."""

    set = models.ForeignKey(ClockSet, models.CASCADE, related_name="clocks")
    matter = models.CharField(_("kind of matter"), max_length=10, choices=list(MATTER_LABELS.items()))
    in_workdays = models.BooleanField(_("working days"), default=True)
    acknowledge_days = models.PositiveSmallIntegerField(_("acknowledge within"), null=True, blank=True)
    first_days = models.PositiveSmallIntegerField(_("first feedback within"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("due within, where nothing is said"), null=True, blank=True)
    urgent_days = models.PositiveSmallIntegerField(_("due within, urgent"), null=True, blank=True)
    immediate_days = models.PositiveSmallIntegerField(_("due within, immediate"), null=True, blank=True)
    hard_days = models.PositiveSmallIntegerField(_("due within, hard or complex"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("grace"), default=0)
    cadence_critical = models.CharField(
        _("reports, critical"), max_length=12, choices=list(CADENCE_LABELS.items()), blank=True
    )
    cadence_key = models.CharField(_("reports, key"), max_length=12, choices=list(CADENCE_LABELS.items()), blank=True)
    cadence_routine = models.CharField(
        _("reports, routine"), max_length=12, choices=list(CADENCE_LABELS.items()), blank=True
    )
    opens_day = models.PositiveSmallIntegerField(_("window opens on day"), null=True, blank=True)
    closes_day = models.PositiveSmallIntegerField(_("window closes on day"), null=True, blank=True)

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["set", "id"]
        constraints = [models.UniqueConstraint(fields=["set", "matter"], name="clock_once_a_matter")]

    def __str__(self) -> str:
        return f"{self.set_id} {self.get_matter_display()}"


class Node(models.Model):
    """One node that a matter passes on its way (签收, 反馈, 复核 …), reached by a step of the task or a milestone."""

    set = models.ForeignKey(ClockSet, models.CASCADE, related_name="nodes")
    matter = models.CharField(_("kind of matter"), max_length=10, choices=list(MATTER_LABELS.items()))
    number = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("node"), max_length=40)
    reached_by = models.CharField(_("reached by"), max_length=20)

    class Meta:
        verbose_name = _("node")
        verbose_name_plural = _("nodes")
        ordering = ["set", "matter", "number"]
        constraints = [models.UniqueConstraint(fields=["set", "matter", "number"], name="node_once")]

    def __str__(self) -> str:
        return self.name

"""What time leaves behind: reporting turns as they closed, lights as the months ended, and what holds work up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.progress.models.feedback import CAUSE_LABELS
from luoshi.tasks.models import Task

TURN_LABELS = {
    "on_time": _("on time"),
    "late": _("reported late"),
    "missing": _("not reported"),
    "excused": _("excused"),
}


class Turn(models.Model):
    """A closed reporting window of one unit on one task: reported on time, late, not at all, or excused."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="turns")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    period = models.CharField(_("period"), max_length=10)
    opens_date = models.DateField(_("opens"))
    closes_date = models.DateField(_("closes"))
    state = models.CharField(_("state"), max_length=8, choices=list(TURN_LABELS.items()))
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reporting turn")
        verbose_name_plural = _("reporting turns")
        ordering = ["-closes_date", "task"]
        indexes = [models.Index(fields=["unit", "closes_date", "state"], name="turn_by_unit")]
        constraints = [models.UniqueConstraint(fields=["task", "unit", "period"], name="turn_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.period} {self.state}"


class MonthLight(models.Model):
    """The light of a task as a month ended. A red month that was caught up later says so; it never turns green."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="month_lights")
    month = models.DateField(_("first day of the month"))
    light = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=16)
    caught_up_date = models.DateField(_("caught up on"), null=True, blank=True)

    class Meta:
        verbose_name = _("light of a month")
        verbose_name_plural = _("lights of months")
        ordering = ["task", "month"]
        indexes = [
            models.Index(fields=["month", "light"], name="month_light_by_month"),
            models.Index(
                fields=["task"], condition=Q(light=1, caught_up_date__isnull=True), name="month_red_not_caught_up"
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["task", "month"], name="one_light_a_month")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.month:%Y-%m}"


class Obstacle(models.Model):
    """Why a task is red and who can remove the cause, who may stand above the doing unit; one open at a time."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="obstacles")
    cause = models.CharField(_("cause"), max_length=20, choices=list(CAUSE_LABELS.items()))
    note = models.TextField(_("what holds it up"))
    holder_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit that can remove it")
    )
    holder_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("leader who can remove it")
    )
    named_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    cleared_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    how = models.TextField(_("how it was removed"), blank=True)

    class Meta:
        verbose_name = _("obstacle")
        verbose_name_plural = _("obstacles")
        ordering = ["-named_at", "-id"]
        indexes = [
            models.Index(fields=["holder_unit"], condition=Q(cleared_at__isnull=True), name="obstacle_of_unit"),
            models.Index(fields=["holder_person"], condition=Q(cleared_at__isnull=True), name="obstacle_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["task"], condition=Q(cleared_at__isnull=True), name="one_open_obstacle"),
            models.CheckConstraint(
                condition=Q(holder_unit__isnull=False) | Q(holder_person__isnull=False), name="obstacle_has_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.get_cause_display()}"


class LightTable(models.Model):
    """The rule table of lights as somebody set it; the newest row holds. Empty: the preset of the installation."""

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    palette = models.CharField(_("palette"), max_length=20)
    lines = models.JSONField(_("colour of each condition"), default=dict)
    thresholds = models.JSONField(_("thresholds"), default=dict)
    reason = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("table of lights")
        verbose_name_plural = _("tables of lights")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"

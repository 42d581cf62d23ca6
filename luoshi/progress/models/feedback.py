"""Feedback as reported, and the standing of each task that roll-up keeps right."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

CAUSE_LABELS = {
    "funds": _("funds"),
    "land": _("land"),
    "approval": _("approval"),
    "coordination": _("coordination"),
    "weather": _("weather"),
    "upper_unclear": _("not settled above"),
    "staff": _("staff"),
    "other": _("other cause"),
}


class Feedback(models.Model):
    """One report of one unit on one task for one period. An empty percent is "not said"; 0 is a report of zero."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="feedback")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("reporting unit"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("reported by"))
    at = models.DateTimeField(_("time"))
    period = models.CharField(_("period"), max_length=10)
    done = models.TextField(_("physical progress"))
    percent = models.DecimalField(
        _("% done"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    value = models.DecimalField(_("value reached"), max_digits=18, decimal_places=4, null=True, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    cause = models.CharField(_("cause"), max_length=20, choices=list(CAUSE_LABELS.items()), blank=True)
    ask = models.TextField(_("what is asked"), blank=True)
    asked_unit = models.ForeignKey(  # its index is feedback_asked
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked of"), db_index=False
    )
    next_step = models.TextField(_("next step"), blank=True)
    next_date = models.DateField(_("by"), null=True, blank=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["task", "-at"], name="feedback_latest"),
            models.Index(
                fields=["asked_unit", "at"], condition=Q(asked_unit__isnull=False), name="feedback_asked"
            ),  # most reports ask nothing, and a statistic of all would hide that the others are few
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100), name="feedback_percent_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.unit}"


class Standing(models.Model):
    """How a task stands now, kept right by the transaction that reports.

    `percent` is what counts (own report of a leaf; weighted mean of a parent's reported children); null is missing.
    `reported` of `expected` leaves below have reported (1 of 1 for a leaf that has). `weighted` = Σ weight·percent and
    `weight` = Σ weight over direct children that have a percent. `submitted_date` is set while a verifier has
    the result, `paused_date` while the clock stands still by approval. The last `hollow` reports in a row said nothing
    that can be checked; `mismatched` checks found otherwise than reported and no later check
    that agreed made up for them.
    """

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="standing")
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    own_percent = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    reported = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=1)
    weighted = models.DecimalField(max_digits=24, decimal_places=7, default=0)
    weight = models.DecimalField(max_digits=15, decimal_places=3, default=0)
    last_at = models.DateTimeField(null=True)
    last_word = models.CharField(max_length=200, blank=True)
    last_problem = models.CharField(max_length=200, blank=True)
    last_cause = models.CharField(max_length=20, blank=True)
    returned = models.PositiveSmallIntegerField(default=0)
    hollow = models.PositiveSmallIntegerField(default=0)
    mismatched = models.PositiveSmallIntegerField(default=0)
    submitted_date = models.DateField(null=True)
    paused_date = models.DateField(null=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        indexes = [
            models.Index(fields=["percent", "task"], name="standing_by_percent"),
            models.Index(fields=["last_at", "task"], name="standing_by_last"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.percent}"


class DayPercent(models.Model):
    """The percent that a task stood at when a day ended, for each day on which it changed: the trajectory it took."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="day_percents")
    date = models.DateField()
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)

    class Meta:
        ordering = ["task", "date"]
        constraints = [models.UniqueConstraint(fields=["task", "date"], name="one_percent_a_day")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.date}: {self.percent}"

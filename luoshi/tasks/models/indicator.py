"""Indicators, what each task owes of them, and their planned path period by period."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models.task import CADENCE_LABELS, Task
from luoshi.tasks.rules.indicators import Direction, OverTime, OverUnits
from luoshi.tasks.rules.states import Cadence

DIRECTION_LABELS = {
    Direction.UP.value: _("more is better"),
    Direction.DOWN.value: _("less is better"),
    Direction.BAND.value: _("within a band"),
}
OVER_TIME_LABELS = {
    OverTime.SUM.value: _("sum of the periods"),
    OverTime.LAST.value: _("latest period"),
    OverTime.MEAN.value: _("mean of the periods"),
    OverTime.MIN.value: _("lowest period"),
    OverTime.MAX.value: _("highest period"),
}
OVER_UNITS_LABELS = {
    OverUnits.SUM.value: _("sum of the units"),
    OverUnits.MEAN.value: _("mean weighted by a base"),
    OverUnits.RATIO.value: _("ratio of sums"),
    OverUnits.LAST.value: _("latest reading"),
    OverUnits.MIN.value: _("lowest unit"),
    OverUnits.MAX.value: _("highest unit"),
    OverUnits.DONE.value: _("units that reached the target"),
}


class Indicator(models.Model):
    """What is measured in a year, down the tree of tasks that begins at `task`; each tree has at most one main one.

    The values of `base` (a unit figure such as population) are the weights of a weighted mean and divide targets.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="indicators", verbose_name=_("task"))
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="indicators", verbose_name=_("kept by"))
    name = models.CharField(_("indicator"), max_length=120)
    measure = models.CharField(_("unit of measure"), max_length=20, blank=True)
    places = models.PositiveSmallIntegerField(_("decimal places"), default=0)
    direction = models.CharField(
        _("direction"), max_length=4, choices=list(DIRECTION_LABELS.items()), default=Direction.UP.value
    )
    over_time = models.CharField(
        _("over time"), max_length=4, choices=list(OVER_TIME_LABELS.items()), default=OverTime.SUM.value
    )
    over_units = models.CharField(
        _("over units"), max_length=5, choices=list(OVER_UNITS_LABELS.items()), default=OverUnits.SUM.value
    )
    base = models.CharField(_("base"), max_length=40, blank=True)
    cadence = models.CharField(
        _("reported"), max_length=12, choices=list(CADENCE_LABELS.items())[2:], default=Cadence.MONTHLY.value
    )
    year = models.PositiveSmallIntegerField(_("year"))
    is_main = models.BooleanField(_("measures the task itself"), default=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["task", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "name", "year"], name="indicator_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(is_main=True), name="indicator_one_main"),
            models.CheckConstraint(condition=Q(places__lte=4), name="indicator_places_at_most_four"),
            models.CheckConstraint(
                condition=~Q(over_units=OverUnits.MEAN.value) | ~Q(base=""), name="indicator_mean_names_its_base"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Allotment(models.Model):
    """What one task owes of an indicator in the year. It adds to the allotment of the task's parent, if that has one.

    `target` is the floor of a band and `ceiling` its top. `weight` is the base's value for a weighted mean.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="allotments", verbose_name=_("indicator"))
    task = models.ForeignKey(Task, models.CASCADE, related_name="allotments", verbose_name=_("task"))
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    ceiling = models.DecimalField(_("ceiling"), max_digits=18, decimal_places=4, null=True, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=18, decimal_places=4, default=1)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("allotment")
        verbose_name_plural = _("allotments")
        ordering = ["indicator", "task"]
        constraints = [
            models.UniqueConstraint(fields=["task", "indicator"], name="allotment_once"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="allotment_weight_not_negative"),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(target__isnull=True) | Q(ceiling__gte=F("target")),
                name="allotment_band_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.task}"


class PeriodTarget(models.Model):
    """Where an allotment should stand by the end of a period (2026-11, 2026-Q4): its trajectory, to date."""

    allotment = models.ForeignKey(Allotment, models.CASCADE, related_name="period_targets")
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["allotment", "period"]
        constraints = [models.UniqueConstraint(fields=["allotment", "period"], name="period_target_once")]

    def __str__(self) -> str:
        return f"{self.allotment} {self.period}: {self.value}"

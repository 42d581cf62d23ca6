"""What surrounds giving down: local adaptation, target inflation that was let pass, and each organisation's linter."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models.task import Task

ADAPTATION_LABELS = {"proposed": _("proposed"), "accepted": _("accepted"), "declined": _("declined")}
INFLATION_LABELS = {
    "target": _("target raised"),
    "date": _("date moved earlier"),
    "report": _("more reports demanded"),
    "evidence": _("more papers demanded"),
}


class Adaptation(models.Model):
    """Another target, date or measure that a unit proposes for its part, with the reason; what was asked stays visible.

    The `asked_` columns keep what the task said when the unit proposed; an empty proposed column changes nothing.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="adaptations", verbose_name=_("task"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    target_value = models.DecimalField(_("target proposed"), max_digits=18, decimal_places=4, null=True, blank=True)
    due_date = models.DateField(_("date proposed"), null=True, blank=True)
    measure = models.TextField(_("measure proposed"), blank=True)
    asked_target_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, editable=False)
    asked_due_date = models.DateField(null=True, editable=False)
    asked_measure = models.TextField(blank=True, editable=False)
    reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=10, choices=list(ADAPTATION_LABELS.items()), default="proposed", editable=False
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    at = models.DateTimeField()
    answer = models.TextField(_("answer"), blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("adaptation")
        verbose_name_plural = _("adaptations")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit"], condition=Q(state="proposed"), name="adaptation_one_open_for_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="adaptation_decided_with_its_day",
            ),
            models.CheckConstraint(
                condition=Q(target_value__isnull=False) | Q(due_date__isnull=False) | ~Q(measure=""),
                name="adaptation_proposes_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.task}"


class Inflation(models.Model):
    """层层加码 that was let pass: in which part more is asked than was asked from above, and the reason given.

    `unit` is who gave down. `figure` is the ratio of a target, the days of a date, the reports a year, or the number
    of papers.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="inflations", verbose_name=_("task"))
    part = models.ForeignKey(Task, models.CASCADE, null=True, related_name="+", verbose_name=_("part"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("given down by"))
    kind = models.CharField(_("kind"), max_length=10, choices=list(INFLATION_LABELS.items()))
    figure = models.DecimalField(max_digits=12, decimal_places=4)
    was = models.CharField(_("asked from above"), max_length=200, blank=True)
    now = models.CharField(_("asked of the part"), max_length=200, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("target inflation")
        verbose_name_plural = _("target inflations")
        ordering = ["task", "id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="inflation_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.task}: {self.kind} {self.figure}"


class InflationSight(models.Model):
    """How far a person has looked through what was asked beyond what was asked: up to the row of this key."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    last = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("sight of target inflation")
        verbose_name_plural = _("sights of target inflation")

    def __str__(self) -> str:
        return f"{self.person}: {self.last}"


class LintSetting(models.Model):
    """How serious an organisation takes one rule of the linter; without a row the preset holds."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="lint_settings")
    code = models.CharField(max_length=8)
    severity = models.CharField(max_length=8)

    class Meta:
        ordering = ["unit", "code"]
        constraints = [models.UniqueConstraint(fields=["unit", "code"], name="lint_setting_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.code}: {self.severity}"

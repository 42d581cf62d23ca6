"""Submissions and their verification by another than the doer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

RESULT_LABELS = {"passed": _("passed"), "returned": _("returned")}
METHOD_LABELS = {
    "papers": _("papers read"),
    "visit": _("visit"),
    "unannounced": _("unannounced visit"),
    "call": _("call to those served"),
    "data": _("data compared"),
}


class Submission(models.Model):
    """A doer says the task is done, against its standard, and names who checked it first."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="submissions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    result = models.TextField(_("result against the standard"))

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.at:%Y-%m-%d}"


class Verification(models.Model):
    """Another than the doer looks and decides; that they differ is held by the database."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="verification")
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    verifier = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("verified by"))
    verifier_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    doer_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    as_office = models.BooleanField(default=False)
    at = models.DateTimeField()
    method = models.CharField(_("how it was checked"), max_length=12, choices=list(METHOD_LABELS.items()))
    result = models.CharField(_("result"), max_length=10, choices=list(RESULT_LABELS.items()))
    opinion = models.TextField(_("opinion"))
    reported_percent = models.DecimalField(_("% reported"), max_digits=6, decimal_places=2, null=True, blank=True)
    found_percent = models.DecimalField(_("% found"), max_digits=6, decimal_places=2, null=True, blank=True)
    reported_value = models.DecimalField(_("value reported"), max_digits=18, decimal_places=4, null=True, blank=True)
    found_value = models.DecimalField(_("value found"), max_digits=18, decimal_places=4, null=True, blank=True)
    is_mismatch = models.BooleanField(_("found otherwise than reported"), default=False)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(verifier=F("submitted_by")), name="doer_never_verifies"),
            models.CheckConstraint(
                condition=~Q(verifier_unit=F("doer_unit")) | Q(as_office=True), name="verifier_from_another_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verifier} {self.get_result_display()}"

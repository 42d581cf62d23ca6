"""Submissions, their verification by another, extensions of time and reopenings."""

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
EXTENSION_LABELS = {"requested": _("requested"), "approved": _("granted"), "refused": _("refused")}


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


class Extension(models.Model):
    """A request for more time, filed before the due date; the original date stays on the task forever."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="extensions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    from_date = models.DateField(_("present due date"))
    to_date = models.DateField(_("new due date asked for"))
    cause = models.CharField(_("cause"), max_length=20)
    reason = models.TextField(_("reason"))
    progress = models.TextField(_("done so far"))
    state = models.CharField(max_length=10, choices=list(EXTENSION_LABELS.items()), default="requested")
    granted_date = models.DateField(_("date granted"), null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(_("opinion"), blank=True)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gt=F("from_date")), name="extension_is_later"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(granted_date__isnull=False), name="approval_has_a_date"
            ),
            models.UniqueConstraint(fields=["task"], condition=Q(state="requested"), name="one_open_extension_request"),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} → {self.to_date}"

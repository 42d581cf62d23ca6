"""Requests for more time; the original date stays on the task forever."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

EXTENSION_LABELS = {"requested": _("requested"), "approved": _("granted"), "refused": _("refused")}


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
    number = models.PositiveSmallIntegerField(_("which request on this task"), default=1)
    decider_unit = models.ForeignKey(  # a repeated request goes to the unit above the one that asked for the work
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by the unit")
    )

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

"""What is looked at on site: checklists in versions, and each visit with its answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.inspections.models.sampling import InspectionObject
from luoshi.orgs.models import Person, Unit

ANSWER_LABELS = {
    "yes_no": _("yes or no"),
    "number": _("number"),
    "text": _("text"),
    "reported": _("value against what was reported"),
}


class Checklist(models.Model):
    """The questions of one kind of inspection; a change makes a new version, so that answers keep their questions."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="checklists", verbose_name=_("unit"))
    name = models.CharField(_("checklist"), max_length=120)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("in use"), default=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["unit", "name", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "version"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["unit", "name"], condition=Q(is_current=True), name="one_checklist_in_use_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class ChecklistItem(models.Model):
    """One question, what rule it checks, and how it is answered."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("no."))
    question = models.CharField(_("question"), max_length=300)
    answer = models.CharField(_("answered by"), max_length=10, choices=list(ANSWER_LABELS.items()), default="yes_no")
    rule = models.CharField(_("rule checked"), max_length=200, blank=True)
    is_optional = models.BooleanField(_("may be left open"), default=False)

    class Meta:
        verbose_name = _("question of a checklist")
        verbose_name_plural = _("questions of checklists")
        ordering = ["checklist", "number"]
        constraints = [models.UniqueConstraint(fields=["checklist", "number"], name="checklist_item_once")]

    def __str__(self) -> str:
        return self.question


class Visit(models.Model):
    """One inspector's look at one object; `client_key` is made on the device, so that sending twice stores once."""

    object = models.ForeignKey(InspectionObject, models.PROTECT, related_name="visits")
    inspector = models.ForeignKey(Person, models.PROTECT, related_name="+")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="+")
    client_key = models.CharField(max_length=40)
    answers = models.JSONField(_("answers"), default=dict)
    note = models.TextField(_("note"), blank=True)
    started_at = models.DateTimeField(_("begun"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-started_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["inspector", "client_key"], name="visit_sent_once")]

    def __str__(self) -> str:
        return f"{self.object_id} {self.started_at:%Y-%m-%d}"

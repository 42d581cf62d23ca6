"""What was drawn and can be drawn again: draws with seed and frame, the objects, who inspects them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.inspections.models.planning import Inspection, Stratum
from luoshi.inspections.rules.kinds import Drawn, Lot
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

DRAWN_LABELS = {Drawn.CHOSEN.value: _("chosen by name"), Drawn.DRAWN.value: _("drawn by lot")}
LOT_LABELS = {
    Lot.OBJECTS.value: _("objects"),
    Lot.INSPECTORS.value: _("inspectors"),
    Lot.LOOK_BACK.value: _("look-back"),
}
RECUSAL_LABELS = {
    "own_unit": _("works in the unit"),
    "former_unit": _("worked in the unit before"),
    "declared": _("declared an interest"),
}


class Draw(models.Model):
    """One drawing of lots: its seed, method and frame are kept as they were, so that anybody can draw it again."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="draws")
    lot = models.CharField(_("what was drawn"), max_length=10, choices=list(LOT_LABELS.items()))
    number = models.PositiveSmallIntegerField(_("draw"))
    seed = models.CharField(_("seed"), max_length=64)
    method = models.CharField(_("method"), max_length=40)
    parameters = models.JSONField(_("parameters"), default=dict)
    frame = models.JSONField(_("frame"), default=list)
    frame_hash = models.CharField(_("SHA-256 of the frame"), max_length=64)
    result = models.JSONField(_("result"), default=list)
    why = models.CharField(_("why it was drawn again"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["inspection", "lot", "number"], name="draw_once")]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.lot} {self.number}"


class InspectionObject(models.Model):
    """A unit, and perhaps one of its tasks, that is inspected; dropped ones stay on record with the draw."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="objects_in")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inspected", verbose_name=_("object"))
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="inspected")
    stratum = models.ForeignKey(Stratum, models.SET_NULL, null=True, blank=True, related_name="+")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, blank=True, related_name="objects_drawn")
    how = models.CharField(_("how it came in"), max_length=8, choices=list(DRAWN_LABELS.items()))
    probability = models.DecimalField(_("probability"), max_digits=10, decimal_places=9, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    is_dropped = models.BooleanField(_("no longer inspected"), default=False)

    class Meta:
        verbose_name = _("object of inspection")
        verbose_name_plural = _("objects of inspection")
        ordering = ["inspection", "unit__path", "id"]
        indexes = [models.Index(fields=["unit", "inspection"], name="inspected_by_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "unit"],
                condition=Q(task__isnull=True, is_dropped=False),
                name="object_once_in_an_inspection",
            ),
            models.CheckConstraint(
                condition=Q(how=Drawn.CHOSEN.value) | Q(draw__isnull=False, probability__isnull=False),
                name="drawn_object_has_its_draw",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Inspector(models.Model):
    """A member of the team of one inspection."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="inspectors")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("inspector"))
    is_leader = models.BooleanField(_("leads the team"), default=False)

    class Meta:
        verbose_name = _("inspector")
        verbose_name_plural = _("inspectors")
        ordering = ["inspection", "-is_leader", "id"]
        constraints = [models.UniqueConstraint(fields=["inspection", "person"], name="inspector_once")]

    def __str__(self) -> str:
        return str(self.person)


class Recusal(models.Model):
    """A unit that an inspector declared not to inspect, and why; bars by post are derived from the posts held."""

    inspector = models.ForeignKey(Inspector, models.CASCADE, related_name="recusals")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    declared_at = models.DateTimeField()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [
            models.UniqueConstraint(fields=["inspector", "unit"], name="recusal_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="recusal_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.inspector_id} {self.unit_id}"


class Assignment(models.Model):
    """Who inspects which object."""

    object = models.ForeignKey(InspectionObject, models.CASCADE, related_name="assignments")
    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="assignments")
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, blank=True, related_name="assignments")

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["object", "id"]
        constraints = [models.UniqueConstraint(fields=["object", "inspector"], name="assignment_once")]

    def __str__(self) -> str:
        return f"{self.object_id} {self.inspector_id}"

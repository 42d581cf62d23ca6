"""Photographs of a visit, which nobody must take; each is kept as evidence of the inspecting unit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.inspections.models.checking import Visit
from luoshi.progress.models import ExhibitVersion


class VisitPhoto(models.Model):
    """A photograph beside an answer; `client_key` is made on the device, so that sending twice stores once."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    number = models.PositiveSmallIntegerField(_("question"))
    version = models.ForeignKey(ExhibitVersion, models.PROTECT, related_name="+")
    client_key = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("photograph of a visit")
        verbose_name_plural = _("photographs of visits")
        ordering = ["visit", "number", "id"]
        constraints = [models.UniqueConstraint(fields=["visit", "client_key"], name="visit_photo_once")]

    def __str__(self) -> str:
        return str(self.version)

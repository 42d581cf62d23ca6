"""Evidence as objects: kept once by a unit, in versions, with an end date, used for all reports that it serves."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.progress.models.feedback import Feedback


class Exhibit(models.Model):
    """One piece of evidence that a unit keeps: a permit, a list, a photograph. Its files are its versions."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="exhibits", verbose_name=_("keeping unit"))
    title = models.CharField(_("evidence"), max_length=200)
    expires_date = models.DateField(_("valid until"), null=True, blank=True)
    kept_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-kept_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "-kept_at"], name="exhibit_of_unit"),
            models.Index(
                fields=["unit", "expires_date"], condition=Q(expires_date__isnull=False), name="exhibit_expiring"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ExhibitVersion(models.Model):
    """One file of a piece of evidence, sealed by its SHA-256; older ones stay, for the reports that used them."""

    exhibit = models.ForeignKey(Exhibit, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(upload_to="evidence/%Y/")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a piece of evidence")
        verbose_name_plural = _("versions of evidence")
        ordering = ["exhibit", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["exhibit", "number"], name="exhibit_version_once"),
            models.UniqueConstraint(fields=["exhibit", "sha256"], name="exhibit_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Evidence(models.Model):
    """A version that supports a report; never demanded where a number suffices."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="evidence")
    version = models.ForeignKey(ExhibitVersion, models.PROTECT, related_name="uses")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["feedback", "version"], name="evidence_once_a_report")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.version.name

"""Readings of indicators as they were given, what they add up to at every level, and who confirmed them."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Allotment


def _figure() -> models.DecimalField[Decimal | None, Decimal | None]:
    """A figure that may be missing."""
    return models.DecimalField(max_digits=24, decimal_places=4, null=True)


class Reading(models.Model):
    """What one unit read of an indicator for one period. 0 is a reading; a correction keeps the row it replaces.

    A ratio is read as its two parts. The row that counts is the one that was not replaced.
    """

    allotment = models.ForeignKey(Allotment, models.PROTECT, related_name="readings", verbose_name=_("allotment"))
    period = models.CharField(_("period"), max_length=10)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(_("numerator"), max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(_("denominator"), max_digits=18, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("reporting unit"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("reported by"))
    at = models.DateTimeField(_("time"))
    why = models.TextField(_("why it was corrected"), blank=True)
    replaced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["allotment", "period", "-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["allotment", "period"], condition=Q(replaced_at__isnull=True), name="reading_one_counts"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__isnull=False),
                name="reading_is_a_value_or_both_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.allotment} {self.period}"


class Tally(models.Model):
    """What an allotment comes to in a period and to date, kept right by the transaction that writes the reading.

    Rows stand from the first period that has a figure to the end of the year. The value of the period is null when
    nothing is reported for it. `reported` leaves below have a reading of the period, `heard` one of any period so far;
    of how many, says Coverage. `reached` direct parts meet their target to date. `period_at` is the newest reading of
    the period; `last_period` and `last_at` belong to the newest period that was read.
    """

    allotment = models.ForeignKey(Allotment, models.CASCADE, related_name="tallies", verbose_name=_("allotment"))
    period = models.CharField(_("period"), max_length=10)
    value = _figure()
    numerator = _figure()
    denominator = _figure()
    period_at = models.DateTimeField(null=True)
    to_date = _figure()
    to_date_numerator = _figure()
    to_date_denominator = _figure()
    last_period = models.CharField(max_length=10)
    last_at = models.DateTimeField()
    reported = models.PositiveIntegerField(default=0)
    heard = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        ordering = ["allotment", "period"]
        constraints = [models.UniqueConstraint(fields=["allotment", "period"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.allotment_id} {self.period}: {self.to_date}"


class Coverage(models.Model):
    """How many parts an allotment has that count, and how many leaves below them; a leaf has no row."""

    allotment = models.OneToOneField(Allotment, models.CASCADE, primary_key=True, related_name="coverage")
    parts = models.PositiveIntegerField()
    expected = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")

    def __str__(self) -> str:
        return f"{self.allotment_id}: {self.expected}"


class Confirmation(models.Model):
    """A level confirmed what stands below it up to the end of a period; until it is reopened, all below is locked.

    The figures are those that were confirmed, whatever becomes of the tree later.
    """

    allotment = models.ForeignKey(Allotment, models.CASCADE, related_name="confirmations", verbose_name=_("allotment"))
    period = models.CharField(_("period"), max_length=10)
    value = _figure()
    to_date = _figure()
    reported = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=1)
    note = models.TextField(_("note"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("confirmed for"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("confirmed by"))
    at = models.DateTimeField()
    reopened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("reopened by"))
    reopened_at = models.DateTimeField(null=True)
    why_reopened = models.TextField(_("why it was reopened"), blank=True)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["allotment", "period", "-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["allotment", "period"], condition=Q(reopened_at__isnull=True), name="confirmation_one_open"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | ~Q(why_reopened=""), name="confirmation_reopened_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.allotment} {self.period}"

"""The journal (append-only, hash-chained) and the days that differ from the plain working week."""

from datetime import UTC

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.core.rules.chain import canonical


class Entry(models.Model):
    """One use case as it happened. Triggers refuse UPDATE and DELETE on both databases."""

    seq = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("what was done"), max_length=60, db_index=True)
    subject_type = models.CharField(_("kind of subject"), max_length=40)
    subject_id = models.CharField(_("subject"), max_length=40)
    subject_label = models.CharField(_("subject"), max_length=300, blank=True)
    unit_path = models.CharField(_("unit"), max_length=120, blank=True, db_index=True)
    data = models.JSONField(_("before and after"), default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-seq"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "seq"], name="entry_by_subject")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject_label}"

    def sealed_content(self) -> str:
        """The canonical JSON that the hash seals, made from the columns."""
        return canonical(
            {
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": self.actor_id,
                "verb": self.verb,
                "subject": [self.subject_type, self.subject_id, self.subject_label],
                "unit_path": self.unit_path,
                "data": self.data,
            }
        )


class ChainHead(models.Model):
    """The last link of the journal: one row, locked while an entry is added, so that links never fork."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_chain_head")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"


class CalendarDay(models.Model):
    """A weekday that is free or a weekend day that is worked, seeded from public holidays and editable."""

    day = models.DateField(_("day"), primary_key=True)
    is_workday = models.BooleanField(_("working day"))
    name = models.CharField(_("occasion"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working-day calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"

"""The journal (append-only, hash-chained), the days that differ from the plain working week, and what recurs."""

from datetime import UTC
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q
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


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


RUN_STATE_LABELS = {
    RunState.WAITING.value: _("waiting"),
    RunState.RUNNING.value: _("running"),
    RunState.DONE.value: _("done"),
    RunState.FAILED.value: _("given up"),
}


class Lease(models.Model):
    """Who alone may do something for a while; it lapses by itself when the holder dies."""

    name = models.CharField(max_length=30, primary_key=True)
    holder = models.CharField(max_length=80, blank=True)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.name} {self.holder}"


class Run(models.Model):
    """One occurrence of a routine: once for each moment at which it fell due, and one at a time for each routine."""

    routine = models.CharField(_("name of the routine"), max_length=60)
    due_at = models.DateTimeField(_("fell due"))
    state = models.CharField(
        _("state"), max_length=8, choices=list(RUN_STATE_LABELS.items()), default=RunState.WAITING.value
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("not before"), null=True, blank=True)
    asked_at = models.DateTimeField(_("given to a worker"), null=True, blank=True)
    holder = models.CharField(_("worker"), max_length=80, blank=True)
    until = models.DateTimeField(_("held until"), null=True, blank=True)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("run of a routine")
        verbose_name_plural = _("runs of routines")
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["state", "due_at"], name="run_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["routine", "due_at"], name="run_once"),
            models.UniqueConstraint(fields=["routine"], condition=Q(state="running"), name="one_run_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.routine} {self.due_at:%Y-%m-%d %H:%M}"

"""Asking others for a decision, clocks that stand still by approval, and tasks that change hands."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

COORDINATION_LABELS = {
    "open": _("waits for an answer"),
    "answered": _("answered"),
    "passed_on": _("passed on"),
    "withdrawn": _("taken back"),
}
PAUSE_LABELS = {"waiting": _("waits for a decision"), "suspended": _("suspended")}
PAUSE_STATE_LABELS = {
    "requested": _("requested"),
    "running": _("clock stands still"),
    "ended": _("ended"),
    "refused": _("refused"),
}
CHANGE_LABELS = {"transfer": _("transfer"), "split": _("split"), "merge": _("merge")}
CHANGE_STATE_LABELS = {
    "proposed": _("proposed"),
    "consented": _("consented"),
    "done": _("done"),
    "refused": _("refused"),
    "withdrawn": _("taken back"),
}


class Coordination(models.Model):
    """请求协调: a unit asks a named leader or unit for a decision; from then on the clock runs on the asked."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="coordinations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("asking unit"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    at = models.DateTimeField(_("time"))
    asked_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit asked")
    )
    asked_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("leader asked")
    )
    question = models.TextField(_("what is to be decided"))
    tried = models.TextField(_("what was tried already"), blank=True)
    needed_date = models.DateField(_("needed by"))
    wants_pause = models.BooleanField(_("our clock should stand still meanwhile"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=list(COORDINATION_LABELS.items()), default="open")
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    passed_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="passed_on")

    class Meta:
        verbose_name = _("request for coordination")
        verbose_name_plural = _("requests for coordination")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["asked_unit", "needed_date"], condition=Q(state="open"), name="asked_of_unit"),
            models.Index(fields=["asked_person", "needed_date"], condition=Q(state="open"), name="asked_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_unit__isnull=False) | Q(asked_person__isnull=False), name="coordination_asks_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="answer_has_words_and_an_author",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:40]


class Pause(models.Model):
    """Approved time in which a task's clock stands still; when it ends, the dates still to come move by its days."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="pauses")
    kind = models.CharField(_("kind"), max_length=10, choices=list(PAUSE_LABELS.items()))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    coordination = models.ForeignKey(Coordination, models.PROTECT, null=True, blank=True, related_name="pauses")
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=10, choices=list(PAUSE_STATE_LABELS.items()))
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(_("opinion"), blank=True)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until at most"), null=True, blank=True)
    to_date = models.DateField(_("to"), null=True, blank=True)
    resumes_to = models.CharField(_("state before"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state__in=["requested", "running"]), name="one_pause_at_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(from_date__isnull=False), name="running_pause_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.get_kind_display()}"


class Change(models.Model):
    """A task that changes hands: transferred, split or merged, with its reason and the consent that the rules ask."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=10, choices=list(CHANGE_LABELS.items()))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("proposing unit"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(_("reason"))
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to the unit")
    )
    into = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("into the task")
    )
    parts = models.JSONField(_("parts"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=list(CHANGE_STATE_LABELS.items()), default="proposed")
    consent_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(_("opinion"), blank=True)

    class Meta:
        verbose_name = _("change of hands")
        verbose_name_plural = _("changes of hands")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state__in=["proposed", "consented"]), name="one_open_change"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.get_kind_display()}"

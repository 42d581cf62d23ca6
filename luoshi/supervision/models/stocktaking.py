"""盘点会: a leader looks at the few critical tasks, and what is decided there becomes work at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.supervision.models.coordinating import Coordination
from luoshi.tasks.models import Task

RULING_LABELS = {"task": _("becomes a task"), "answer": _("answers a request"), "note": _("noted")}


class Stocktake(models.Model):
    """One stocktake of a government or company; `pack` is what lay on the table, as it stood when it was made."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="stocktakes", verbose_name=_("government or company"))
    title = models.CharField(_("title"), max_length=120)
    date = models.DateField(_("day"))
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("led by")
    )
    pack = models.JSONField(default=dict)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("stocktake")
        verbose_name_plural = _("stocktakes")
        ordering = ["-date", "-id"]

    def __str__(self) -> str:
        return self.title


class Ruling(models.Model):
    """One thing decided at a stocktake, and the task or the answer it became."""

    stocktake = models.ForeignKey(Stocktake, models.CASCADE, related_name="rulings")
    kind = models.CharField(_("kind"), max_length=10, choices=list(RULING_LABELS.items()))
    about = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="rulings")
    text = models.TextField(_("decision"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carried out by")
    )
    due_date = models.DateField(_("due"), null=True, blank=True)
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    coordination = models.ForeignKey(Coordination, models.PROTECT, null=True, blank=True, related_name="rulings")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        ordering = ["stocktake", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="answer") | Q(coordination__isnull=False), name="answer_names_its_request"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

"""Saved views of the ledger, the columns that a unit adds to it, what is searched, and workbooks that come back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

COLUMN_LABELS = {"text": _("text"), "number": _("number"), "date": _("date"), "choice": _("choice")}


class SavedView(models.Model):
    """A named set of filters; shared with the unit that it names, else private."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="ledger_views")
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="ledger_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name


class Column(models.Model):
    """A typed column that a unit adds to the ledger for itself and all below it. A retired one keeps its values."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="ledger_columns", verbose_name=_("unit"))
    name = models.CharField(_("heading"), max_length=40)
    kind = models.CharField(_("kind"), max_length=6, choices=list(COLUMN_LABELS.items()))
    choices = models.JSONField(_("choices"), default=list, blank=True)
    sort = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("own column")
        verbose_name_plural = _("own columns")
        ordering = ["unit", "sort", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="column_once")]

    def __str__(self) -> str:
        return self.name


class ColumnValue(models.Model):
    """What stands in an own column for a task, in the field of the column's kind (a choice is text)."""

    column = models.ForeignKey(Column, models.CASCADE, related_name="values")
    task = models.ForeignKey(Task, models.CASCADE, related_name="column_values")
    text = models.CharField(max_length=500, blank=True)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    day = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "column"], name="column_value_once")]
        indexes = [
            models.Index(fields=["column", "number"], name="column_value_number"),
            models.Index(fields=["column", "day"], name="column_value_day"),
            models.Index(fields=["column", "text"], name="column_value_text"),
        ]

    def __str__(self) -> str:
        return f"{self.column}: {self.text or self.number or self.day}"

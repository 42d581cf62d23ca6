"""Saved views of the ledger, the columns that a unit adds to it, what is searched, and workbooks that come back."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

COLUMN_LABELS = {
    "text": pgettext_lazy("column", "text"),
    "number": pgettext_lazy("column", "number"),
    "date": pgettext_lazy("column", "date"),
    "choice": pgettext_lazy("column", "choice"),
}
VALUE_SENTENCES = {  # by the problem that rules.columns names
    "no_number": _("A number is wanted here, such as 26.5."),
    "too_large": _("The number is too large."),
    "too_fine": _("At most four decimal places fit here."),
    "no_date": _("A date is wanted here, such as 2026-11-23."),
    "no_choice": _("This is not one of the choices of the column."),
    "too_long": _("At most 500 characters fit here."),
    "no_choices": _("Name at least one choice, each on a line of its own."),
    "too_many_choices": _("At most 60 choices fit here."),
    "odd_choice": _("A choice has at most 40 characters, no comma, and is not a dash alone."),
}
WORKBOOK_LABELS = {
    "waiting": _("waiting to be read"),
    "reading": _("being read"),
    "read": _("waits for your yes"),
    "refused": _("could not be read"),
    "applied": _("imported"),
    "dropped": _("set aside"),
}
LAYOUT_FAULTS = {
    "no_title": _("One heading must stand for the task itself."),
    "too_many": _("A layout has at most 20 columns."),
    "bad_heading": _("“%(heading)s” cannot be a heading: give it 1 to 40 characters."),
    "heading_twice": _("“%(heading)s” stands there twice. Name each column differently."),
    "field_twice": _("“%(heading)s” stands for something that another column holds already, or that cannot be chosen."),
}
ROW_LABELS = {
    "new": pgettext_lazy("row", "new"),
    "changed": _("changed"),
    "conflict": _("changed by both"),
    "error": _("error"),
}


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


class Layout(models.Model):
    """A unit's own arrangement of a table: which headings stand for which fields, in order (a list type is data)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="layouts", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=60)
    columns = models.JSONField(_("columns"), default=list)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("table layout")
        verbose_name_plural = _("table layouts")
        ordering = ["unit", "name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="layout_once")]

    def __str__(self) -> str:
        return self.name


class Workbook(models.Model):
    """A sheet that came back: kept as it was sent, compared with what stands, and waiting for its sender's yes.

    `columns` says what each heading is read as; `heard_at` is when the reading was last heard of.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="workbooks")
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by"))
    parent = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+", verbose_name=_("under the task"))
    layout = models.CharField(_("layout"), max_length=40, blank=True)
    file = models.FileField(upload_to="workbooks/%Y/", blank=True)
    file_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    exported_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=8, choices=list(WORKBOOK_LABELS.items()), default="waiting")
    problem = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    heard_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("workbook")
        verbose_name_plural = _("workbooks")
        ordering = ["-uploaded_at", "-id"]
        indexes = [models.Index(fields=["person", "-uploaded_at"], name="workbook_by_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="applied", applied_at__isnull=False)
                | (~models.Q(state="applied") & models.Q(applied_at__isnull=True)),
                name="workbook_applied_with_its_moment",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class WorkbookRow(models.Model):
    """A row of a workbook that asks for something or is wrong, by the number that the sheet itself shows for it.

    `data` holds what the row wishes and what is to be said of it; `choice` whose value stands where both changed it.
    """

    workbook = models.ForeignKey(Workbook, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(max_length=8, choices=list(ROW_LABELS.items()))
    choice = models.CharField(max_length=6, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["workbook", "number"]
        indexes = [models.Index(fields=["workbook", "state", "number"], name="workbook_row_by_state")]
        constraints = [models.UniqueConstraint(fields=["workbook", "number"], name="workbook_row_once")]

    def __str__(self) -> str:
        return f"{self.workbook} {self.number}"

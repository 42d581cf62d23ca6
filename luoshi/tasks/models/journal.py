"""Which tasks an entry of the journal speaks of besides its subject."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.core.models import Entry
from luoshi.tasks.models.task import Task


class TaskEntry(models.Model):
    """One task of an act on several; the entry itself holds the same keys under its seal."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("task in a journal entry")
        verbose_name_plural = _("tasks in journal entries")
        constraints = [models.UniqueConstraint(fields=["task", "entry"], name="task_entry_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.task_id}"

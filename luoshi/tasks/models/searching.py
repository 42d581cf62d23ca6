"""What can be searched: texts cut into pieces, and which task says which text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.tasks.models.task import Task

TASK, UNIT, DIRECTIVE = 1, 2, 3  # kinds of text


class SearchText(models.Model):
    """A text that can be found; one row for all tasks that say the same, however many a cascade made.

    `key` is rules.searching.key_of the text of a task, else the key of the unit or directive. On SQLite triggers of
    the migration keep a full-text table beside it, on PostgreSQL two indexes do: a migration that makes this table
    anew has to make those again.
    """

    kind = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    words = models.TextField()
    initials = models.TextField(blank=True)

    class Meta:
        verbose_name = _("searchable text")
        verbose_name_plural = _("searchable texts")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_text_once")]

    def __str__(self) -> str:
        return self.words[:40]


class SearchLine(models.Model):
    """Which text a task says."""

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="search_line")
    text = models.ForeignKey(SearchText, models.PROTECT, related_name="lines")

    class Meta:
        verbose_name = _("searchable task")
        verbose_name_plural = _("searchable tasks")

    def __str__(self) -> str:
        return f"{self.task_id}"

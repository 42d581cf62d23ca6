"""Saved views of the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit


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

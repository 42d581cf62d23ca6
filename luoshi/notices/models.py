"""Messages to a person, in-app."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One message to one person; `url` opens what it is about."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=40)
    text = models.CharField(_("message"), max_length=300)
    url = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["person", "read_at", "-at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.text

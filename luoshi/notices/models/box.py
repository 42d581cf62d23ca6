"""Messages to a person on the site, and the suggestion box."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

UNTOLD = models.Q(delivery__isnull=True, read_at__isnull=True)  # neither taken out of the site nor read there


class Notice(models.Model):
    """One message to one person; `url` opens what it is about."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("kind"), max_length=40)
    text = models.CharField(_("message"), max_length=300)
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    read_at = models.DateTimeField(null=True, blank=True)
    delivery = models.ForeignKey(  # that which took it out of the site to its reader
        "notices.Delivery", models.SET_NULL, null=True, blank=True, related_name="taken", db_index=False
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "read_at", "-at"], name="notice_unread"),
            models.Index(fields=["at"], name="notice_urgent", condition=models.Q(urgent=True)),
            models.Index(fields=["delivery"], name="notice_taken", condition=models.Q(delivery__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.text


class Suggestion(models.Model):
    """What somebody would have done better, for the supervision office of their government or company."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="suggestions", verbose_name=_("who")
    )
    at = models.DateTimeField(_("time"))
    unit_path = models.CharField(max_length=120, blank=True, db_index=True)
    text = models.TextField(_("suggestion"), max_length=2000)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text[:40]

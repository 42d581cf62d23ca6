"""What a person wants to hear and when, the robots of group chats, and the outbox: one row per delivery."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luoshi.core.sealing import SealedField
from luoshi.notices.rules.answers import Trouble
from luoshi.notices.rules.kinds import Channel, Group, How, State
from luoshi.orgs.models import Unit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GROUP_LABELS: "dict[str, StrOrPromise]" = {
    Group.CHASED.value: _("reminders and chasing"),
    Group.GIVEN.value: _("tasks given, changed or taken back"),
    Group.DECIDE.value: _("what waits for your decision"),
    Group.ANSWERED.value: _("answers to what you sent up"),
    Group.CHECKED.value: _("inspections and findings"),
    Group.PAPERS.value: _("papers and letters"),
    Group.OTHER.value: _("everything else"),
}
HOW_LABELS: "dict[str, StrOrPromise]" = {
    How.DIGEST.value: _("in the day's digest"),
    How.NOW.value: _("at once"),
    How.SITE.value: _("on this site only"),
}
CHANNEL_LABELS: "dict[str, StrOrPromise]" = {
    Channel.MAIL.value: _("e-mail"),
    Channel.DINGTALK.value: _("DingTalk robot"),
    Channel.WECOM.value: _("WeCom robot"),
    Channel.FEISHU.value: _("Feishu robot"),
    Channel.WEBHOOK.value: _("signed webhook"),
}
STATE_LABELS: "dict[str, StrOrPromise]" = {
    State.WAITING.value: _("waiting"),
    State.SENDING.value: _("being sent"),
    State.DELIVERED.value: _("delivered"),
    State.UNCERTAIN.value: _("uncertain"),
    State.REFUSED.value: _("not taken"),
    State.GIVEN_UP.value: _("given up"),
    State.NEEDLESS.value: _("not needed any more"),
    State.STOPPED.value: _("stopped"),
}
TROUBLE_TEXTS: "dict[str, StrOrPromise]" = {
    Trouble.SIGNATURE.value: _("The signature is not accepted. Copy the secret from the robot's settings once more."),
    Trouble.KEYWORD.value: _("The robot wants a keyword. Enter the name of this site as keyword in its settings."),
    Trouble.SENDER_IP.value: _("The robot does not take messages from this server. Add its address to its list."),
    Trouble.GONE.value: _("The robot was removed or its address changed. Copy the address from the group once more."),
    Trouble.MALFORMED.value: _("The other side cannot read this message. If it happens again, tell the administrator."),
    Trouble.FORBIDDEN.value: _("The other side does not take this message. Look at what it says, then test again."),
    Trouble.REDIRECT.value: _("The address answers with another one. Enter the final address."),
    Trouble.ADDRESS.value: _("This address may not be reached from here. The administrator may allow it."),
    Trouble.CERTIFICATE.value: _("The certificate of the other side is not valid. Its administrator has to renew it."),
    Trouble.UNKNOWN_HOST.value: _("The name of the host is not known. Look whether the address is right."),
    Trouble.SILENT.value: _("No answer in time. It is tried again."),
    Trouble.BUSY.value: _("The other side is busy. It is tried again."),
    Trouble.TOO_FAST.value: _("The other side asks to wait. It is tried again after that."),
    Trouble.STRANGE.value: _("The answer cannot be read. It is tried again; look whether the address is right."),
    Trouble.MAILBOX.value: _("The mail server does not take this address. Correct it in your wishes."),
    Trouble.MAIL_LOGIN.value: _("The mail server does not let this site in. The administrator has to look at it."),
    Trouble.MAIL_OFF.value: _("No mail server is named here any more."),
    Trouble.NO_TRACE.value: _(
        "The connection ended before an answer. It may have arrived, so it is not sent again by itself."
    ),
}


class Wish(models.Model):
    """How one person wants to be told. Whoever has no row is told as the site's settings say."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="wish")
    digest_at = models.TimeField(_("time of the digest"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    wants_urgent = models.BooleanField(_("urgent messages also in quiet hours"), default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    refused_address = models.CharField(max_length=254, blank=True)  # what the mail server would not take
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("wishes of a person")
        verbose_name_plural = _("wishes of people")
        indexes = [models.Index(fields=["digest_at"], name="wish_hour", condition=Q(digest_at__isnull=False))]

    def __str__(self) -> str:
        return str(self.person)


class GroupWish(models.Model):
    """How one person wants to be told of one group of kinds, where it is not the day's digest."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="group_wishes")
    group = models.CharField(max_length=12, choices=list(GROUP_LABELS.items()))
    how = models.CharField(max_length=8, choices=list(HOW_LABELS.items()))

    class Meta:
        verbose_name = _("wish for a group of messages")
        verbose_name_plural = _("wishes for groups of messages")
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="one_wish_a_group")]
        indexes = [models.Index(fields=["how", "person"], name="group_wish_how")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.group} {self.how}"


class Robot(models.Model):
    """A robot in a unit's group chat, or a webhook; without a unit it tells what concerns the whole site."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="robots", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=60)
    channel = models.CharField(_("kind"), max_length=10, choices=list(CHANNEL_LABELS.items()))
    address = SealedField(_("address"), max_length=500)
    secret = SealedField(_("signing secret"), max_length=200, blank=True)
    tells_digest = models.BooleanField(_("the day's digest"), default=True)
    tells_urgent = models.BooleanField(_("urgent messages at once"), default=True)
    may_disturb = models.BooleanField(_("urgent messages also in quiet hours"), default=False)
    is_muted = models.BooleanField(_("muted"), default=False)
    trouble = models.CharField(max_length=40, blank=True)  # a code of rules.answers that only a person can mend
    trouble_words = models.CharField(max_length=200, blank=True)  # what the other side said
    paced_at = models.DateTimeField(null=True, blank=True)  # when its bucket is empty again, see rules.retrying
    rests_until = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField()  # messages up to here were in a digest
    created_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("robot")
        verbose_name_plural = _("robots")
        ordering = ["unit__path", "name", "id"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message to one address. `key` makes it one however often it is asked for, and tells the receiver so.

    What it says is written when it is first sent, so that whatever was read on the site meanwhile is left out.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="deliveries",
        verbose_name=_("person"),
    )  # fmt: skip
    robot = models.ForeignKey(
        Robot, models.CASCADE, null=True, blank=True, related_name="deliveries", verbose_name=_("robot")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=list(CHANNEL_LABELS.items()))
    address = models.CharField(_("address"), max_length=254)
    unit_path = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=80, unique=True)
    day = models.DateField()
    is_digest = models.BooleanField(_("digest"), default=False)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    is_test = models.BooleanField(default=False)
    since = models.DateTimeField(null=True, blank=True)
    upto = models.DateTimeField()
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    payload = models.JSONField(default=dict, blank=True)
    notices = models.PositiveIntegerField(_("messages"), default=0)
    people = models.PositiveIntegerField(_("people"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=list(STATE_LABELS.items()), default=State.WAITING.value)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("made"))
    next_at = models.DateTimeField(_("next attempt"))
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    trouble_words = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["next_at"], name="delivery_due", condition=Q(state=State.WAITING.value)),
            models.Index(fields=["claimed_until"], name="delivery_claimed", condition=Q(state=State.SENDING.value)),
            models.Index(fields=["claim"], name="delivery_claim", condition=Q(state=State.SENDING.value)),
            models.Index(fields=["person", "-created_at"], name="delivery_person"),
            models.Index(fields=["robot", "-created_at"], name="delivery_robot"),
            models.Index(fields=["day", "unit_path"], name="delivery_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"], condition=Q(is_digest=True, person__isnull=False), name="one_digest_a_day"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, robot__isnull=False) | Q(person__isnull=False, robot__isnull=True),
                name="delivery_to_person_or_robot",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=False, state=State.DELIVERED.value)
                | (Q(delivered_at__isnull=True) & ~Q(state=State.DELIVERED.value)),
                name="delivered_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.key

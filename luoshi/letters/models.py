"""Letters as they are drafted and kept, the series that number them, and the templates that an organisation sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.letters.rules import LetterKind, LetterState, number_of
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import path_range

if TYPE_CHECKING:
    from luoshi.orgs.rules import Access

KIND_LABELS = {
    LetterKind.ORDER.value: _("supervision order"),
    LetterKind.CHASE.value: _("chasing sheet"),
    LetterKind.REMINDER.value: _("letter of reminder"),
    LetterKind.RECTIFY.value: _("notice of rectification"),
    LetterKind.TALK.value: _("notice of a talk"),
    LetterKind.EXTENSION.value: _("request for extension"),
    LetterKind.FEEDBACK.value: _("feedback sheet"),
    LetterKind.CLOSURE.value: _("request for closure"),
    LetterKind.CIRCULAR.value: _("supervision circular"),
    LetterKind.CONCLUSION.value: _("inspection conclusion"),
    LetterKind.SPECIAL.value: _("special report"),
    LetterKind.REPORT.value: _("supervision report"),
    LetterKind.BULLETIN.value: _("bulletin on government affairs"),
    LetterKind.MINUTES.value: _("report on what a meeting decided"),
}
STATE_LABELS = {
    LetterState.DRAFT.value: _("draft"),
    LetterState.APPROVED.value: _("approved, not issued"),
    LetterState.ISSUED.value: _("issued"),
    LetterState.VOID.value: _("void"),
}
KEPT = [LetterState.ISSUED.value, LetterState.VOID.value]
UNNUMBERED = [LetterState.DRAFT.value, LetterState.APPROVED.value]


class Mark(models.Model):
    """The 代字 under which a unit numbers one kind of its letters; kinds that share one share a series."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="letter_marks", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=12, choices=list(KIND_LABELS.items()))
    mark = models.CharField(_("mark of the series"), max_length=30)

    class Meta:
        verbose_name = _("mark of a series")
        verbose_name_plural = _("marks of series")
        ordering = ["unit", "kind"]
        constraints = [models.UniqueConstraint(fields=["unit", "kind"], name="letter_mark_once")]

    def __str__(self) -> str:
        return self.mark


class Series(models.Model):
    """The last number given in a unit's series of a year; its row is locked while a number is given."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="letter_series")
    mark = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("series of letters")
        verbose_name_plural = _("series of letters")
        ordering = ["unit", "mark", "-year"]
        constraints = [models.UniqueConstraint(fields=["unit", "mark", "year"], name="letter_series_once")]

    def __str__(self) -> str:
        return f"{self.mark}〔{self.year}〕{self.last}"


class Template(models.Model):
    """A kind of letter as a unit sets it in Word; each upload is a version, of which one is in use."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="letter_templates", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=12, choices=list(KIND_LABELS.items()))
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(_("file"), upload_to="templates/%Y/")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    fields = models.JSONField(_("fields named in it"), default=list)
    is_active = models.BooleanField(_("in use"), default=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("template of letters")
        verbose_name_plural = _("templates of letters")
        ordering = ["unit", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "number"], name="letter_template_version_once"),
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=Q(is_active=True), name="one_letter_template_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Chainable reading of letters."""

    def visible_to(self, access: Access) -> Self:
        """Letters of units at or below a seat, and those issued to a unit of a seat."""
        if access.admin:
            return self.all()
        own = Q(pk__in=[])
        for path in access.paths:
            own |= Q(unit__path__range=path_range(path))
        sent = Letter.recipients.through.objects.filter(unit__in=access.unit_ids).values("letter")
        return self.filter(own | Q(pk__in=sent, state__in=KEPT))


class Letter(models.Model):
    """A paper made from the ledger: drafted, approved by another, issued with a number and then kept as issued."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="letters", verbose_name=_("issuing unit"))
    kind = models.CharField(_("kind"), max_length=12, choices=list(KIND_LABELS.items()))
    title = models.CharField(_("title"), max_length=300)
    fields = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=list(STATE_LABELS.items()), default="draft")
    recipients = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("addressees"))
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    needs_approval = models.BooleanField(default=True)
    template = models.ForeignKey(Template, models.PROTECT, null=True, blank=True, related_name="+")
    mark = models.CharField(max_length=30, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    docx = models.FileField(upload_to="letters/%Y/", blank=True)
    docx_sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.FileField(upload_to="letters/%Y/", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    drafted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted"))
    approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    issued_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    issued_date = models.DateField(_("date of the letter"), null=True, blank=True)
    voided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.TextField(_("why it is void"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-drafted_at", "-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="letter_by_subject"),
            models.Index(fields=["unit", "state", "-drafted_at"], name="letter_by_unit_and_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "mark", "year", "number"], name="letter_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=UNNUMBERED, number__isnull=True)
                | (Q(state__in=KEPT, number__isnull=False, issued_at__isnull=False) & ~Q(docx_sha256="")),
                name="letter_numbered_when_issued",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="drafter_never_approves_letter",
            ),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(void_reason=""), name="void_letter_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.full_number or self.title

    @property
    def full_number(self) -> str:
        """The document number as it is printed; empty before the letter is issued."""
        if self.number is None or self.year is None:
            return ""
        return number_of(self.mark, year=self.year, number=self.number)

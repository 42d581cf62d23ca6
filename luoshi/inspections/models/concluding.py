"""What was found, the conclusion with its clocks, the objection and its review by others, and looking back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.inspections.models.planning import Inspection
from luoshi.inspections.models.sampling import Draw, InspectionObject
from luoshi.inspections.rules.kinds import Advice, Ruling, Severity
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.models import Task

SEVERITY_LABELS = {
    Severity.MINOR.value: _("slight"),
    Severity.GENERAL.value: _("ordinary"),
    Severity.SERIOUS.value: _("grave"),
}
ADVICE_LABELS = {
    Advice.PRAISE.value: _("praise"),
    Advice.INCENTIVE.value: _("incentive"),
    Advice.CRITICISM.value: _("criticism"),
    Advice.ACCOUNTABILITY.value: _("accountability"),
}
RULING_LABELS = {
    Ruling.UPHELD.value: _("the conclusion stands"),
    Ruling.CHANGED.value: _("the conclusion is changed"),
    Ruling.WITHDRAWN.value: _("the conclusion is withdrawn"),
}
CONCLUSION_LABELS = {
    "draft": _("drafted"),
    "issued": _("fed back"),
    "replaced": _("replaced after review"),
    "withdrawn": _("withdrawn after review"),
}


class Finding(models.Model):
    """One problem found at an object: fact, rule, evidence, what is asked. Put right as a task of its own."""

    object = models.ForeignKey(InspectionObject, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(_("no."))
    fact = models.TextField(_("fact"))
    rule = models.CharField(_("rule violated"), max_length=300)
    evidence = models.TextField(_("evidence"), blank=True)
    severity = models.CharField(
        _("gravity"), max_length=8, choices=list(SEVERITY_LABELS.items()), default=Severity.GENERAL.value
    )
    requirement = models.TextField(_("what is to be put right"))
    due_date = models.DateField(_("put right by"))
    task = models.OneToOneField(Task, models.PROTECT, null=True, blank=True, related_name="finding")
    recurrence_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="recurrences", verbose_name=_("came back from")
    )
    is_dropped = models.BooleanField(_("dropped"), default=False)
    dropped_why = models.CharField(_("why it was dropped"), max_length=300, blank=True)
    found_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["object", "number"]
        constraints = [
            models.UniqueConstraint(fields=["object", "number"], name="finding_once"),
            models.CheckConstraint(
                condition=Q(recurrence_of__isnull=True) | ~Q(recurrence_of=F("id")), name="finding_not_its_own_past"
            ),
            models.CheckConstraint(condition=~Q(fact="") & ~Q(rule=""), name="finding_has_fact_and_rule"),
        ]

    def __str__(self) -> str:
        return self.fact[:60]


class Conclusion(models.Model):
    """督查结论 on one object. The days for objecting run from its receipt; a change after review is a new version."""

    object = models.ForeignKey(InspectionObject, models.PROTECT, related_name="conclusions")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    facts = models.TextField(_("facts"))
    evidence = models.TextField(_("evidence"), blank=True)
    conclusion = models.TextField(_("conclusion"))
    state = models.CharField(_("state"), max_length=10, choices=list(CONCLUSION_LABELS.items()), default="draft")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("written by"))
    signer = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed by")
    )
    issued_at = models.DateTimeField(_("fed back"), null=True, blank=True)
    received_date = models.DateField(_("received"), null=True, blank=True)
    received_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    delivery = models.CharField(_("how it was delivered"), max_length=200, blank=True)
    objection_until = models.DateField(_("objection until"), null=True, blank=True)
    letter = models.PositiveBigIntegerField(null=True, blank=True)
    edits = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        ordering = ["object", "-version"]
        indexes = [models.Index(fields=["objection_until"], condition=Q(state="issued"), name="conclusion_open_days")]
        constraints = [
            models.UniqueConstraint(fields=["object", "version"], name="conclusion_version_once"),
            models.UniqueConstraint(
                fields=["object"], condition=Q(state__in=["draft", "issued"]), name="one_conclusion_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issued_at__isnull=False, signer__isnull=False),
                name="issued_conclusion_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(received_date__isnull=True) | Q(objection_until__isnull=False),
                name="receipt_starts_the_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object} v{self.version}"


class Advised(models.Model):
    """What a conclusion only proposes: praise, incentive, criticism, accountability. Others decide it elsewhere."""

    conclusion = models.ForeignKey(Conclusion, models.CASCADE, related_name="advice")
    kind = models.CharField(_("kind"), max_length=14, choices=list(ADVICE_LABELS.items()))
    whom = models.CharField(_("whom"), max_length=120)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("proposal of a conclusion")
        verbose_name_plural = _("proposals of conclusions")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.whom}"


class Decided(models.Model):
    """What became of a proposal where it was decided: adopted or not, by whom, when, and in which paper."""

    advised = models.OneToOneField(Advised, models.PROTECT, related_name="decided")
    body = models.CharField(_("who decided it"), max_length=120)
    decided_date = models.DateField(_("decided on"))
    is_adopted = models.BooleanField(_("adopted"))
    words = models.CharField(_("what was decided"), max_length=500, blank=True)
    number = models.CharField(_("number of the paper"), max_length=60, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("decision on a proposal")
        verbose_name_plural = _("decisions on proposals")
        ordering = ["advised"]
        constraints = [
            models.CheckConstraint(condition=Q(is_adopted=True) | ~Q(words=""), name="declined_proposal_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.decided_date}"


class Objection(models.Model):
    """The object does not agree, within 30 days of receipt; others than the authors review it within 30 days."""

    conclusion = models.OneToOneField(Conclusion, models.PROTECT, related_name="objection")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    filed_at = models.DateTimeField(_("filed"))
    reason = models.TextField(_("what is objected to, and why"))
    evidence = models.TextField(_("evidence"), blank=True)
    due_date = models.DateField(_("review by"))
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    signer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("decided"), null=True, blank=True)
    ruling = models.CharField(_("decision"), max_length=10, choices=list(RULING_LABELS.items()), blank=True)
    grounds = models.TextField(_("grounds"), blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-filed_at", "-id"]
        indexes = [models.Index(fields=["due_date"], condition=Q(ruling=""), name="objection_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True)
                | (~Q(reviewer=F("author")) & ~Q(reviewer=F("signer")) & ~Q(reviewer=F("by"))),
                name="authors_never_review",
            ),
            models.CheckConstraint(
                condition=Q(ruling="", reviewer__isnull=True, reviewed_at__isnull=True)
                | (~Q(ruling="") & ~Q(grounds="") & Q(reviewer__isnull=False, reviewed_at__isnull=False)),
                name="review_has_decision_and_grounds",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:60]


class LookBack(models.Model):
    """A closed finding drawn to be looked at again: does it still hold? A person says what was seen."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="look_backs")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="look_backs")
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="look_backs")
    holds = models.BooleanField(_("still put right"), null=True, blank=True)
    seen = models.TextField(_("what was seen"), blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("look-back")
        verbose_name_plural = _("look-backs")
        ordering = ["draw", "id"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "finding"], name="look_back_once"),
            models.CheckConstraint(
                condition=Q(holds__isnull=True) | (~Q(seen="") & Q(by__isnull=False, at__isnull=False)),
                name="look_back_says_what_was_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}"

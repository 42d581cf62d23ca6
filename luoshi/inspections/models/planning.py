"""Who may inspect by designation, the limits that hold, and the plan of an inspection."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.inspections.rules.kinds import BEFORE_APPROVAL, Kind, Method, Stage
from luoshi.orgs.models import Person, Unit

KIND_LABELS = {
    Kind.COMPREHENSIVE.value: _("comprehensive inspection"),
    Kind.SPECIAL.value: _("special inspection"),
    Kind.INCIDENT.value: _("investigation of an incident"),
    Kind.DAILY.value: _("daily supervision"),
    Kind.LEAD.value: _("check of a lead"),
}
METHOD_LABELS = {
    Method.SELF_CHECK.value: _("self-check and explanation"),
    Method.REPORT.value: _("hearing a report"),
    Method.VISIT.value: _("inspection and interviews on site"),
    Method.UNANNOUNCED.value: _("visit without notice"),
    Method.SEMINAR.value: _("seminar, hearing, statistics, evaluation"),
    Method.DOCUMENTS.value: _("documents asked for"),
    Method.LEADS.value: _("leads collected by letter, telephone and media"),
    Method.TALK.value: _("talk with those responsible"),
    Method.ONLINE.value: _("online collection of leads"),
}
STAGE_LABELS = {
    Stage.DRAFT.value: _("drafted"),
    Stage.PROPOSED.value: _("awaits approval"),
    Stage.APPROVED.value: _("plan approved"),
    Stage.RUNNING.value: _("under way"),
    Stage.CONCLUDED.value: _("site work ended"),
    Stage.CLOSED.value: _("closed and filed"),
    Stage.CANCELLED.value: _("called off"),
}


class Designation(models.Model):
    """A government lets one of its departments inspect: given matters, scope and days, by a decision that is named."""

    government = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("government"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="designations", verbose_name=_("department"))
    basis = models.CharField(_("decision that designates it"), max_length=200)
    matter = models.CharField(_("matters"), max_length=300)
    scope = models.CharField(_("scope and duties"), max_length=300)
    from_date = models.DateField(_("from"))
    to_date = models.DateField(_("to"))
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(_("reason of its end"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["-from_date", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="designation_dates_in_order"),
            models.CheckConstraint(condition=~Q(unit=F("government")), name="designation_of_another"),
            models.CheckConstraint(condition=~Q(basis=""), name="designation_has_its_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.basis}"


class Limits(models.Model):
    """What one government or company holds its inspections to; without a row the preset holds."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="inspection_limits")
    a_month = models.PositiveSmallIntegerField(_("inspections of one object a month"), default=1)
    comprehensive_a_year = models.PositiveSmallIntegerField(
        _("comprehensive inspections of one object a year"), default=1
    )
    apart_months = models.PositiveSmallIntegerField(_("months before an object may be drawn again"), default=6)
    recusal_years = models.PositiveSmallIntegerField(_("years in which a former unit bars an inspector"), default=3)
    random_percent = models.PositiveSmallIntegerField(_("share of pure chance in a draw, %"), default=30)
    red_weight = models.PositiveSmallIntegerField(_("weight of a red task"), default=3)
    critical_weight = models.PositiveSmallIntegerField(_("weight of a red critical task"), default=5)
    mismatch_weight = models.PositiveSmallIntegerField(_("weight of a value found otherwise than reported"), default=4)
    look_back_months = models.PositiveSmallIntegerField(
        _("months after which closed findings are looked at again"), default=3
    )
    look_back_percent = models.PositiveSmallIntegerField(_("share of closed findings looked at again, %"), default=20)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("limits of inspections")
        verbose_name_plural = _("limits of inspections")
        constraints = [
            models.CheckConstraint(
                condition=Q(random_percent__lte=100) & Q(look_back_percent__lte=100), name="limits_shares_are_percent"
            )
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Inspection(models.Model):
    """督查 or, without the right to one, an internal 督办: its plan, who approved it, and where it stands."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inspections", verbose_name=_("inspecting unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    code = models.CharField(_("plan no."), max_length=60, unique=True)
    title = models.CharField(_("name of the inspection"), max_length=200)
    kind = models.CharField(_("kind"), max_length=14, choices=list(KIND_LABELS.items()))
    is_formal = models.BooleanField(_("government inspection"), default=False)
    designation = models.ForeignKey(Designation, models.PROTECT, null=True, blank=True, related_name="inspections")
    basis = models.TextField(_("legal basis"), blank=True)
    content = models.TextField(_("content"), blank=True)
    objects_text = models.TextField(_("objects"), blank=True)
    scope = models.TextField(_("scope"), blank=True)
    methods = models.JSONField(_("methods"), default=list)
    from_date = models.DateField(_("from"), null=True, blank=True)
    to_date = models.DateField(_("to"), null=True, blank=True)
    checklist = models.ForeignKey(
        "inspections.Checklist", models.PROTECT, null=True, blank=True, related_name="inspections",
        verbose_name=_("checklist"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=list(STAGE_LABELS.items()), default=Stage.DRAFT.value)
    proposer = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    approver = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    opinion = models.TextField(_("opinion"), blank=True)
    despite = models.TextField(_("why it goes ahead despite the warning"), blank=True)
    warnings = models.JSONField(default=list)
    called_off_why = models.TextField(_("why it was called off"), blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "state"], name="inspection_by_unit"),
            models.Index(fields=["from_date", "to_date"], name="inspection_by_days"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="inspection_number_once"),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("proposer")), name="approver_is_not_the_proposer"
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")), name="inspection_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*(s.value for s in BEFORE_APPROVAL), Stage.CANCELLED.value])
                | Q(approver__isnull=False, proposer__isnull=False),
                name="work_begins_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[Stage.DRAFT.value, Stage.CANCELLED.value])
                | (
                    ~Q(basis="") & ~Q(content="") & ~Q(objects_text="") & ~Q(scope="")
                    & Q(from_date__isnull=False, to_date__isnull=False)
                ),
                name="plan_is_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Stratum(models.Model):
    """A part of the frame from which a number of objects is drawn: units of these levels and categories."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="strata")
    name = models.CharField(_("stratum"), max_length=60)
    under = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("units under"))
    levels = models.JSONField(_("levels"), default=list)
    category = models.CharField(_("category"), max_length=40, blank=True)
    size = models.PositiveSmallIntegerField(_("how many are drawn"))

    class Meta:
        verbose_name = _("stratum")
        verbose_name_plural = _("strata")
        ordering = ["inspection", "id"]
        constraints = [models.UniqueConstraint(fields=["inspection", "name"], name="stratum_once")]

    def __str__(self) -> str:
        return self.name

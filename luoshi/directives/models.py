"""Directives as received, their clauses, and the duties proposed from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import path_range

if TYPE_CHECKING:
    from luoshi.orgs.rules import Access

KIND_LABELS = {"directive": _("directive"), "minutes": _("meeting minutes"), "list": _("rectification list")}
STATE_LABELS = {"review": _("in review"), "confirmed": _("confirmed"), "withdrawn": _("withdrawn")}
PROPOSAL_LABELS = {
    "proposed": _("proposed"),
    "accepted": _("accepted"),
    "dropped": _("dropped"),
    "information": _("information only"),
    "adopted": _("adopted by reference"),
}
GOAL_LABELS = {"proposed": _("proposed"), "accepted": _("accepted"), "dropped": _("dropped")}
INTAKE_LABELS = {
    "waiting": _("waiting to be read"),
    "reading": _("being read"),
    "done": _("read"),
    "refused": _("could not be read"),
    "cancelled": _("cancelled"),
}
INTAKE_OPEN = ("waiting", "reading")
ORIGIN_LABELS = {
    "grammar": _("read by the grammar"),
    "model": _("proposed by the language model"),
    "person": _("added by hand"),
}
PAPER_NOTE_LABELS = {
    "ocr": _("This paper was recognised from pictures: check names, dates and numbers against the original."),
    "pages_unread": _(
        "Some pages are pictures and could not be read, because the reader of scans is not installed here: look at the "
        "original, add their duties by hand, or ask the administrator to run “make ocr” and read the paper again."
    ),
    "glyphs_without_text": _(
        "Some letters of this paper have no meaning outside its own fonts and may be missing: compare with the "
        "original."
    ),
}
EVIDENCE_LABELS = {
    "explicit": _("in its own words"),
    "document_rule": _("by a rule of the document"),
    "inherited": _("taken from above"),
    "inferred": _("inferred"),
    "ocr": _("read from a scan: confirm"),
    "model": _("proposed by the language model"),
}

UNIT_ROLE_LABELS = {
    "lead": _("lead unit"),
    "joint": _("jointly responsible"),
    "co": _("co-unit"),
    "guide": _("guiding unit"),
    "verifier": _("verifying unit"),
}
CADENCE_LABELS = {
    "": _("at milestones"),
    "weekly": _("weekly"),
    "monthly": _("monthly"),
    "quarterly": _("quarterly"),
    "semiannual": _("half-yearly"),
    "annual": _("yearly"),
}
NOTE_LABELS = {
    "lead_to_confirm": _("no lead unit is named: name one when the task is opened"),
    "open_list": _("the list of units is open (等): others may belong to it"),
    "unit_twice": _("a unit is named twice"),
    "count_mismatch": _("fewer units are named than the paper counts"),
    "no_due": _("no date is stated"),
    "deadline_vague": _("the date is vague"),
    "weekday_mismatch": _("date and weekday do not agree"),
    "date_from_event": _("the date was counted from the day of the paper"),
    "report_date": _("the stated date is that of a report"),
    "report_only": _("only a report is due"),
    "immediate": _("to be done at once: the date is only a suggestion"),
    "horizon": _("only a horizon is stated"),
    "from_prose": _("read from running text"),
    "unread_rest": _("part of the duty note was not understood"),
    "each_separately": _("each unit carries its own share"),
    "consult_only": _("some of these units are only asked for their opinion"),
    "adapt_locally": _("lower levels adapt it to their conditions"),
    "lead_inferred": _("the first unit leads, as the paper says"),
    "inherited_cell": _("a merged cell was read for several rows"),
}


class DirectiveQuerySet(models.QuerySet["Directive"]):
    """Chainable reading of directives."""

    def visible_to(self, access: Access) -> Self:
        """Directives of units at or below a seat, and those of the government a seat belongs to once confirmed."""
        if access.admin:
            return self.all()
        own = Q(pk__in=[])
        for path in access.paths:
            own |= Q(unit__path__range=path_range(path))
        return self.filter(own | Q(unit__path__in=access.homes, state="confirmed"))


class Directive(models.Model):
    """One paper that leadership decided: its text is kept as read, offsets point into it.

    `sources` is a list of [offset, place, page]: from that offset on the text stood at p12 or t1r2 of the original, on
    that page of its picture (0: it has none). `tables` is a list of {"start", "end", "headings": [str], "roles":
    [str]}. An internal paper is never sent anywhere.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="directives", verbose_name=_("registered by"))
    title = models.CharField(_("title"), max_length=300)
    number = models.CharField(_("document number"), max_length=80, blank=True)
    issuer = models.CharField(_("issued by"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=list(KIND_LABELS.items()))
    issued_date = models.DateField(_("issued on"), null=True, blank=True)
    received_date = models.DateField(_("received on"))
    text = models.TextField(_("text"))
    file = models.FileField(_("original"), upload_to="directives/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    paper_kind = models.CharField(max_length=8, blank=True)
    sources = models.JSONField(default=list)
    tables = models.JSONField(default=list)
    paper_notes = models.JSONField(default=list)
    is_internal = models.BooleanField(_("internal"), default=False)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("supersedes")
    )
    state = models.CharField(_("state"), max_length=10, choices=list(STATE_LABELS.items()), default="review")
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("registered by"))
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """An outline item or paragraph of a directive; `start` and `end` are character offsets into its text."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField()
    outline = models.CharField(_("number"), max_length=40, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    role = models.CharField(max_length=12)
    title = models.CharField(_("title"), max_length=300, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    is_information = models.BooleanField(_("information only"), default=False)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["directive", "position"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "position"], name="clause_place_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="clause_span_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.outline} {self.title}".strip()

    @property
    def text(self) -> str:
        return self.directive.text[self.start : self.end]


class Proposal(models.Model):
    """A duty as read from a clause, editable until a person accepts it.

    `units` is a list of {"name", "role": lead|co|joint|guide|verifier, "start", "end", "unit": id or null,
    "selector": str or "", "candidates": [[id, score], …], "how": str}. `targets` is a list of {"name", "op",
    "value": str, "unit", "start", "end"}. `milestones` is a list of {"name", "date"}; `notes` are codes such as
    lead_to_confirm, open_list, unit_twice. An open-ended duty has a `review_date` and no `due_date`: never overdue.
    `undo` holds the one step that can be taken back: {"verb", "fields" as they were, "others": ids of proposals split
    off or merged in, "earlier": the step before}. `evidence` is a list of {"field", "value", "kind", "sure"}, with
    "checked" true once a person looked.
    """

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="proposals")
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="proposals")
    position = models.PositiveIntegerField()
    title = models.CharField(_("task"), max_length=300)
    requirement = models.TextField(_("requirement"))
    standard = models.TextField(_("standard"), blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    duty_start = models.PositiveIntegerField(null=True)
    duty_end = models.PositiveIntegerField(null=True)
    units = models.JSONField(default=list)
    due_date = models.DateField(_("due"), null=True, blank=True)
    due_raw = models.CharField(_("due as written"), max_length=120, blank=True)
    due_start = models.PositiveIntegerField(null=True)
    due_end = models.PositiveIntegerField(null=True)
    is_open_ended = models.BooleanField(_("open-ended"), default=False)
    review_date = models.DateField(_("review date"), null=True, blank=True)
    cadence = models.CharField(_("reporting cadence"), max_length=12, blank=True)
    milestones = models.JSONField(default=list)
    targets = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    rule = models.CharField(max_length=120, blank=True)
    is_sure = models.BooleanField(default=False)
    evidence = models.JSONField(default=list)
    origin = models.CharField(max_length=8, choices=list(ORIGIN_LABELS.items()), default="grammar")
    state = models.CharField(_("state"), max_length=12, choices=list(PROPOSAL_LABELS.items()), default="proposed")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    undo = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["directive", "position"]

    def __str__(self) -> str:
        return self.title


class SourcePage(models.Model):
    """A page of the original that can be shown as an image: size in points, and where its text lies.

    `runs` is a list of [start, end, top, bottom, [edges], confidence or null]: characters start–end of the directive's
    text; lengths are ten-thousandths of the page's width and height.
    """

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    width = models.FloatField()
    height = models.FloatField()
    runs = models.JSONField(default=list)

    class Meta:
        verbose_name = _("page of the original")
        verbose_name_plural = _("pages of the original")
        ordering = ["directive", "number"]
        constraints = [models.UniqueConstraint(fields=["directive", "number"], name="page_once")]

    def __str__(self) -> str:
        return str(self.number)


class Goal(models.Model):
    """An indicator that a directive sets for itself as a whole (总体目标); a person accepts or drops it."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="goals")
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="goals")
    position = models.PositiveIntegerField()
    name = models.CharField(_("indicator"), max_length=120)
    op = models.CharField(max_length=2)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    unit = models.CharField(_("unit of measure"), max_length=30, blank=True)
    due_date = models.DateField(_("due"), null=True, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=list(GOAL_LABELS.items()), default="proposed")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("document indicator")
        verbose_name_plural = _("document indicators")
        ordering = ["directive", "position"]

    def __str__(self) -> str:
        return self.name


class ColumnName(models.Model):
    """What one unit's own table heading stands for, said once and remembered."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    heading = models.CharField(_("heading"), max_length=40)
    role = models.CharField(_("read as"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("remembered heading")
        verbose_name_plural = _("remembered headings")
        constraints = [models.UniqueConstraint(fields=["unit", "heading"], name="heading_once_a_unit")]

    def __str__(self) -> str:
        return self.heading


class Intake(models.Model):
    """A paper on its way in: read by a background job, with progress that its sender can leave and find again.

    `heard_at` is when the job last told of a page: one that fell silent died, and the paper is read anew.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("registered by"))
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    received_date = models.DateField(_("received on"))
    file = models.FileField(upload_to="intakes/%Y/", blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    is_internal = models.BooleanField(default=False)
    supersedes = models.ForeignKey(Directive, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=list(INTAKE_LABELS.items()), default="waiting")
    pages_read = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    heard_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=20, blank=True)
    directive = models.OneToOneField(Directive, models.CASCADE, null=True, blank=True, related_name="intake")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("paper being read")
        verbose_name_plural = _("papers being read")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name


class ModelRun(models.Model):
    """One asking of the language model about what the grammar left uncovered: clauses asked about, what came of it."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="model_runs")
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    dropped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("question to the language model")
        verbose_name_plural = _("questions to the language model")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["directive"], condition=Q(finished_at__isnull=True), name="one_question_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return str(self.created_at)

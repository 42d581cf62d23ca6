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
FIELD_LABELS = {  # by the tag that people write in Word
    "发文机关": _("Issuer"),
    "发文字号": _("Document number"),
    "成文日期": _("Date of the letter"),
    "签发人": _("Signed for issue by"),
    "标题": _("Title"),
    "主送": _("Addressed to"),
    "抄送": _("Copies to"),
    "联系人及电话": _("Contact and telephone"),
    "附件": _("Attachments (one a line)"),
    "编号": _("Number of the matter"),
    "类别": _("Kind of matter (letter)"),
    "来源及文号": _("Source and its number"),
    "批示原文": _("Words of the remark"),
    "事项": _("Matter"),
    "具体要求": _("What is required in detail"),
    "牵头单位": _("Leading unit"),
    "协办单位": _("Helping units"),
    "责任领导": _("Leader responsible"),
    "责任人": _("Person responsible"),
    "交办日": _("Given on"),
    "签收时限": _("Acknowledge by"),
    "首次反馈日": _("First report by"),
    "反馈频次": _("Reports how often"),
    "办结时限": _("To be done by (letter)"),
    "审批人": _("Approved by (name)"),
    "签收人及时间": _("Received by and when"),
    "原督办单号": _("Number of the order"),
    "原时限": _("Original date (letter)"),
    "逾期天数": _("Days overdue"),
    "第几次催办": _("Which chase this is"),
    "最近进展": _("Latest progress"),
    "未办结原因": _("Why it is not done"),
    "新时限": _("New date"),
    "催办人": _("Chased by"),
    "催办方式": _("Way of chasing"),
    "距到期天数": _("Days left"),
    "当前进度": _("Progress now"),
    "计划进度": _("Progress planned"),
    "缺口": _("Gap to the plan"),
    "补报时限": _("Report by"),
    "检查依据": _("Basis of the inspection"),
    "检查时间和对象": _("When and what was inspected"),
    "问题清单": _("List of problems"),
    "违反的规定": _("Provisions violated"),
    "整改要求": _("Rectification required"),
    "整改时限": _("Rectify by"),
    "报告方式": _("How to report"),
    "异议权利": _("Right to object"),
    "约谈对象": _("Who is invited"),
    "约谈事由": _("Why the talk is held"),
    "约谈依据": _("Basis of the talk"),
    "约谈时间": _("Time of the talk"),
    "约谈地点": _("Place of the talk"),
    "约谈人": _("Talk held by"),
    "约谈承诺": _("What was promised"),
    "下次检查日": _("Next check on"),
    "申请日": _("Asked on"),
    "原因码": _("Cause code"),
    "延期原因": _("Reason for more time"),
    "已完成": _("Done so far (letter)"),
    "申请新时限": _("New date asked for"),
    "影响": _("Effect of the delay"),
    "单位负责人": _("Head of the unit"),
    "初审意见": _("First opinion"),
    "审批意见": _("Decision (letter)"),
    "确定时限": _("Date granted"),
    "期次": _("Which report"),
    "计划节点": _("Milestone planned"),
    "实际进展": _("Actual progress"),
    "完成率": _("Share done"),
    "证据清单": _("List of evidence"),
    "问题及原因码": _("Problems and causes"),
    "需协调事项": _("What needs coordination"),
    "下步措施": _("Next measures"),
    "下步时限": _("Next measures by"),
    "审签人": _("Checked and signed by"),
    "整改措施": _("Measures taken"),
    "完成情况": _("What was completed"),
    "完成标准": _("Standard of completion"),
    "自验人": _("Checked by the unit itself"),
    "核查人": _("Verified by (name)"),
    "核查方式": _("How it was verified"),
    "公示起止": _("Made public from and to"),
    "结论": _("Conclusion (letter)"),
    "回头看日期": _("Look back on"),
    "期号": _("Issue number"),
    "统计期间": _("Period counted"),
    "导语": _("Opening words"),
    "事项总数": _("Matters in all"),
    "办结数": _("Matters done"),
    "按期办结数": _("Done on time"),
    "逾期数": _("Matters overdue"),
    "做得好的": _("Who did well"),
    "滞后的": _("Who lags"),
    "下步要求": _("What is asked next"),
    "分单位情况": _("Unit by unit"),
    "方案号": _("Number of the plan"),
    "督查对象": _("Inspected unit"),
    "事实": _("Facts found"),
    "整改事项": _("Matters to rectify"),
    "建议": _("What is proposed"),
    "异议截止日": _("Object until"),
    "摘要": _("Summary of the report"),
    "进展情况": _("State of progress"),
    "卡点问题": _("What is stuck"),
    "总体情况": _("Overall state"),
    "事项清单": _("List of matters"),
    "存在问题": _("Problems that remain"),
    "下步建议": _("What is proposed next"),
    "会议名称": _("Name of the meeting"),
    "会议日期": _("Date of the meeting"),
    "议定事项": _("Matters decided"),
}
FAULT_SENTENCES = {
    "unknown_field": _("no field of this kind has this name"),
    "unknown_column": _("the rows of this field have no such column"),
    "not_rows": _("this field has no rows to go through"),
    "row_alone": _("name a column of the row, as in {{行.单位}}"),
    "not_allowed": _("only names of fields, rows and plain conditions may stand in a tag"),
    "bad_tag": _("this tag cannot be read: braces or words in it are not closed"),
    "required_missing": _("the letter must say this, but the template does not name it"),
    "too_many_tags": _("there are more tags than a letter needs"),
}
LONGEST_TITLE = 300
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
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
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
    drafted_at = models.DateTimeField(_("drafted at"))
    approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    issued_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by (person)")
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
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

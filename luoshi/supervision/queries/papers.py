"""What letters about one task say, gathered from the ledger in Chinese; what it does not hold is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone, translation

from luoshi.core.shell import percent as as_percent
from luoshi.core.shell import period
from luoshi.letters.models import Letter
from luoshi.letters.rules import OBJECTION, date_words
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import list_posts_in
from luoshi.orgs.rules import Role
from luoshi.progress.models import CAUSE_LABELS, Evidence, Feedback, Obstacle
from luoshi.progress.queries import get_outlook
from luoshi.progress.rules.lights import Thresholds
from luoshi.supervision.models import METHOD_LABELS, RESULT_LABELS, Extension, Submission
from luoshi.tasks.models import CADENCE_LABELS, MATTER_LABELS, Duty, Task
from luoshi.tasks.queries.clocks import acknowledge_date, first_report_date
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import DutyRole

CHINESE = "zh-hans"
OBJECTION_DAYS = 30
LEADING = (DutyRole.LEAD.value, DutyRole.JOINT.value)
UPWARD = frozenset({"extension", "feedback", "closure"})
Fields = dict[str, Any]


@dataclass
class _Known:
    """A task and what the forms ask about it, each looked up once and only when a form asks."""

    task: Task
    today: date
    policy: Thresholds

    @cached_property
    def duties(self) -> list[Duty]:
        return list(
            Duty.objects.filter(task=self.task).select_related("unit", "handler", "acknowledged_by").order_by("pk")
        )

    @cached_property
    def leads(self) -> list[Duty]:
        return [duty for duty in self.duties if duty.role in LEADING]

    @cached_property
    def lead_names(self) -> str:
        return _names(self.leads)

    @cached_property
    def outlook(self) -> Any:
        return get_outlook(self.task, today=self.today, policy=self.policy)

    @cached_property
    def report(self) -> Feedback | None:
        found = Feedback.objects.filter(task=self.task).select_related("unit")
        return found.order_by("-at", "-id").first()

    @cached_property
    def days_late(self) -> int:
        due = self.task.due_date
        return max(0, (self.today - due).days) if due else 0

    @cached_property
    def head(self) -> str:
        """The head of the unit that leads, with the title."""
        unit = next((duty.unit for duty in self.leads if duty.unit), None)
        posts = list_posts_in(unit, today=self.today) if unit else []
        return next((f"{post.person.name}（{post.title}）" for post in posts if post.role == Role.HEAD), "")

    def order_number(self) -> str:
        """The number of the last order issued about the task."""
        issued = Letter.objects.filter(kind="order", state="issued", subject_type="task", subject_id=str(self.task.pk))
        last = issued.order_by("-issued_at").first()
        return last.full_number if last else self.task.code

    def source(self) -> str:
        """《title》（number） of the paper that asked."""
        clause = self.task.clause
        if clause is None:
            return ""
        paper = clause.directive
        return f"《{paper.title}》" + (f"（{paper.number}）" if paper.number else "")

    def clause_words(self) -> str:
        clause = self.task.clause
        return clause.directive.text[clause.start : clause.end].strip() if clause else ""

    def progress_words(self) -> str:
        """The last report, with its day and unit."""
        report = self.report
        if report is None:
            return ""
        said = f"{date_words(timezone.localtime(report.at).date())}，{report.unit}报告：{report.done}"
        return f"{said}（完成{as_percent(report.percent)}）" if report.percent is not None else said

    def cause_words(self) -> str:
        """Why the work stands as it does: the open obstacle, else what the last report said."""
        obstacle = Obstacle.objects.filter(task=self.task, cleared_at__isnull=True).first()
        if obstacle is not None:
            return f"{CAUSE_LABELS[obstacle.cause]}：{obstacle.note}"
        report = self.report
        if report is None or not (report.cause or report.problem):
            return ""
        cause = str(CAUSE_LABELS[report.cause]) if report.cause else ""
        return "：".join(words for words in (cause, report.problem) if words)


def task_fields(task: Task, kind: str, *, today: date, policy: Thresholds, chaser: str = "") -> Fields:
    """The fields of a letter about a task that the ledger can fill; the letter is Chinese whoever asks for it."""
    with translation.override(CHINESE):
        known = _Known(task, today, policy)
        given = _GATHER[kind](known)
        if kind == "chase":
            given["chaser"] = chaser
        given.setdefault("matter", task.title)
        return {name: value for name, value in given.items() if value not in (None, "", [])}


def letter_parties(task: Task, kind: str) -> tuple[Unit | None, list[Unit]]:
    """Who writes a letter of the kind about a task, and to whom: the owner to the leading units, or they to it."""
    duties = Duty.objects.filter(task=task, role__in=LEADING, unit__isnull=False).select_related("unit")
    leads = [duty.unit for duty in duties.order_by("pk") if duty.unit]
    if kind in UPWARD:
        return (leads[0] if leads else None), [task.owner]
    return task.owner, leads


def _order(known: _Known) -> Fields:
    task, lead = known.task, next(iter(known.leads), None)
    remark = task.matter == Matter.REMARK.value
    received = [
        f"{duty.unit} {duty.acknowledged_by or ''} {timezone.localtime(duty.acknowledged_at):%Y-%m-%d %H:%M}"
        for duty in known.leads
        if duty.acknowledged_at
    ]
    return {
        "code": task.code, "category": str(MATTER_LABELS[task.matter]), "source": known.source(),
        "remark": known.clause_words() if remark else "",
        "requirement": "\n".join(words for words in (task.requirement, task.standard) if words),
        "lead": known.lead_names, "co_units": _names([d for d in known.duties if d.role == DutyRole.CO.value]),
        "leader": str(task.sponsor or ""), "handler": str(lead.handler or "") if lead else "",
        "dispatched_date": _day(task.dispatched_at), "acknowledge_by": acknowledge_date(task),
        "first_report": first_report_date(task), "cadence": str(CADENCE_LABELS[task.cadence]),
        "due_date": task.due_date or task.review_date, "receiver": "；".join(received),
    }  # fmt: skip


def _chase(known: _Known) -> Fields:
    task = known.task
    about = Letter.objects.filter(kind="chase", subject_type="task", subject_id=str(task.pk), state="issued")
    return {
        "order_number": known.order_number(), "lead": known.lead_names,
        "original_due_date": task.original_due_date or task.due_date, "days_late": str(known.days_late),
        "times": str(about.count() + 1), "last_progress": known.progress_words(), "cause": known.cause_words(),
        "way": "函",
    }  # fmt: skip


def _reminder(known: _Known) -> Fields:
    task, outlook = known.task, known.outlook
    reached, planned = outlook.standing.percent, outlook.planned
    gap = max(Decimal(0), planned - (reached or Decimal(0))) if planned is not None else None
    left = (task.due_date - known.today).days if task.due_date else None
    return {
        "lead": known.lead_names, "due_date": task.due_date, "days_left": "" if left is None else str(max(0, left)),
        "percent": as_percent(reached) if reached is not None else "",
        "planned": as_percent(planned) if planned is not None else "",
        "gap": f"{round(gap, 1).normalize():f}个百分点" if gap is not None else "",
        "last_progress": known.progress_words(), "copies": str(task.sponsor or ""),
    }  # fmt: skip


def _rectify(known: _Known) -> Fields:
    task = known.task
    words = known.clause_words() or task.requirement
    return {
        "basis": known.source(), "problems": [[words[:300], ""]] if words else [],
        "requirement": task.requirement, "due_date": task.due_date, "objection": OBJECTION,
    }  # fmt: skip


def _talk(known: _Known) -> Fields:
    task = known.task
    late = (
        f"原定{date_words(task.due_date)}办结，至今逾期{known.days_late}天。"
        if task.due_date and known.days_late
        else ""
    )
    reached = known.outlook.standing.percent
    done = f"目前进度{as_percent(reached)}。" if reached is not None else "至今未报告进度。"
    return {
        "invited": "，".join(words for words in (known.lead_names, known.head) if words),
        "reason": f"“{task.title}”推进不力。{late}{done}", "basis": known.source(),
        "problems": [[task.title, known.cause_words()]],
    }  # fmt: skip


def _extension(known: _Known) -> Fields:
    asked = (
        Extension.objects.filter(task=known.task).select_related("decided_by").order_by("-requested_at", "-pk").first()
    )
    if asked is None:
        return {
            "order_number": known.order_number(), "head": known.head, "asked_date": known.today,
            "original_due_date": known.task.original_due_date or known.task.due_date,
            "progress": known.report.done if known.report else "",
        }  # fmt: skip
    return {
        "order_number": known.order_number(), "original_due_date": asked.from_date,
        "asked_date": _day(asked.requested_at), "cause": str(CAUSE_LABELS.get(asked.cause, "")), "reason": asked.reason,
        "progress": asked.progress, "to_date": asked.to_date, "head": known.head,
        "decision": f"{asked.decided_by}：{asked.opinion or '同意'}" if asked.decided_by else "",
        "granted_date": asked.granted_date,
    }  # fmt: skip


def _feedback(known: _Known) -> Fields:
    report = known.report
    milestone = known.task.milestones.filter(done_date__isnull=True).order_by("due_date").first()
    given = {
        "order_number": known.order_number(), "head": known.head,
        "milestone": f"{milestone.name}（{date_words(milestone.due_date)}）" if milestone else "",
    }  # fmt: skip
    if report is None:
        return given
    value = f"累计{report.value.normalize():f}{known.task.target_unit}。" if report.value is not None else ""
    asked = f"请{report.asked_unit}：{report.ask}" if report.asked_unit else report.ask
    evidence = Evidence.objects.filter(feedback=report).select_related("version")
    cause = str(CAUSE_LABELS[report.cause]) if report.cause else ""
    return {
        **given, "period": period(report.period), "progress": f"{report.done}{value}", "coordination": asked,
        "percent": as_percent(report.percent) if report.percent is not None else "",
        "evidence": [[row.name] for row in evidence], "next_step": report.next_step, "next_date": report.next_date,
        "problems": "：".join(words for words in (cause, report.problem) if words),
    }  # fmt: skip


def _closure(known: _Known) -> Fields:
    sent = (
        Submission.objects.filter(task=known.task)
        .select_related("by", "verification__verifier", "verification__verifier_unit")
        .order_by("-at", "-pk")
        .first()
    )
    given: Fields = {"order_number": known.order_number(), "standard": known.task.standard}
    if sent is None:
        return given
    given |= {"result": sent.result, "self_checker": str(sent.by)}
    check = getattr(sent, "verification", None)
    if check is not None:
        given |= {
            "verifier": f"{check.verifier_unit} {check.verifier}", "method": str(METHOD_LABELS[check.method]),
            "verdict": f"{RESULT_LABELS[check.result]}。{check.opinion}",
        }  # fmt: skip
    return given


def _conclusion(known: _Known) -> Fields:
    task, until = known.task, known.today + timedelta(days=OBJECTION_DAYS)
    return {
        "object": known.lead_names, "facts": known.progress_words(), "objection": OBJECTION, "objection_until": until,
        "rectify": [[task.title, date_words(task.due_date) if task.due_date else ""]],
    }  # fmt: skip


_GATHER: Mapping[str, Callable[[_Known], Fields]] = {
    "order": _order, "chase": _chase, "reminder": _reminder, "rectify": _rectify, "talk": _talk,
    "extension": _extension, "feedback": _feedback, "closure": _closure, "conclusion": _conclusion,
}  # fmt: skip
TASK_KINDS = tuple(_GATHER)


def _names(duties: list[Duty]) -> str:
    return "、".join(dict.fromkeys(str(duty.unit or duty.written_name or duty.selector) for duty in duties))


def _day(moment: Any) -> date | None:
    return timezone.localtime(moment).date() if moment else None

"""A task as one sheet (一事一档): what was asked, who does it, the planned path, what was said and done since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from luoshi.core.policy import Policy
from luoshi.core.shell import day, moment, percent, verb_label
from luoshi.ledger.queries.task import describe_entry, get_task_page
from luoshi.orgs.rules import Access
from luoshi.tasks.models import DUTY_LABELS, STATE_LABELS, TIER_LABELS, Task

MOST_ENTRIES = 60
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TaskPaper:
    """The words of a task's sheet, ready to be set."""

    title: str
    facts: Sequence[Pair]
    clause: str
    duties: Sequence[Sequence[str]]
    milestones: Sequence[Sequence[str]]
    history: Sequence[Sequence[str]]


def get_task_paper(access: Access, *, id: int, today: date, policy: Policy) -> TaskPaper:
    """The sheet of one task, through its gate. Raises Http404."""
    page = get_task_page(access, id=id, skip=0, today=today, policy=policy)
    task = page.task
    return TaskPaper(
        task.title, _facts(task, page.standing.percent if page.standing else None), _clause(task),
        [
            (str(d.unit or d.written_name or d.selector), str(DUTY_LABELS[d.role]), d.text, day(d.due_date or None),
             moment(d.acknowledged_at))
            for d in page.duties
        ],
        [(m.name, day(m.due_date), percent(m.percent), day(m.done_date)) for m in page.milestones],
        [(moment(e.at), str(e.actor or ""), verb_label(e.verb), describe_entry(e, task=task.pk))
         for e in page.entries[:MOST_ENTRIES]],
    )  # fmt: skip


def _facts(task: Task, done: Decimal | None) -> list[Pair]:
    target = f"{task.target_op}{task.target_value.normalize():f} {task.target_unit}" if task.target_value else ""
    pairs = [
        (_("Number"), task.code), (_("Asked by"), str(task.owner)), (_("Tier"), str(TIER_LABELS[task.tier])),
        (_("State"), str(STATE_LABELS[task.state])), (_("Sponsor"), str(task.sponsor or "")),
        (_("Due"), day(task.due_date or task.review_date)),
        (_("Original due date"), day(task.original_due_date) if task.original_due_date != task.due_date else ""),
        (_("Target"), target), (_("% done"), percent(done)), (_("Requirement"), task.requirement),
        (_("Standard"), task.standard),
    ]  # fmt: skip
    return [(label, words) for label, words in pairs if words]


def _clause(task: Task) -> str:
    clause = task.clause
    if clause is None:
        return ""
    paper = clause.directive
    named = f"《{paper.title}》" + (f"（{paper.number}）" if paper.number else "")
    return f"{named}\n{paper.text[clause.start : clause.end].strip()}"

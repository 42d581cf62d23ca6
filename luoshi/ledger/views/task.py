"""The page of one task: what was asked, who, until when, how it stands, what happened, what it waits for."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.core.queries import may_keep_calendar
from luoshi.core.shell import day as shown_day
from luoshi.core.shell import url
from luoshi.ledger.queries import TaskPage, describe_entry, get_task_page
from luoshi.ledger.queries.clocks import get_task_clocks
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries.boards import list_summaries
from luoshi.progress.queries.following import get_following
from luoshi.supervision.models import INSTRUMENT_LABELS
from luoshi.supervision.queries.chases import list_panels, list_papers
from luoshi.supervision.queries.sentences import explain_end
from luoshi.tasks.models import Duty
from luoshi.tasks.queries.asked import list_also_asked
from luoshi.tasks.queries.inflating import gather_inflations, list_inflations_of
from luoshi.tasks.queries.measures import Division, SumRow, list_divisions
from luoshi.tasks.rules.access import acting_unit_id, may
from luoshi.tasks.rules.states import ACTIVE, BEFORE_DISPATCH, State

STEERABLE = (*BEFORE_DISPATCH, *ACTIVE)
POSTED = frozenset({"acknowledge"})  # steps that need no form of their own
STEPS: dict[str, tuple[str, Promise | str]] = {
    "draft": ("tasks:edit", gettext_lazy("Edit")),
    "name_lead": ("tasks:lead", gettext_lazy("Name the lead unit")),
    "dispatch": ("tasks:dispatch", gettext_lazy("Dispatch")),
    "acknowledge": ("tasks:acknowledge", gettext_lazy("Acknowledge")),
    "plan": ("tasks:milestones", gettext_lazy("Set milestones")),
    "cascade": ("tasks:cascade", gettext_lazy("Give down to units")),
    "report": ("progress:report", gettext_lazy("Report progress")),
    "extend": ("supervision:extend", gettext_lazy("Ask for more time")),
    "decide_extension": ("supervision:decide", gettext_lazy("Decide on more time")),
    "adapt": ("tasks:adapt", gettext_lazy("Propose to adapt it")),
    "decide_adaptation": ("tasks:decide_adaptation", gettext_lazy("Answer the objection")),
    "name_handler": ("tasks:handler", gettext_lazy("Name the handler")),
    "tie": ("tasks:tie", gettext_lazy("We do this already")),
    "submit": ("supervision:submit", gettext_lazy("Submit as done")),
    "verify": ("supervision:verify", gettext_lazy("Verify")),
    "close": ("supervision:close", gettext_lazy("Write off")),
    "reopen": ("supervision:reopen", gettext_lazy("Reopen")),
    "place": ("tasks:place", gettext_lazy("Move under another task")),
    "recall": ("tasks:recall", gettext_lazy("Recall the dispatch")),
    "recall_parts": ("tasks:recall_parts", gettext_lazy("Recall what was given down")),
    "withdraw": ("tasks:withdraw", gettext_lazy("Withdraw")),
    "ask_coordination": ("supervision:ask", gettext_lazy("Ask for a decision")),
    "ask_pause": ("supervision:ask_pause", gettext_lazy("Ask for a suspension")),
    "decide_pause": ("supervision:decide_pause", gettext_lazy("Decide on standing still")),
    "suspend": ("supervision:suspend", gettext_lazy("Suspend")),
    "resume": ("supervision:resume", gettext_lazy("Let the clock run again")),
    "change_hands": ("supervision:change_hands", gettext_lazy("Transfer, split or merge")),
    "decide_change": ("supervision:decide_change", gettext_lazy("Decide on the change of hands")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A lawful step as a button: a form's page, or a POST where nothing needs to be typed."""

    verb: str
    label: str
    url: str
    is_post: bool


@require_GET
def task(request: SignedRequest, id: int) -> HttpResponse:
    """One task. `?skip=` shows the next group of the tasks given down from it."""
    skip = request.GET.get("skip", "0")
    page = get_task_page(
        request.access,
        id=id,
        skip=int(skip) if skip.isascii() and skip.isdecimal() and len(skip) < 7 else 0,
        today=today(),
        policy=get_policy(),
    )
    indicators = list_summaries(page.task, today=today(), sheets=_reporters(request, page))
    words = {
        "page": page,
        "task": page.task,
        "primary": make_step(page.primary, page) if page.primary else None,
        "others": [step for verb in page.steps if (step := make_step(verb, page))],
        "waits": _waits(page),
        "history": [(entry, describe_entry(entry, task=id)) for entry in page.entries],
        "verbs": {entry.verb for entry in page.entries},
        "today": today(),
        "task_base": reverse("ledger:task", args=[0]).removesuffix("0/"),
        "rows": page.below.rows,
        "clocks": get_task_clocks(page, today=today()),
        "may_enter": may_keep_calendar(request.access),
        "following": get_following(page.task, page.facts, request.access, today=today(), policy=get_policy()),
        "also": list_also_asked(page.task, access=request.access),
        "indicators": indicators,
        "divisions": _divide(page, is_measured=bool(indicators)),
        "inflated": gather_inflations(list_inflations_of(page.task)) if page.below.total else [],
        "asks_decision": "ask_coordination" in page.steps,
        **_chased(request, page),
        "may_define_indicator": may(request.access, page.facts, "steer") and page.task.state in STEERABLE,
    }
    return render(request, "ledger/task.html", words)


def _chased(request: SignedRequest, page: TaskPage) -> dict[str, object]:
    """How the units are chased about it, and what the reader may do about that."""
    panels = list_panels(page.task) if page.task.dispatched_at else []
    return {
        "chases": panels,
        "papers": list_papers(request.access, panels),
        "instruments": INSTRUMENT_LABELS,
        "ended_by": explain_end,
        "may_chase": may(request.access, page.facts, "close"),
        "is_sponsor": page.task.sponsor_id == request.access.person_id,
    }


def _reporters(request: SignedRequest, page: TaskPage) -> frozenset[int]:
    """The unit for which the reader gives readings of this task, if any."""
    unit = acting_unit_id(request.access, page.facts, "report") if may(request.access, page.facts, "report") else None
    return frozenset() if unit is None else frozenset({unit})


def _divide(page: TaskPage, *, is_measured: bool) -> list[Division]:
    """分解合计: what the targets of the parts come to beside its own; nothing more is asked where none measures."""
    task, below = page.task, page.below
    if is_measured and below.total:
        return list_divisions(task)
    if below.target is None or task.target_value is None:
        return []
    total = SumRow("", task.target_value, below.target)
    return [Division("", task.target_unit, task.target_op.startswith("<"), below.total, 0, total)]


def make_step(verb: str, page: TaskPage) -> Step | None:
    """The button of a step; None where this installation has no page for it."""
    name, label = STEPS[verb]
    subjects = {"decide_extension": page.extension, "decide_adaptation": page.adaptation}
    subject = subjects.get(verb)
    key = subject.pk if subject else page.task.pk
    target = url(name, key)
    return Step(verb, str(label), target, verb in POSTED) if target else None


def _waits(page: TaskPage) -> list[str]:
    """What the task waits for, in sentences; empty when it has ended."""
    task, found = page.task, []
    if task.state in BEFORE_DISPATCH:
        found.append(_("%(unit)s has to dispatch it.") % {"unit": task.owner})
    if page.facts.lacks_lead:
        found.append(_("Several units share it and none leads: %(unit)s has to name one.") % {"unit": task.owner})
    if page.unacknowledged and task.state not in BEFORE_DISPATCH:
        found.append(_("%(units)s: receipt is not acknowledged yet.") % {"units": _names(page.unacknowledged)})
    if page.extension:
        found.append(
            _("%(unit)s asks to move the due date to %(date)s; %(owner)s has to decide.")
            % {
                "unit": page.extension.unit,
                "date": shown_day(page.extension.to_date),
                "owner": page.extension.decider_unit or task.owner,
            }
        )
    for asked, _stands in page.beside.questions:
        if asked.state == "open":
            words = _("%(who)s has to decide by %(date)s: %(question)s")
            who = asked.asked_person or asked.asked_unit
            day = shown_day(asked.needed_date)
            found.append(words % {"who": who, "date": day, "question": asked.question[:100]})
    if page.beside.pausing == "requested":
        found.append(_("%(owner)s has to decide whether its clock may stand still.") % {"owner": task.owner})
    if page.beside.open_change:
        found.append(_("A change of hands waits for its answer."))
    if page.adaptation:
        words = _("%(unit)s proposes to adapt it; %(owner)s has to answer.")
        found.append(words % {"unit": page.adaptation.unit, "owner": task.owner})
    return found + _waits_for_work(page)


def _waits_for_work(page: TaskPage) -> list[str]:
    """The next move of the doers or their checkers."""
    task, leads = page.task, _names(page.in_role("lead", "joint"))
    if task.state in (State.SUBMITTED, State.UNDER_VERIFICATION):
        return [_("Another than the doer has to verify it, for %(owner)s.") % {"owner": task.owner}]
    if task.state == State.COMPLETED:
        return [_("%(owner)s has to write it off.") % {"owner": task.owner}]
    if task.state == State.RETURNED:
        return [_("%(units)s: put right what the check found, then submit again.") % {"units": leads}]
    found = []
    last = page.feedback[0] if page.feedback else None
    if last and last.ask and last.asked_unit:
        found.append(_("%(unit)s is asked: %(ask)s") % {"unit": last.asked_unit, "ask": last.ask[:120]})
    if page.next_report:
        found.append(_("The next report is due on %(date)s.") % {"date": shown_day(page.next_report)})
    return found


def _names(duties: list[Duty]) -> str:
    names = [str(d.unit) if d.unit else d.written_name or d.selector for d in duties]
    return "、".join(names[:6]) + (f" +{len(names) - 6}" if len(names) > 6 else "")

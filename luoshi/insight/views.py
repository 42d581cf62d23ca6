"""The needle: one ranked list, and counts beside it."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.insight.queries import NEED_WORDS, explain_reasons, get_needle, list_doers, list_figures
from luoshi.insight.rules import LIMIT, Item, Need, Ranked
from luoshi.ledger.queries import is_quick_to_count
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.tasks.queries.inflating import count_unseen

POSTED = frozenset({Need.ACKNOWLEDGE})
PAGES = {
    Need.ACKNOWLEDGE: "tasks:acknowledge",
    Need.FIX: "progress:report",
    Need.VERIFY: "supervision:verify",
    Need.DECIDE_ADAPTATION: "tasks:decide_adaptation",
    Need.DECIDE_EXTENSION: "supervision:decide",
    Need.SPONSOR_ACT: "supervision:sponsor_act",
    Need.DECIDE_REQUEST: "supervision:coordination",
    Need.DECIDE_PAUSE: "supervision:decide_pause",
    Need.DECIDE_CHANGE: "supervision:decide_change",
    Need.CONSENT: "supervision:change",
    Need.APPROVE_INSPECTION: "inspections:approve",
    Need.RECEIVE_CONCLUSION: "inspections:conclusion",
    Need.REVIEW_OBJECTION: "inspections:review",
    Need.NAME_LEAD: "tasks:lead",
    Need.REMOVE_OBSTACLE: "progress:clear_obstacle",
    Need.NAME_OBSTACLE: "progress:obstacle",
    Need.SUBMIT: "supervision:submit",
    Need.REPORT: "progress:report",
    Need.WORK: "progress:report",
    Need.DISPATCH: "tasks:dispatch",
    Need.REVIEW: "directives:review",
    Need.CLOSE: "supervision:close",
}
# their page is that of what was asked for
DECIDED = frozenset(
    {Need.DECIDE_EXTENSION, Need.DECIDE_ADAPTATION, Need.DECIDE_REQUEST, Need.CONSENT, Need.REMOVE_OBSTACLE}
)
# their task need not be one that the person sees
INSPECTING = frozenset({Need.APPROVE_INSPECTION, Need.RECEIVE_CONCLUSION, Need.REVIEW_OBJECTION})
UNSEEN = INSPECTING | frozenset({Need.DECIDE_REQUEST, Need.CONSENT, Need.REMOVE_OBSTACLE})
LABELLED = {Need.WORK: Need.REPORT, Need.FIX: Need.REPORT}
OPEN: Promise | str = _("Open")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the needle, ready to print."""

    place: int
    need: str
    title: str
    doer: str
    code: str
    url: str
    why: str
    colour: str
    light: str
    ranked: Ranked
    step_url: str
    step_label: str
    is_post: bool


@require_GET
def needle(request: SignedRequest) -> HttpResponse:
    """What this person should do now, in order, with the reason; counts to the right, unasked where that is quick."""
    day, policy = today(), get_policy()
    ranked = get_needle(request.access, today=day, policy=policy)
    shown, ledger = ranked[:LIMIT], reverse("ledger:list")
    counts = "figures" in request.GET or is_quick_to_count(request.access)
    figures = list_figures(request.access, today=day, policy=policy) if counts else []
    doers = list_doers(shown)
    words = {
        "lines": [_line(row, doer=doers.get(row.item.task_id or 0, "")) for row in shown],
        "more": max(0, len(ranked) - LIMIT),
        "figures": [(figure, f"{ledger}?{urlencode(figure.params)}") for figure in figures],
        "today": day,
        "raised": count_unseen(request.access),
    }
    return render(request, "insight/needle.html", words)


def _page(item: Item) -> str:
    """Where the subject of a row is read."""
    if item.need == Need.FOLLOW_UNITS:
        return url("tasks:unit_changes")
    if item.need == Need.APPROVE_CHASE:
        return url("supervision:approvals")
    if item.need == Need.ISSUE_PAPERS:
        return url("supervision:step_papers")
    if item.need == Need.READ:
        return f"{url('progress:readings')}?unit={item.subject_id}"
    if item.need in UNSEEN:
        return url(PAGES[item.need], item.subject_id)
    return url("ledger:task", item.task_id) if item.task_id else url("directives:review", item.subject_id)


def _line(row: Ranked, *, doer: str) -> Line:
    item = row.item
    page = _page(item)
    key = item.subject_id if item.need in DECIDED else item.task_id or item.subject_id
    step = page if item.need in (Need.READ, Need.APPROVE_CHASE, Need.ISSUE_PAPERS) else ""
    if item.need in PAGES and not item.is_parent_work:
        step = url(PAGES[item.need], key)
    colour = item.light or "grey"
    return Line(
        place=row.place,
        need=str(NEED_WORDS[item.need]),
        title=item.title,
        doer=doer,
        code=item.code,
        url=page,
        why=explain_reasons(row.reasons),
        colour=colour,
        light=str(COLOUR_WORDS[colour]),
        ranked=row,
        step_url=step or page,
        step_label=str(NEED_WORDS[LABELLED.get(item.need, item.need)] if step else OPEN),
        is_post=bool(step) and item.need in POSTED,
    )

"""Pages: a task changes hands, is split, or goes into another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.progress.queries import get_outlook
from luoshi.supervision.actions.changing import (
    as_part,
    consent_change,
    decide_change,
    order_change,
    propose_change,
    withdraw_change,
)
from luoshi.supervision.forms.coordination import ChangeForm, VerdictForm
from luoshi.supervision.models import Change
from luoshi.supervision.queries.changing import (
    TABS,
    as_rows,
    asks_consent,
    facts_of,
    get_change_for,
    get_leading_unit,
    get_open_change,
    list_change_rows,
    list_merge_places,
    list_often,
    list_split_parts,
)
from luoshi.supervision.rules.changing import CONSENTING, Stage, may_consent, needs_consent, stage_of
from luoshi.supervision.views.frame import run, show
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Task
from luoshi.tasks.queries import acting_unit, get_task_and_facts, get_task_for
from luoshi.tasks.rules.access import TaskFacts, may


@require_GET
def changes(request: SignedRequest) -> HttpResponse:
    """Changes of hands that wait, that are settled, and the tasks that changed hands most often."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    context: dict[str, Any] = {"tab": tab, "tabs": TABS, "most": get_policy().lead_changes}
    if tab == "often":
        return render(request, "supervision/changes.html", {**context, "often": list_often(request.access)})
    page = paginate(list_change_rows(request.access, tab=tab), number=request.GET.get("page", "1"))
    rows = as_rows(request.access, list(page.rows))
    return render(request, "supervision/changes.html", {**context, "page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
def change_hands(request: SignedRequest, id: int) -> HttpResponse:
    """Propose a transfer, a split or a merger; who decides on the task orders it at once."""
    task, facts = get_task_and_facts(request.access, id=id, to="change_hands")
    check_step(task, "change_hands")
    decides = may(request.access, facts, "decide_change")
    unit = get_leading_unit(task) if decides else acting_unit(request.access, task, "change_hands", facts=facts)
    if unit is None:
        raise NotAllowed
    form = ChangeForm(request.POST or None, access=request.access, initial={"kind": "transfer"})

    def act() -> None:
        _change(request, form, task, facts, unit=unit)

    done = _("Done. All who work on it are told.") if decides else _("Proposed. It waits for its answer.")
    q = request.GET.get("q", "").strip()[:80]
    places = list_merge_places(request.access, task, q=q)
    return run(request, form, task, act, done) or show(
        request, "change_hands", form, task, unit=unit, decides=decides, places=places, q=q
    )


def _change(request: SignedRequest, form: ChangeForm, task: Task, facts: TaskFacts, *, unit: Unit) -> None:
    given = form.cleaned_data
    to = given["unit_name"] if given["kind"] == "transfer" else None
    into = (
        get_task_for(request.access, id=given["into"], to="see") if given["kind"] == "merge" and given["into"] else None
    )
    parts = given["parts"] if given["kind"] == "split" else []
    fields: dict[str, Any] = {
        "kind": given["kind"], "unit": unit, "reason": given["reason"], "by": request.user, "now": now(),
        "to_unit": to, "into": into,
        "parts": [as_part(u.pk, target=p.value, due_date=p.due_date, requirement=p.standard) for u, p in parts],
    }  # fmt: skip
    if not may(request.access, facts, "decide_change"):
        propose_change(task, **fields)
        return
    if into is not None:
        get_task_for(request.access, id=into.pk, to="decide_change")
    asks = to is not None and needs_consent(
        request.access, kind=given["kind"], to_path=to.path or "", decides=True
    )  # fmt: skip
    (propose_change if asks else order_change)(task, **fields)


@require_http_methods(["GET", "POST"])
def decide(request: SignedRequest, id: int) -> HttpResponse:
    """Let a task change hands as proposed, or refuse with a reason."""
    task = get_task_for(request.access, id=id, to="decide_change")
    change = get_open_change(task)
    if change is None:
        raise Http404
    change.task = task
    asks = asks_consent(request.access, change, decides=True) and change.consent_at is None
    form = VerdictForm(request.POST or None)

    def act() -> None:
        if change.into is not None and form.cleaned_data["decision"] == "approved":
            get_task_for(request.access, id=change.into.pk, to="decide_change")
        decide_change(
            change, approve=form.cleaned_data["decision"] == "approved", opinion=form.cleaned_data["opinion"],
            by=request.user, now=now(), needs_consent=asks,
        )  # fmt: skip

    done = run(request, form, task, act, _("Decided. All who work on it are told."))
    return done or show(
        request, "decide_change", form, task, change=change, asks=asks, parts=list_split_parts(change),
        is_own=change.by_id == request.user.pk,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def change(request: SignedRequest, id: int) -> HttpResponse:
    """A change as the unit that is to take the task over reads it, with its consent."""
    found = get_change_for(request.access, id=id, to="consent" if request.method == "POST" else "see")
    form = VerdictForm(request.POST or None)

    def act() -> None:
        consent_change(
            found, agree=form.cleaned_data["decision"] == "approved", opinion=form.cleaned_data["opinion"],
            by=request.user, now=now(),
        )  # fmt: skip

    if request.method == "POST":
        done = run(request, form, found.task, act, _("Answered. Those who decide are told."))
        if done:
            return HttpResponseRedirect(url("supervision:change", found.pk))
    return _change_page(request, found, form)


def _change_page(request: SignedRequest, found: Change, form: forms.Form) -> HttpResponse:
    facts = facts_of(found)
    context = {
        "change": found, "task": found.task, "form": form, "parts": list_split_parts(found),
        "may_consent": stage_of(facts) == Stage.CONSENT and may_consent(request.access, facts),
        "may_withdraw": found.state in ("proposed", "consented")
        and not request.access.admin and request.access.sits_in(found.unit_id, roles=CONSENTING),
        "outlook": get_outlook(found.task, today=today(), policy=get_policy()),
    }  # fmt: skip
    return render(request, "supervision/change.html", context, status=getattr(form, "status", 200))


@require_POST
def withdraw(request: SignedRequest, id: int) -> HttpResponse:
    """Take a proposal back."""
    found = get_change_for(request.access, id=id, to="withdraw")
    withdraw_change(found, by=request.user, now=now())
    messages.success(request, _("Taken back."))
    return HttpResponseRedirect(url("supervision:change", found.pk))

"""Pages: asking for a decision, the question as those asked read it, and all that wait."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import Page, paginate
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import get_outlook
from luoshi.supervision.actions.coordination import (
    answer_coordination,
    ask_coordination,
    pass_coordination,
    withdraw_coordination,
)
from luoshi.supervision.forms.coordination import AnswerForm, AskForm, PassForm
from luoshi.supervision.models import Coordination
from luoshi.supervision.queries.coordination import (
    TABS,
    get_coordination_for,
    get_last_ask,
    get_needed_date,
    get_question,
    list_asked_rows,
    list_chain,
    list_keeping,
    list_leaders,
    list_requests,
    sees_task,
    timeliness_of,
)
from luoshi.supervision.rules.coordination import may_answer, may_take_back
from luoshi.supervision.views.frame import run, show
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.queries import acting_unit, get_task_for


@require_GET
def requests(request: SignedRequest) -> HttpResponse:
    """Requests for a decision: whom each waits for, how long already, and how those asked keep the time."""
    day, asked = today(), request.GET.get("tab", "")
    counts = {tab: list_requests(request.access, tab=tab).count() for tab in TABS}
    tab = asked if asked in TABS else next((t for t in TABS if counts[t]), "mine")
    found = paginate(list_requests(request.access, tab=tab), number=request.GET.get("page", "1"), total=counts[tab])
    rows = list_asked_rows(request.access, found.rows, today=day)
    page = Page(rows=rows, number=found.number, size=found.size, total=found.total)
    context = {"tab": tab, "tabs": TABS, "counts": counts, "page": page, "today": day}
    keeping = list_keeping(request.access, today=day)
    return render(request, "supervision/requests.html", {**context, "keeping": keeping})


@require_http_methods(["GET", "POST"])
def ask(request: SignedRequest, id: int) -> HttpResponse:
    """Ask a unit or a leader for a decision; what the last report asked stands there already."""
    task = get_task_for(request.access, id=id, to="ask_coordination")
    unit = acting_unit(request.access, task, "ask_coordination")
    check_step(task, "ask_coordination")
    day = today()
    said = get_last_ask(task, unit_id=unit.pk, id=request.GET.get("report", ""))
    initial: dict[str, Any] = {"needed_date": get_needed_date(task, today=day)}
    if said is not None:
        initial |= {"question": said.ask, "unit_name": said.asked_unit.code if said.asked_unit else ""}
    form = AskForm(
        request.POST or None, initial=initial, access=request.access, leaders=list_leaders(request.access, today=day)
    )

    def act() -> None:
        given = dict(form.cleaned_data)
        ask_coordination(
            task, unit=unit, by=request.user, now=now(), asked_unit=given.pop("unit_name"),
            asked_person=given.pop("person"), **given,
        )  # fmt: skip

    done = run(
        request, form, task, act, _("Asked. The clock now runs on who is asked; the answer will be told to you.")
    )
    return done or show(request, "ask", form, task, unit=unit, said=said)


@require_GET
def coordination(request: SignedRequest, id: int) -> HttpResponse:
    """One question, readable by who is asked even where they do not see its task."""
    return _question(request, get_coordination_for(request.access, id=id))


@require_POST
def answer(request: SignedRequest, id: int) -> HttpResponse:
    """Decide."""
    asked = get_coordination_for(request.access, id=id, to="answer")
    form = AnswerForm(request.POST)

    def act() -> None:
        answer_coordination(asked, by=request.user, now=now(), **form.cleaned_data)

    return _settle(request, asked, form, act, _("Decided. The unit that asked is told."), name="answering")


@require_POST
def pass_on(request: SignedRequest, id: int) -> HttpResponse:
    """Pass the question on to whom it belongs."""
    asked = get_coordination_for(request.access, id=id, to="answer")
    form = PassForm(request.POST, access=request.access, leaders=list_leaders(request.access, today=today()))

    def act() -> None:
        given = form.cleaned_data
        pass_coordination(
            asked, reason=given["reason"], to_unit=given["unit_name"], to_person=given["person"], by=request.user,
            now=now(),
        )  # fmt: skip

    return _settle(request, asked, form, act, _("Passed on. The clock now runs on them."), name="passing")


@require_POST
def take_back(request: SignedRequest, id: int) -> HttpResponse:
    """Take one's own question back."""
    asked = get_coordination_for(request.access, id=id, to="take_back")
    form = forms.Form(request.POST)

    def act() -> None:
        withdraw_coordination(asked, by=request.user, now=now())

    return _settle(request, asked, form, act, _("Taken back."), name="answering")


def _settle(
    request: SignedRequest, asked: Coordination, form: forms.Form, act: Callable[[], None], message: str, *, name: str
) -> HttpResponse:
    """Run the action of a filled form and show the question as it stands; nothing typed is lost."""
    status = 422
    if form.is_valid():
        try:
            act()
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, message)
            return HttpResponseRedirect(url("supervision:coordination", asked.pk))
    return _question(request, asked, status=status, **{name: form})


def _question(request: SignedRequest, asked: Coordination, *, status: int = 200, **given: forms.Form) -> HttpResponse:
    day, question = today(), get_question(asked)
    leaders = list_leaders(request.access, today=day)
    context = {
        "asked": asked, "task": asked.task, "chain": list_chain(asked), "timeliness": timeliness_of(asked, today=day),
        "answering": AnswerForm(), "passing": PassForm(access=request.access, leaders=leaders),
        "may_answer": may_answer(request.access, question), "may_take_back": may_take_back(request.access, question),
        "sees_task": sees_task(request.access, asked.task), "today": day,
        "outlook": get_outlook(asked.task, today=day, policy=get_policy()),
    }  # fmt: skip
    return render(request, "supervision/coordination.html", {**context, **given}, status=status)

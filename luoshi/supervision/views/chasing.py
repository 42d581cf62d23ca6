"""Pages of chasing: the queue of chases, approvals, what is listed, and the log of calls by hand."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.supervision.actions.approving import approve_steps, refuse_steps
from luoshi.supervision.actions.by_hand import record_contact
from luoshi.supervision.actions.issuing import issue_papers
from luoshi.supervision.forms.chasing import ApproveForm, ContactForm
from luoshi.supervision.models import INSTRUMENT_LABELS, ChaseStep
from luoshi.supervision.queries.chases import (
    awaiting_for,
    count_open,
    count_stopped,
    list_awaiting,
    list_coming,
    list_contacts,
    list_listed,
    list_open,
    list_stopped,
)
from luoshi.supervision.queries.ladders import list_ladder_units
from luoshi.supervision.queries.sentences import explain_end
from luoshi.supervision.queries.step_papers import (
    get_step_for,
    list_papers_waiting,
    papers_waiting,
    show_step_paper,
)
from luoshi.supervision.views.frame import run, show
from luoshi.tasks.queries import get_task_for

TABS = {
    "open": gettext_lazy("under way"),
    "coming": gettext_lazy("goes out next"),
    "stopped": gettext_lazy("ended"),
}
RECENT = timedelta(days=30)


@require_GET
def chasing(request: SignedRequest) -> HttpResponse:
    """Open chases by the step reached, what goes out on the next working day, and what ended the others."""
    tab, day = request.GET.get("tab", "open"), today()
    tab = tab if tab in TABS else "open"
    context = {
        "tab": tab, "tabs": TABS, "today": day, "waiting": awaiting_for(request.access).count(),
        "papers": papers_waiting(request.access, today=day).count(), "instruments": INSTRUMENT_LABELS,
    }  # fmt: skip
    context["keeps"] = bool(list_ladder_units(request.access))
    if tab == "coming":
        paths = [""] if request.access.admin else list(request.access.paths)
        context["coming"] = list_coming(paths, today=day, policy=get_policy())
    elif tab == "stopped":
        page = list_stopped(request.access, number=request.GET.get("page", "1"))
        ends = count_stopped(request.access, since=day - RECENT)
        context |= {"page": page, "ends": [(explain_end(by), n) for by, n in sorted(ends.items())]}
        context["rows"] = [(chase, explain_end(chase.stopped_by)) for chase in page.rows]
    else:
        counts, asked = count_open(request.access), request.GET.get("step")
        asked = asked if asked in counts else None
        page_of = list_open(request.access, instrument=asked, number=request.GET.get("page", "1"), today=day)
        context |= {"counts": counts, "asked": asked, "page": page_of, "total": sum(counts.values())}
    return render(request, "supervision/chasing.html", context)


@require_http_methods(["GET", "POST"])
def approvals(request: SignedRequest) -> HttpResponse:
    """Steps that wait for this person's yes: several are sent at once, or refused with a reason."""
    form = ApproveForm(request.POST or None)
    steps = list_awaiting(request.access)
    chosen = {int(pk) for pk in request.POST.getlist("step") if pk.isdecimal() and len(pk) < 19}
    if request.method == "POST" and form.is_valid():
        try:
            words = _decide(request, form, [step for step in steps if step.pk in chosen])
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            form.status = refusal.status  # type: ignore[attr-defined]
        else:
            messages.success(request, words)
            return HttpResponseRedirect(url("supervision:approvals"))
    context = {"form": form, "steps": steps, "chosen": chosen, "today": today()}
    return render(request, "supervision/approvals.html", context, status=getattr(form, "status", 200))


def _decide(request: SignedRequest, form: ApproveForm, steps: list[ChaseStep]) -> str:
    given = form.cleaned_data
    if given["decision"] != "refuse":
        sent = approve_steps(
            steps, by=request.user, now=now(), policy=get_policy(), new_limit=given["new_limit"],
            opinion=given["opinion"], keep_drafts=given["decision"] == "hold",
        )  # fmt: skip
        return ngettext("%(n)s step was sent.", "%(n)s steps were sent.", len(sent)) % {"n": len(sent)}
    refuse_steps(steps, reason=given["opinion"], by=request.user, now=now())
    return ngettext("%(n)s step was not sent.", "%(n)s steps were not sent.", len(steps)) % {"n": len(steps)}


@require_http_methods(["GET", "POST"])
def papers(request: SignedRequest) -> HttpResponse:
    """Papers of steps that wait for the office: looked over, then issued, several at once."""
    steps = list_papers_waiting(request.access, today=today())
    if request.method == "POST":
        chosen = {int(pk) for pk in request.POST.getlist("step") if pk.isdecimal() and len(pk) < 19}
        asked = [step for step in steps if step.pk in chosen]
        letters = issue_papers(asked, by=request.user, now=now(), policy=get_policy()) if asked else []
        issued = sum(letter.number is not None for letter in letters)
        words = ngettext("%(n)s paper was issued.", "%(n)s papers were issued.", issued) % {"n": issued}
        left = _("What was chosen beyond these still waits: look what it lacks.") if issued < len(asked) else ""
        (messages.success if issued else messages.warning)(request, f"{words} {left}".strip())
        return HttpResponseRedirect(url("supervision:step_papers"))
    return render(request, "supervision/papers.html", {"steps": steps})


@require_GET
def step_paper(request: SignedRequest, id: int) -> HttpResponse:
    """The paper of a step as it would go out today, before it is approved or issued."""
    step = get_step_for(request.access, id=id, today=today())
    if step.letter_id:
        return HttpResponseRedirect(url("letters:letter", step.letter_id))
    shown, missing = show_step_paper(step, today=today(), policy=get_policy(), signer=request.user.name)
    context = {"step": step, "task": step.chase.task, "shown": shown, "missing": missing}
    return render(request, "supervision/step_paper.html", context)


@require_GET
def listed(request: SignedRequest) -> HttpResponse:
    """挂牌督办: the public list of what is listed for supervision, made to be printed."""
    return render(request, "supervision/listed.html", {"steps": list_listed(request.access), "today": today()})


@require_http_methods(["GET", "POST"])
def contact(request: SignedRequest, id: int) -> HttpResponse:
    """Log that a unit was chased by telephone, letter, at the door or in a meeting."""
    task = get_task_for(request.access, id=id, to="close")
    form = ContactForm(request.POST or None, task=task)

    def act() -> None:
        record_contact(task, by=request.user, now=now(), **form.cleaned_data)

    done = run(request, form, task, act, _("Recorded."))
    return done or show(request, "contact", form, task, contacts=list_contacts(task))

"""Pages of leaders in charge: their items under the same lights, and one line for what they did."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.policy import get_policy
from luoshi.orgs.middleware import SignedRequest
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.supervision.actions.by_hand import record_sponsor_act
from luoshi.supervision.forms.chasing import SponsorActForm
from luoshi.supervision.queries.sponsoring import list_leaders
from luoshi.supervision.views.frame import run, show
from luoshi.tasks.queries import get_task_for


@require_GET
def sponsored(request: SignedRequest) -> HttpResponse:
    """Leaders' items: sponsored work, its lights, and how often its leader acted."""
    policy = get_policy()
    leaders, is_cut = list_leaders(request.access, today=today(), policy=policy)
    context = {"leaders": leaders, "is_cut": is_cut, "days": policy.sponsor_days, "words": COLOUR_WORDS}
    return render(request, "supervision/sponsored.html", {**context, "me": request.access.person_id})


@require_http_methods(["GET", "POST"])
def sponsor_act(request: SignedRequest, id: int) -> HttpResponse:
    """The leader in charge records an act: met, went to see, coordinated, urged."""
    task = get_task_for(request.access, id=id)
    if task.sponsor_id != request.access.person_id:
        raise NotAllowed
    form = SponsorActForm(request.POST or None, initial={"date": today()})

    def act() -> None:
        given = form.cleaned_data
        record_sponsor_act(task, kind=given["kind"], note=given["note"], day=given["date"], by=request.user, now=now())

    done = run(request, form, task, act, _("Recorded."))
    acts = list(task.sponsor_acts.select_related("person")[:20])
    return done or show(request, "sponsor_act", form, task, acts=acts)

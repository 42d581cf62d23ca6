"""Pages of one's messages and of the suggestion box."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luoshi.core.clock import now
from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.notices import actions
from luoshi.notices.forms import AnswerForm, SuggestionForm
from luoshi.notices.queries import get_suggestion_for, list_notices, list_suggestions, may_answer
from luoshi.orgs.middleware import SignedRequest


@require_GET
def notices(request: SignedRequest) -> HttpResponse:
    """My messages, the newest first."""
    found = list_notices(request.user.pk)
    only_unread = request.GET.get("unread") == "1"
    if only_unread:
        found = found.filter(read_at__isnull=True)
    page = paginate(found, number=request.GET.get("page", 1))
    return render(request, "notices/list.html", {"page": page, "only_unread": only_unread})


@require_POST
def read(request: SignedRequest, id: int) -> HttpResponse:
    """Mark one message as read and open what it is about."""
    notice = list_notices(request.user.pk).filter(pk=id).first()
    actions.read_notices(request.user, id=id, now=now())
    target = notice.url if notice and notice.url.startswith("/") else ""
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if safe and request.POST.get("open") else "notices:list")


@require_POST
def read_all(request: SignedRequest) -> HttpResponse:
    """Mark all my messages as read."""
    count = actions.read_notices(request.user, now=now())
    messages.success(request, _("%(n)s notices marked as read.") % {"n": count})
    return redirect("notices:list")


def suggestions(request: SignedRequest) -> HttpResponse:
    """The suggestion box: put one in; read one's own, and the office those it should answer."""
    form = SuggestionForm(request.POST or None)
    if form.is_valid():
        home = request.access.homes[0] if request.access.homes else ""
        actions.make_suggestion(form.cleaned_data["text"], home=home, by=request.user, now=now())
        messages.success(request, _("Thank you. The supervision office reads it and answers here."))
        return redirect("notices:suggestions")
    page = paginate(list_suggestions(request.access), number=request.GET.get("page", 1))
    rows = [(suggestion, may_answer(request.access, suggestion)) for suggestion in page.rows]
    context = {"form": form, "page": page, "rows": rows, "answer": AnswerForm(auto_id=False)}
    return render(request, "notices/suggestions.html", context, status=422 if form.is_bound else 200)


@require_POST
def answer(request: SignedRequest, id: int) -> HttpResponse:
    """Answer a suggestion."""
    suggestion = get_suggestion_for(request.access, id=id, to="answer")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Write an answer of at most 2,000 characters."))
        return redirect("notices:suggestions")
    try:
        actions.answer_suggestion(suggestion, answer=form.cleaned_data["answer"], by=request.user, now=now())
        messages.success(request, _("Answered."))
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    return redirect("notices:suggestions")

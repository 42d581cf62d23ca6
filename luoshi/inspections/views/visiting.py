"""Pages for the site: the checklist on a phone, what a device sends, the device's own keeper."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now
from luoshi.core.errors import Refusal
from luoshi.core.policy import get_policy
from luoshi.inspections.actions.visiting import NoChecklist, Sent, SentMeanwhile, send_photo, send_visit
from luoshi.inspections.models import InspectionObject, Visit
from luoshi.inspections.queries.gate import get_object_for
from luoshi.inspections.queries.visits import get_own_visit, get_reported, get_visit_of, list_questions, list_visits
from luoshi.inspections.rules.visits import CHOICES
from luoshi.orgs.middleware import SignedRequest

CHOICE_LABELS = dict(
    zip(CHOICES, (gettext_lazy("as it should be"), gettext_lazy("not so"), gettext_lazy("does not apply")), strict=True)
)
STATES = {
    "ready": gettext_lazy("Ready. What you type stays on this device at once."),
    "kept": gettext_lazy("Kept on this device, not sent yet"),
    "waiting": gettext_lazy("Waiting for a connection to send."),
    "sending": gettext_lazy("Sending…"),
    "sent": gettext_lazy("Sent."),
    "ended": gettext_lazy("Sent; the visit is ended."),
    "offline": gettext_lazy("No signal: it is sent as soon as there is one."),
    "unreachable": gettext_lazy("The site cannot be reached: it is tried again by itself."),
    "signed_out": gettext_lazy("You were signed out. Sign in again in another tab and send; nothing is lost."),
    "refused": gettext_lazy("Not accepted:"),
    "clash": gettext_lazy("Another device sent other answers. Choose below."),
    "photos_wait": gettext_lazy("The answers are sent; photographs still wait."),
    "photos": gettext_lazy("%(n)s photographs wait on this device"),
    "mine": gettext_lazy("on this device"),
    "theirs": gettext_lazy("sent from another"),
    "note": gettext_lazy("Note on the visit"),
}


@require_http_methods(["GET", "POST"])
def visit(request: SignedRequest, id: int) -> HttpResponse:
    """The checklist of one object: on a device it keeps itself and sends when it can; without scripts it is a form."""
    row = get_object_for(request.access, id=id, to="work")
    if row.inspection.checklist is None:
        raise NoChecklist
    own, refusal = get_own_visit(row, request.user), None
    if request.method == "POST":
        try:
            send_visit(row, _typed(request, row, own), by=request.user, now=now(), allowed=_allowed())
        except Refusal as found:
            refusal = found
        else:
            messages.success(request, _("Sent."))
            return HttpResponseRedirect(reverse("inspections:visit", args=[row.pk]))
    questions = list_questions(row)
    context = {
        "object": row, "inspection": row.inspection, "questions": questions,
        "own": own, "kept": json.dumps(_copy(own)), "reported": get_reported(row), "choices": CHOICE_LABELS,
        "words": json.dumps(_words()), "refusal": refusal, "visits": list_visits(row),
        "states": {"ready": STATES["ready"]},
    }  # fmt: skip
    status = refusal.status if refusal else 200
    response = render(request, "inspections/visit.html", context, status=status)
    response["Cache-Control"] = "private, no-cache"
    return response


def _words() -> dict[str, str]:
    return {key: str(text) for key, text in STATES.items()} | {
        f"answer_{key}": str(text) for key, text in CHOICE_LABELS.items()
    }


def _copy(own: Visit | None) -> dict[str, Any]:
    """What the server holds, as the device keeps it."""
    if own is None:
        return {"key": "", "version": 0, "answers": {}, "note": "", "ended": False}
    return {
        "key": own.client_key, "version": own.version, "answers": own.answers, "note": own.note,
        "ended": own.sent_at is not None,
    }  # fmt: skip


def _allowed() -> int:
    return get_policy().mismatch_percent


def _typed(request: SignedRequest, row: InspectionObject, own: Visit | None) -> Sent:
    """What a browser without scripts sends."""
    post, checklist = request.POST, row.inspection.checklist
    numbers = checklist.items.values_list("number", flat=True) if checklist else []
    answers = {str(n): {"a": post.get(f"a-{n}", ""), "n": post.get(f"n-{n}", "")} for n in numbers}
    key = own.client_key if own else f"form-{row.pk}-{request.user.pk}"
    version = post.get("version", "0")
    return Sent(
        key=key, version=int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0,
        answers=answers, note=post.get("note", ""), is_ended=post.get("do") == "end",
    )  # fmt: skip


@require_POST
def send(request: SignedRequest, id: int) -> JsonResponse:
    """What a device sends, as JSON; the answer says the version that is kept now, or what else was sent meanwhile."""
    row = get_object_for(request.access, id=id, to="work")
    try:
        sent = _read(request)
        kept = send_visit(row, sent, by=request.user, now=now(), allowed=_allowed())
    except SentMeanwhile as refusal:
        return JsonResponse({"detail": str(refusal.sentence), **_copy(refusal.visit)}, status=409)
    except Refusal as refusal:
        return JsonResponse({"detail": str(refusal.sentence)}, status=refusal.status)
    return JsonResponse({**_copy(kept), "photos": reverse("inspections:photo", args=[kept.pk])})


class Unreadable(Refusal):
    """What came is not what a device sends."""

    status = 422
    sentence = gettext_lazy("What was sent cannot be read. Reload the page: nothing on the device is lost.")


def _read(request: SignedRequest) -> Sent:
    try:
        body = request.body
        given = json.loads(body)
        key, version = str(given["key"]), int(given["version"])
    except (RawPostDataException, ValueError, KeyError, TypeError) as error:
        raise Unreadable from error
    if not key or "\0" in body.decode(errors="replace") or not 0 <= version < 10**9:
        raise Unreadable
    return Sent(key, version, given.get("answers"), str(given.get("note") or ""), given.get("is_ended") is True)


@require_POST
def photo(request: SignedRequest, id: int) -> JsonResponse:
    """One photograph of a visit of one's own."""
    found = get_visit_of(request.user, id=id)
    file, number = request.FILES.get("file"), request.POST.get("number", "")
    if file is None or not (number.isascii() and number.isdecimal() and len(number) < 4):
        return JsonResponse({"detail": str(Unreadable.sentence)}, status=422)
    try:
        kept = send_photo(
            found,
            file,
            number=int(number),
            key=request.POST.get("key", "") or file.name or "",
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        return JsonResponse({"detail": str(refusal.sentence)}, status=refusal.status)
    return JsonResponse({"id": kept.pk})


@require_GET
def worker(_request: SignedRequest) -> FileResponse:
    """The script that keeps the pages of visits on a device; it must lie beside them."""
    path = finders.find("core/dist/worker.js")
    if not isinstance(path, str):
        raise Http404
    response = FileResponse(open(path, "rb"), content_type="text/javascript")  # noqa: SIM115 - the response closes it
    response["Cache-Control"] = "no-cache"
    return response

"""One change for many tasks: chosen in the ledger, previewed row by row, done in one act, taken back in one."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import EditConflict, NotAllowed, Refusal
from luoshi.core.forms import SINCE, UNTIL
from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.ledger.actions.bulk import UNDOABLE, apply_change, undo_change
from luoshi.ledger.models import VALUE_SENTENCES
from luoshi.ledger.queries import choose, list_matching
from luoshi.ledger.queries.bulk import Meant, Preview, list_chosen, preview_change
from luoshi.ledger.queries.columns import list_columns
from luoshi.ledger.rules import Filter, StateGroup, filter_params, parse_filter
from luoshi.ledger.rules.bulk import MOST, MOST_DAYS, MOST_MOVES, WHAT, Asked, Bulk
from luoshi.ledger.rules.columns import FaultyValue, read_day, read_value
from luoshi.ledger.views.chips import CADENCES, TIERS, URGENCIES, read_params
from luoshi.orgs.middleware import SignedRequest
from luoshi.tasks.actions import UnexplainedInflation
from luoshi.tasks.actions.steering import GUARDED, is_undone
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_and_facts, list_sponsors_for, list_task_facts
from luoshi.tasks.queries.growing import explain_growth, list_growth
from luoshi.tasks.rules.access import may
from luoshi.tasks.rules.steering import FIELDS, Steer, needed_step

SHOWN = 200  # lines of the preview that are printed of those that will change


class Unclear(Refusal):
    """What was typed does not say what to change."""

    status = 422
    sentence = gettext_lazy("Choose what to change and the new value.")


@require_POST
def bulk(request: SignedRequest) -> HttpResponse:
    """The chosen tasks: ask what to change, preview it, or do it as previewed."""
    tasks, words = _chosen(request)
    if not tasks:
        messages.error(request, _("Tick the tasks to change, then go on."))
        return HttpResponseRedirect(words["back"])
    words |= _inputs(request)
    step = request.POST.get("step", "")
    if step not in ("preview", "apply"):
        return render(request, "ledger/bulk.html", words)
    try:
        meant = _read(request)
        if meant.asked.what == Bulk.PLACE and len(tasks) > MOST_MOVES:
            raise Unclear(_("At most %(most)s tasks can be moved at once.") % {"most": MOST_MOVES})
    except Refusal as refusal:
        return render(request, "ledger/bulk.html", words | {"error": refusal.sentence}, status=422)
    preview = preview_change(tasks, meant, access=request.access)
    words |= {"preview": preview, "shown": preview.changing[:SHOWN], "asked": meant.asked, "given": _given(request)}
    words |= {"raises": _list_raises(preview, meant), "reason": request.POST.get("reason", "")[:500]}
    if step == "apply":
        entry = _apply(request, preview, meant, words)
        if entry is not None:
            return HttpResponseRedirect(f"{reverse('ledger:bulk_done', args=[entry.seq])}?{words['query']}")
    is_refused = "error" in words or "unexplained" in words
    return render(request, "ledger/bulk_preview.html", words, status=409 if is_refused else 200)


def _apply(request: SignedRequest, preview: Preview, meant: Meant, words: dict[str, Any]) -> Entry | None:
    """Do it, if the same is shown as was confirmed; else say in the words of the page why not."""
    if request.POST.get("mark") != preview.mark or not preview.changing:
        words["error"] = _("Somebody changed one of the tasks meanwhile. Look again, then confirm.")
        return None
    try:
        return apply_change(preview, meant, by=request.user, now=now(), today=today(), reason=words["reason"])
    except UnexplainedInflation:
        words["unexplained"] = True
    except EditConflict:
        words["error"] = _("Somebody changed one of the tasks a moment ago. Look again, then confirm.")
    except Refusal as refusal:
        words["error"] = refusal.sentence
    return None


def _list_raises(preview: Preview, meant: Meant) -> list[str]:
    """In what the change asks units for more than was asked from above."""
    field = FIELDS[Steer(meant.asked.what)] if meant.asked.what in set(Steer) else ""
    if field not in GUARDED:
        return []
    changes = {row.task.pk: {field: row.after} for row in preview.changing}
    return explain_growth(list_growth([row.task for row in preview.changing], today=today(), changes=changes))


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_done(request: SignedRequest, id: int) -> HttpResponse:
    """What was changed by one's own act; a POST takes it back."""
    entry = Entry.objects.filter(pk=id, verb__in=UNDOABLE, actor=request.user).first()
    if entry is None:
        raise Http404
    back = f"{reverse('ledger:list')}?{urlencode(filter_params(parse_filter(read_params(request.GET))))}"
    if request.method == "POST":
        _check_still_allowed(request, entry)
        undo_change(entry, by=request.user, now=now())
        messages.success(request, _("Taken back: everything stands as before."))
        return HttpResponseRedirect(back)
    words = {"entry": entry, "count": _count(entry), "undone": is_undone(entry), "back": back}
    return render(request, "ledger/bulk_done.html", words)


def _count(entry: Entry) -> int:
    return int(entry.data.get("count") or len(entry.data.get("moves", ())))


def _check_still_allowed(request: SignedRequest, entry: Entry) -> None:
    """Whoever lost the post in which they changed the tasks cannot take it back. Raises NotAllowed."""
    if entry.verb == "set_values":
        return  # what they wrote in cells they may always take back, while nobody wrote over it
    what = Steer(entry.data["what"]) if entry.verb == "steer_tasks" else Steer.TIER
    tasks = list(Task.objects.filter(pk__in=entry.data["task_ids"][:MOST]).select_related("owner"))
    facts = list_task_facts(tasks)
    if not all(may(request.access, facts[task.pk], needed_step(what, task.state)) for task in tasks):
        raise NotAllowed


def _chosen(request: SignedRequest) -> tuple[list[Task], dict[str, Any]]:
    """The ticked tasks, or all that the filter lets through, among those that the person sees."""
    given = request.POST
    chosen = parse_filter(read_params(QueryDict(given.get("query", "")[:2000])))
    query = urlencode(filter_params(chosen))
    words: dict[str, Any] = {"query": query, "back": f"{reverse('ledger:list')}?{query}", "most": MOST}
    everything = given.get("all") == "1"
    texts = [part for text in given.getlist("task") for part in text.split(",")]
    ids = sorted({int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 17})[:MOST]
    # What was ticked stays chosen when the change itself takes it out of the filter.
    wanted = chosen if everything else Filter(state=StateGroup.ALL.value)
    choice = choose(wanted, access=request.access)
    tasks = list_matching(choice, access=request.access, today=today(), policy=get_policy())
    found = list_chosen(tasks, None if everything else ids) if everything or ids else []
    words |= {"is_too_many": len(found) > MOST, "everything": everything}
    found = found[:MOST]
    return found, words | {"tasks": found, "ids": "" if everything else ",".join(str(task.pk) for task in found)}


def _inputs(request: SignedRequest) -> dict[str, Any]:
    """What there is to choose from."""
    return {
        "tiers": TIERS, "urgencies": URGENCIES, "cadences": CADENCES, "since": SINCE, "until": UNTIL,
        "sponsors": list_sponsors_for(request.access, today=today()), "columns": list_columns(request.access),
        "given": _given(request),
    }  # fmt: skip


def _given(request: SignedRequest) -> dict[str, str]:
    names = [name for name in request.POST if name == "what" or name.startswith("v_")]
    return {name: request.POST.get(name, "") for name in names}


def _read(request: SignedRequest) -> Meant:
    """What is asked, with everything that it names. Raises Unclear."""
    name = request.POST.get("what", "")
    what, _dash, number = name.partition("-")
    asked = Asked(what, request.POST.get(f"v_{name}", "").strip(), int(number) if number.isdecimal() else None)
    if what not in WHAT:
        raise Unclear
    readers: dict[str, Callable[[SignedRequest, Asked], Meant]] = {
        Steer.SPONSOR: _read_sponsor, Steer.DUE: _read_due, Steer.SHIFT: _read_shift, Bulk.OWN: _read_own,
        Bulk.PLACE: _read_parent,
    }  # fmt: skip
    return readers.get(what, _read_code)(request, asked)


def _read_code(_request: SignedRequest, asked: Asked) -> Meant:
    labels = {Steer.TIER: TIERS, Steer.URGENCY: URGENCIES}.get(Steer(asked.what))
    if labels is None:
        if asked.text and asked.text not in CADENCES:
            raise Unclear
        return Meant(asked, asked.text)
    if asked.text not in labels:
        raise Unclear
    return Meant(asked, int(asked.text))


def _read_sponsor(request: SignedRequest, asked: Asked) -> Meant:
    if not asked.text:
        return Meant(asked, None)
    sponsors = list_sponsors_for(request.access, today=today())
    person = sponsors.filter(pk=int(asked.text)).first() if asked.text.isdecimal() else None
    if person is None:
        raise Unclear
    return Meant(asked, person.pk, sponsor=person)


def _read_due(_request: SignedRequest, asked: Asked) -> Meant:
    try:
        day: date = read_day(asked.text)
    except FaultyValue as fault:
        raise Unclear(VALUE_SENTENCES[fault.problem]) from fault
    if not SINCE <= day <= UNTIL:
        raise Unclear(VALUE_SENTENCES["no_date"])
    return Meant(asked, day)


def _read_shift(_request: SignedRequest, asked: Asked) -> Meant:
    try:
        days = int(asked.text)
    except ValueError as error:
        raise Unclear(_("Say by how many days, such as 14 or -7.")) from error
    if not 0 < abs(days) <= MOST_DAYS:
        raise Unclear(_("Say by how many days, such as 14 or -7."))
    return Meant(asked, days)


def _read_own(request: SignedRequest, asked: Asked) -> Meant:
    column = next((c for c in list_columns(request.access) if c.pk == asked.column), None)
    if column is None:
        raise Unclear
    try:
        return Meant(asked, read_value(asked.text, kind=column.kind, choices=column.choices), column=column)
    except FaultyValue as fault:
        raise Unclear(VALUE_SENTENCES[fault.problem]) from fault


def _read_parent(request: SignedRequest, asked: Asked) -> Meant:
    """The task to stand under, by its number; none puts the tasks at the top."""
    if not asked.text:
        return Meant(asked)
    task = Task.objects.filter(code=asked.text.upper()).only("pk").first()
    try:
        parent = get_task_and_facts(request.access, id=task.pk if task else 0, to="cascade")[0]
    except Http404 as unseen:
        raise Unclear(_("No task that you see has the number %(code)s.") % {"code": asked.text[:40]}) from unseen
    return Meant(asked, parent=parent)

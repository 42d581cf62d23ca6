"""Pages: stocktakes, their packs, the full-screen page of the meeting, its decisions, and the pack as a Word file."""

import io
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed, Refusal
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.core.shell import day, percent, url
from luoshi.orgs.middleware import SignedRequest
from luoshi.papers.writing import (
    BODY,
    HEADING,
    SUBTITLE,
    TITLE,
    TableColumn,
    add_line,
    add_table,
    save_paper,
    start_paper,
)
from luoshi.supervision.actions.stocktaking import edit_pack, end_stocktake, make_stocktake, rule_stocktake
from luoshi.supervision.forms.stocktaking import RulingForm, StocktakeForm
from luoshi.supervision.models import Coordination, Stocktake
from luoshi.supervision.queries.coordination import get_coordination_for, list_leaders
from luoshi.supervision.queries.stocktaking import (
    Line,
    find_tasks,
    get_head,
    get_stocktake_for,
    list_holding_units,
    list_lines,
    list_parts,
    list_rulings,
    list_stocktakes,
    may_hold,
)
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_for

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "POST"])
def stocktakes(request: SignedRequest) -> HttpResponse:
    """All stocktakes with what became of their decisions; one click makes the pack of the next."""
    units = list_holding_units(request.access)
    if request.method == "POST" and not units:
        raise NotAllowed
    form = _new(request, units)
    if request.method == "POST" and form.is_valid():
        made = make_stocktake(by=request.user, now=now(), **form.cleaned_data)
        messages.success(request, _("The pack is made. Look it over, then open it full-screen."))
        return HttpResponseRedirect(url("supervision:stocktake", made.pk))
    page = paginate(list_stocktakes(request.access), number=request.GET.get("page", "1"), size=20)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "supervision/stocktakes.html", {"page": page, "form": form if units else None}, status=status
    )  # fmt: skip


def _new(request: SignedRequest, units: list[Any]) -> StocktakeForm:
    leaders = list_leaders(request.access, today=today(), own=True)
    initial: dict[str, Any] = {"date": today(), "title": _("Stocktake of %(date)s") % {"date": day(today())}}
    if units:
        initial |= {"unit": units[0].pk, "leader": get_head(units[0], today=today())}
    return StocktakeForm(request.POST or None, initial=initial, units=units, leaders=leaders)


@require_GET
def stocktake(request: SignedRequest, id: int) -> HttpResponse:
    """One pack, to be looked over: which tasks, in which order; and what was decided."""
    return _page(request, get_stocktake_for(request.access, id=id))


def _page(request: SignedRequest, found: Stocktake, *, problem: Refusal | None = None) -> HttpResponse:
    lines = list_lines(found, today=today(), policy=get_policy())
    q = request.GET.get("q", "").strip()[:80]
    context = {
        "stocktake": found, "lines": lines, "rulings": list_rulings(found), "q": q,
        "may_hold": may_hold(request.access, found.unit) and found.ended_at is None,
        "found": find_tasks(request.access, found.unit, q=q, held=[line.task.pk for line in lines]),
        "problem": problem.sentence if problem else "",
    }  # fmt: skip
    return render(request, "supervision/stocktake.html", context, status=problem.status if problem else 200)


@require_POST
def pack(request: SignedRequest, id: int) -> HttpResponse:
    """Keep the ticked tasks in the order of their numbers, and add others."""
    found = get_stocktake_for(request.access, id=id, to="hold")
    ticked = [int(n) for n in request.POST.getlist("keep") if n.isdecimal()]
    place = {pk: request.POST.get(f"place-{pk}", "") for pk in ticked}
    ordered = sorted(ticked, key=lambda pk: (int(place[pk]) if place[pk].isdecimal() else 99, ticked.index(pk)))
    added = [int(n) for n in request.POST.getlist("add") if n.isdecimal()]
    for pk in added:
        get_task_for(request.access, id=pk)
    try:
        edit_pack(found, kept=ordered, added=added, by=request.user, now=now())
    except Refusal as refusal:
        return _page(request, found, problem=refusal)
    messages.success(request, _("The pack is changed."))
    return HttpResponseRedirect(url("supervision:stocktake", found.pk))


@require_GET
def stage(request: SignedRequest, id: int) -> HttpResponse:
    """The meeting: one task a screen, with a line for what is decided about it."""
    return _stage(request, get_stocktake_for(request.access, id=id))


def _stage(
    request: SignedRequest, found: Stocktake, *, form: RulingForm | None = None, about: int | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    lines = list_lines(found, today=today(), policy=get_policy())
    holds = may_hold(request.access, found.unit) and found.ended_at is None
    forms_of = {line.task.pk: _ruling_form(request, line) for line in lines} if holds else {}
    if form is not None and about in forms_of:
        forms_of[about] = form
    context = {"stocktake": found, "lines": lines, "forms": forms_of, "today": today()}
    return render(request, "supervision/stage.html", context, status=status)


def _ruling_form(request: SignedRequest, line: Line) -> RulingForm:
    kind = "answer" if line.questions else "task"
    initial = {"kind": kind, "about": line.task.pk, "coordination": line.questions[0] if line.questions else None}
    return RulingForm(
        initial=initial, access=request.access, questions=line.questions, prefix=f"t{line.task.pk}", auto_id="id_%s"
    )


@require_POST
def rule(request: SignedRequest, id: int) -> HttpResponse:
    """Record what was decided about a task."""
    found = get_stocktake_for(request.access, id=id, to="hold")
    given = request.POST.get("task", "")
    about = _about(request, found, given)
    prefix = f"t{about.pk}" if about else "t0"
    rows = [row for row in found.pack.get("tasks", []) if about and row["id"] == about.pk]
    keys = [key for row in rows for key in (row["id"], *list_parts(row))]
    questions = Coordination.objects.filter(task__in=keys, state="open")
    form = RulingForm(request.POST, access=request.access, questions=questions, prefix=prefix)
    status = 422
    if form.is_valid():
        try:
            _record(request, found, form, about)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            return HttpResponseRedirect(f"{url('supervision:stage', found.pk)}#task-{about.pk if about else 0}")
    return _stage(request, found, form=form, about=about.pk if about else None, status=status)


def _about(request: SignedRequest, found: Stocktake, given: str) -> Task | None:
    """The task of the pack that is being decided on."""
    held = {str(row["id"]) for row in found.pack.get("tasks", [])}
    return get_task_for(request.access, id=int(given)) if given in held else None


def _record(request: SignedRequest, found: Stocktake, form: RulingForm, about: Task | None) -> None:
    given: dict[str, Any] = form.cleaned_data
    asked = given["coordination"] if given["kind"] == "answer" else None
    if asked is not None:
        asked = get_coordination_for(request.access, id=asked.pk, to="answer")
    done = rule_stocktake(
        found, kind=given["kind"], text=given["text"], by=request.user, now=now(), about=about,
        unit=given["unit_name"], due_date=given["due_date"], coordination=asked,
    )  # fmt: skip
    if done.held:
        messages.warning(request, _("Recorded; the task waits as a draft: %(why)s") % {"why": done.held})
    else:
        messages.success(request, _("Recorded. Those concerned are told."))


@require_POST
def end(request: SignedRequest, id: int) -> HttpResponse:
    """The meeting is over."""
    found = get_stocktake_for(request.access, id=id, to="hold")
    form = forms.Form(request.POST)
    if form.is_valid():
        end_stocktake(found, by=request.user, now=now())
        messages.success(request, _("Ended. The list of stocktakes shows what becomes of each decision."))
    return HttpResponseRedirect(url("supervision:stocktake", found.pk))


@require_GET
def stocktake_docx(request: SignedRequest, id: int) -> FileResponse:
    """The pack on paper: a table of all, then one section a task."""
    found = get_stocktake_for(request.access, id=id)
    data = _write(found, list_lines(found, today=today(), policy=get_policy()))
    name = f"{found.title[:60]}-{found.date}.docx"
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=WORD)


def _write(found: Stocktake, lines: list[Line]) -> bytes:
    paper = start_paper()
    add_line(paper, found.title, TITLE)
    add_line(paper, f"（{found.unit.name} · {day(found.date)}）", SUBTITLE)
    heads = [_("No."), _("Task"), _("Light"), _("Lead"), _("Due"), _("% done"), _("Waits for")]
    shares = [0.5, 3.2, 1.0, 1.4, 1.2, 0.9, 1.6]
    columns = [TableColumn(head, share) for head, share in zip(heads, shares, strict=True)]
    add_table(paper, columns, [_row(n, line) for n, line in enumerate(lines, start=1)])
    for n, line in enumerate(lines, start=1):
        add_line(paper, f"{n}. {line.task.title}", HEADING)
        for words in _words(line):
            add_line(paper, words, BODY)
    return save_paper(paper)


def _row(n: int, line: Line) -> list[str]:
    waits = "、".join(str(q.asked_person or q.asked_unit) for q in line.questions)
    done = percent(line.standing.percent if line.standing else None)
    due = day(line.task.due_date or line.task.review_date)
    return [str(n), line.task.title, line.light.word, line.leads, due, done, waits or "——"]


def _words(line: Line) -> list[str]:
    """How it stands, what blocks it, what is asked, what was decided: a sentence each."""
    said = [f"{_('How it stands')}：{line.light.word}，{line.light.why}"]
    if line.standing and line.standing.last_word:
        said.append(f"{_('Last report')}：{line.standing.last_word}")
    said += [
        f"{_('Worst part')}：{'，'.join(filter(None, (part.leads, part.task.title, part.light.word)))}"
        for part in line.parts
    ]
    if line.obstacle:
        holder = line.obstacle.holder_person or line.obstacle.holder_unit
        said.append(f"{_('What holds it up')}：{line.obstacle.get_cause_display()}，{line.obstacle.note}（{holder}）")
    said += [
        f"{_('To be decided')}：{q.question}（{q.unit} → {q.asked_person or q.asked_unit}，{day(q.needed_date)}）"
        for q in line.questions
    ]
    return said + [f"{_('Decided')}：{ruling.text}" for ruling in line.rulings]

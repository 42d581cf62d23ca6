"""What was asked beyond what was asked from above, with the reasons: for the offices above."""

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.queries import parse_unit
from luoshi.tasks.actions.inflating import mark_seen
from luoshi.tasks.models import INFLATION_LABELS, Inflation
from luoshi.tasks.queries.inflating import count_unseen, describe_inflation, list_inflations, list_unseen

UNSEEN = 5000  # lines that are marked as new


@require_http_methods(["GET", "HEAD", "POST"])
def inflations(request: SignedRequest) -> HttpResponse:
    """Line by line, by unit, kind and ratio; everybody sees what concerns the tasks that they see.

    A POST says that one has looked through all up to a line.
    """
    if request.method == "POST":
        last = request.POST.get("last", "")
        if last.isascii() and last.isdecimal() and len(last) < 17:
            mark_seen(request.user, last=int(last))
        return HttpResponseRedirect(url("tasks:inflations"))
    name, kind = request.GET.get("unit", "").strip()[:120], request.GET.get("kind", "")
    ratio, path, problem = _ratio(request.GET.get("ratio", "")), "", ""
    if name:
        try:
            path = parse_unit(name, request.access).path or ""
        except Refusal as refusal:
            problem = str(refusal.sentence)
    kind = kind if kind in INFLATION_LABELS else ""
    rows = list_inflations(request.access, unit=path, kind=kind, ratio=ratio)
    unseen = list(list_unseen(request.access).order_by("-pk").values_list("pk", flat=True)[:UNSEEN])
    page = paginate(rows.none() if problem else rows, number=request.GET.get("page", 1))
    context = {
        "page": page,
        "lines": _alike(page.rows),
        "kinds": INFLATION_LABELS, "unit": name, "kind": kind, "ratio": ratio, "problem": problem,
        "policy": get_policy(), "unseen": frozenset(unseen), "is_narrowed": bool(name or kind or ratio is not None),
        "last": max(unseen, default=0), "cases": count_unseen(request.access) if unseen else 0,
    }  # fmt: skip
    return render(request, "tasks/inflations.html", context)


def _alike(rows: Iterable[Inflation]) -> list[tuple[Inflation, str, int]]:
    """What was asked of several parts alike in one act, once, with their number."""
    found: dict[tuple[object, ...], list[Inflation]] = {}
    for row in rows:
        found.setdefault((row.task_id, row.unit_id, row.at, row.kind, row.figure, row.was, row.now), []).append(row)
    return [(same[0], describe_inflation(*key[3:]), len(same)) for key, same in found.items()]  # type: ignore[arg-type]


def _ratio(text: str) -> Decimal | None:
    try:
        ratio = Decimal(text)
    except ArithmeticError:
        return None
    return ratio if ratio.is_finite() and 0 < ratio < 1000 else None

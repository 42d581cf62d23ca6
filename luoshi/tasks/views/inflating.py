"""What was asked beyond what was asked from above, with the reasons: for the offices above."""

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.core.policy import get_policy
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.queries import parse_unit
from luoshi.tasks.models import INFLATION_LABELS, Inflation
from luoshi.tasks.queries.inflating import describe_inflation, list_inflations


@require_GET
def inflations(request: SignedRequest) -> HttpResponse:
    """Line by line, by unit, kind and ratio; everybody sees what concerns the tasks that they see."""
    name, kind = request.GET.get("unit", "").strip()[:120], request.GET.get("kind", "")
    ratio, path, problem = _ratio(request.GET.get("ratio", "")), "", ""
    if name:
        try:
            path = parse_unit(name, request.access).path or ""
        except Refusal as refusal:
            problem = str(refusal.sentence)
    kind = kind if kind in INFLATION_LABELS else ""
    rows = list_inflations(request.access, unit=path, kind=kind, ratio=ratio)
    page = paginate(rows.none() if problem else rows, number=request.GET.get("page", 1))
    context = {
        "page": page,
        "lines": _alike(page.rows),
        "kinds": INFLATION_LABELS, "unit": name, "kind": kind, "ratio": ratio, "problem": problem,
        "policy": get_policy(),
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

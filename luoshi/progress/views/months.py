"""Pages: the months as they ended, and the work that will miss its date on its own pace."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import UnknownUnit, get_unit_for, parse_unit
from luoshi.progress.queries.forecast import list_misses
from luoshi.progress.queries.lights import COLOUR_WORDS
from luoshi.progress.queries.months import KINDS, count_months, page_month
from luoshi.progress.rules.windows import month_start


@require_GET
def months(request: SignedRequest) -> HttpResponse:
    """How many tasks ended each month in which colour, of all that the reader sees or of one unit."""
    unit, unknown = _unit(request)
    counts = [] if unknown else count_months(request.access, today=today(), unit=unit)
    words: dict[str, Any] = {
        "counts": counts,
        "kinds": KINDS,
        "colours": COLOUR_WORDS,
        "unit": unit,
        "unknown": unknown,
    }
    month, kind = month_start(request.GET.get("month", "")), request.GET.get("light", "")
    if month and kind in KINDS and not unknown:
        number = request.GET.get("page", "1")
        page = page_month(request.access, month=month, kind=kind, unit=unit, number=number, policy=get_policy())
        words |= {"page": page, "month": month, "kind": kind}
    return render(request, "progress/lights/months.html", words)


def _unit(request: SignedRequest) -> tuple[Unit | None, str]:
    """The unit asked for by its number or its name, and the name if nobody is called so."""
    number, name = request.GET.get("unit", ""), request.GET.get("name", "").strip()[:120]
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return get_unit_for(request.access, id=int(number)), ""
    if not name:
        return None, ""
    try:
        return parse_unit(name, request.access), ""
    except UnknownUnit:
        return None, name


@require_GET
def misses(request: SignedRequest) -> HttpResponse:
    """Work under way that will miss its date on its own pace, the latest first."""
    found = list_misses(request.access, today=today(), policy=get_policy())
    return render(request, "progress/lights/misses.html", {"found": found, "policy": get_policy()})

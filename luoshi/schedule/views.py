"""The year matrix on the screen, on the wall (A3), and month by month on a narrow screen."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.schedule.queries import PRINTED, STATE_COLOURS, STATE_WORDS, get_matrix, list_year
from luoshi.schedule.rules import MONTHS
from luoshi.tasks.models import TIER_LABELS


@require_GET
def year(request: SignedRequest) -> HttpResponse:
    """Rows by tier, twelve months, each cell a node's text and light; `?print=1` gives up to 300 rows for the wall."""
    day, params = today(), request.GET
    shown = _number(params.get("year", ""), low=2000, high=2100) or day.year
    tier = _number(params.get("tier", ""), low=1, high=3)
    unit, sentence = _unit(request)
    is_print = params.get("print") == "1"
    with_parts, with_lights = params.get("parts") == "1", params.get("lights") == "1"
    tasks = list_year(request.access, year=shown, unit=unit, tier=tier)
    page = get_matrix(
        tasks.none() if sentence else tasks,
        year=shown,
        number=None if is_print else params.get("page", "1"),
        with_parts=with_parts,
        with_lights=with_lights,
        today=day,
        policy=get_policy(),
    )
    kept = {"unit": params.get("unit", "")[:100], "tier": str(tier or "")}
    kept |= {"parts": "1" if with_parts else "", "lights": "1" if with_lights else ""}
    words = {
        "page": page,
        "year": shown,
        "tier": tier,
        "unit": kept["unit"],
        "with_parts": with_parts,
        "with_lights": with_lights,
        "is_print": is_print,
        "sentence": sentence,
        "months": list(MONTHS),
        "this_month": day.month if shown == day.year else 0,
        "month": _number(params.get("month", ""), low=1, high=12) or day.month,
        "tiers": TIER_LABELS,
        "colours": {state.value: colour for state, colour in STATE_COLOURS.items()},
        "states": {state.value: str(word) for state, word in STATE_WORDS.items()},
        "light_words": {code: str(name) for code, name in COLOUR_WORDS.items()},
        "task_base": reverse("ledger:task", args=[0]).removesuffix("0/"),
        "params": urlencode({name: value for name, value in kept.items() if value}),
        "limit": PRINTED,
    }
    return render(request, "schedule/year.html", words)


def _unit(request: SignedRequest) -> tuple[Unit | None, str]:
    """The unit typed, or the sentence that says what is wrong with it."""
    text = request.GET.get("unit", "").strip()[:100]
    if not text:
        return None, ""
    try:
        return parse_unit(text, request.access), ""
    except UnknownUnit as unknown:
        return None, str(unknown.sentence)


def _number(text: str, *, low: int, high: int) -> int | None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else low - 1
    return number if low <= number <= high else None

"""The few numbers beside the needle; each is the length of a list in the ledger."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.core.policy import Policy
from luoshi.insight.rules import SOON_DAYS
from luoshi.ledger.rules import LIGHTS, Filter, filter_params
from luoshi.orgs.rules import Access
from luoshi.progress.queries import with_light
from luoshi.tasks.models import PHASE_OPEN
from luoshi.tasks.queries import list_visible
from luoshi.tasks.rules.states import State

COLOURS = {code: colour for colour, code in LIGHTS.items()}
LABELS: dict[str, Promise | str] = {
    "open": _("Open tasks"),
    "red": _("Red lights"),
    "yellow": _("Yellow lights"),
    "week": _("Due within 7 days"),
    "submitted": _("Waiting for a check"),
    "completed": _("Completed, not written off"),
    "registered": _("Not dispatched yet"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and the parameters of the ledger that show its rows."""

    code: str
    label: str
    number: int
    params: dict[str, str]


def list_figures(access: Access, *, today: date, policy: Policy) -> list[Figure]:
    """The numbers over all that the person sees; one query."""
    soon = today + timedelta(days=SOON_DAYS)
    filters = {
        "open": Filter(),
        "red": Filter(light="red"),
        "yellow": Filter(light="yellow"),
        "week": Filter(due_from=today, due_to=soon),
        "submitted": Filter(state=State.SUBMITTED.value),
        "completed": Filter(state=State.COMPLETED.value),
        "registered": Filter(state=State.REGISTERED.value),
    }
    lit: QuerySet[Any] = with_light(list_visible(access, whole=True), today=today, policy=policy)
    is_soon = Count("pk", filter=Q(due_date__range=(today, soon)))
    counted: Counter[str] = Counter()
    for light, phase, state, number, due_soon in lit.values_list("light", "phase", "state").annotate(
        number=Count("pk"), due_soon=is_soon
    ):
        counted[state] += number
        if phase == PHASE_OPEN:
            counted["open"] += number
            counted[COLOURS[light]] += number
            counted["week"] += due_soon
    return [Figure(code, str(LABELS[code]), counted[code], filter_params(chosen)) for code, chosen in filters.items()]

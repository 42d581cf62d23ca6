"""What the API says of input that it cannot read: for each fault the field, and a sentence in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Router, Schema
from pydantic import Field

from luoshi.core import clock
from luoshi.core.clockwork import list_routines
from luoshi.core.errors import NotAllowed
from luoshi.core.forms import SINCE, UNTIL
from luoshi.core.queries import get_timekeeper, list_routine_lines, may_keep_calendar

if TYPE_CHECKING:
    from django.utils.functional import Promise

router = Router(tags=["clock"])
Day = Annotated[date, Field(ge=SINCE, le=UNTIL)]  # a day that somebody sends, within the years that forms take
UNSTORABLE = gettext_lazy("A value cannot be stored as it is: check the texts.")
NUMBER = gettext_lazy("A number is wanted here, such as 26.5.")
DAY = gettext_lazy("A date is wanted here, such as 2026-11-23.")
PROBLEMS: dict[str, "Promise | str"] = {  # by the beginning of the validator's own name of the fault
    "missing": gettext_lazy("This is required."),
    "string_too_short": gettext_lazy("At least %(min_length)s characters are wanted."),
    "string_too_long": gettext_lazy("At most %(max_length)s characters fit here."),
    "string_pattern": gettext_lazy("This is not one of the values that are possible here."),
    "string": gettext_lazy("A text is wanted here."),
    "int": gettext_lazy("A whole number is wanted here."),
    "decimal_max_places": gettext_lazy("At most %(decimal_places)s decimal places fit here."),
    "decimal_max_digits": gettext_lazy("At most %(max_digits)s digits fit here."),
    "decimal_whole": gettext_lazy("The number is too large."),
    "decimal": NUMBER,
    "float": NUMBER,
    "finite_number": NUMBER,
    "date": DAY,
    "bool": gettext_lazy("true or false is wanted here."),
    "enum": gettext_lazy("One of these is wanted: %(expected)s."),
    "literal_error": gettext_lazy("One of these is wanted: %(expected)s."),
    "greater_than_equal": gettext_lazy("%(ge)s or more is wanted."),
    "less_than_equal": gettext_lazy("%(le)s or less is wanted."),
    "greater_than": gettext_lazy("More than %(gt)s is wanted."),
    "less_than": gettext_lazy("Less than %(lt)s is wanted."),
    "too_long": gettext_lazy("At most %(max_length)s entries fit here."),
    "too_short": gettext_lazy("At least %(min_length)s entries are wanted."),
    "list": gettext_lazy("A list is wanted here."),
    "dict": gettext_lazy("An object with fields is wanted here."),
    "model": gettext_lazy("An object with fields is wanted here."),
}


def explain_faults(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """`[{"field": …, "problem": …}]` from the validator's errors, one for each fault."""
    return [{"field": _field(error.get("loc", ())), "problem": _problem(error)} for error in errors]


def _field(places: Sequence[Any]) -> str:
    """The field as it was sent, with its place in a list (`lead.0`); "body" when nothing was sent."""
    source, *path = [str(place) for place in places] or ["body"]
    sent = path[1:] if source == "body" else path  # a body's first place is our own name for it
    return ".".join(sent) or source


def _problem(error: Mapping[str, Any]) -> str:
    kind, figures = str(error.get("type", "")), dict(error.get("ctx") or {})
    figures["expected"] = str(figures.get("expected", "")).replace(" or ", ", ").replace("'", "")
    for name, sentence in PROBLEMS.items():
        if kind.startswith(name):
            return str(sentence) % figures
    return _("This cannot be read.")


class RoutineOut(Schema):
    """How one routine stands."""

    name: str
    label: str
    last_due: datetime | None
    next_due: datetime
    waiting: int
    is_late: bool
    error: str


class ClockOut(Schema):
    """Who keeps the clock, and each routine; no keeper: nothing happens by itself."""

    keeper: str | None
    routines: list[RoutineOut]


@router.get("/routines", response=ClockOut, summary="What happens by itself, when it last did, what is late")
def read_routines(request: HttpRequest) -> ClockOut:
    """For administrators, and for offices and heads of a government or company."""
    if not may_keep_calendar(request.access):  # type: ignore[attr-defined]
        raise NotAllowed
    now = clock.now()
    keeper = get_timekeeper(now=now)
    return ClockOut(
        keeper=keeper.holder if keeper else None,
        routines=[
            RoutineOut(
                name=line.routine.name, label=str(line.routine.label), last_due=line.last.due_at if line.last else None,
                next_due=line.next_at, waiting=line.waiting, is_late=line.is_late,
                error=next((run.error for run in (line.given_up, line.open) if run), ""),
            )
            for line in list_routine_lines(list_routines(), now=now)
        ],
    )  # fmt: skip

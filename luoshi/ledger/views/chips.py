"""What a filter says, in words: as chips that can be taken off, and above a printed ledger."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.ledger.queries import Choice
from luoshi.ledger.rules import Filter, Part, StateGroup, filter_params
from luoshi.ledger.rules.columns import EMPTY
from luoshi.ledger.rules.filters import SEVERAL, Mark, Shown, drop_filter, values
from luoshi.progress.queries import COLOUR_WORDS
from luoshi.tasks.models import CADENCE_LABELS, KIND_LABELS, MATTER_LABELS, STATE_LABELS, TIER_LABELS, URGENCY_LABELS

Labels = Mapping[str, Promise | str]
STATES: Labels = {
    StateGroup.OPEN: gettext_lazy("open"), StateGroup.ENDED: gettext_lazy("ended"),
    StateGroup.ALL: gettext_lazy("all"), **STATE_LABELS,
}  # fmt: skip
PARTS: Labels = {
    Part.ANY: gettext_lazy("any part"), Part.LEAD: gettext_lazy("leads"), Part.CO: gettext_lazy("assists"),
    Part.OWNER: gettext_lazy("asked for it"),
}  # fmt: skip
MARKS: Labels = {
    Mark.ADAPTED: gettext_lazy("adapted"), Mark.INFLATED: gettext_lazy("raised on the way down"),
    Mark.PROBLEM: gettext_lazy("a problem is reported"), Mark.MISSING: gettext_lazy("no report yet"),
    Mark.WILL_MISS: gettext_lazy("will miss its date on this pace"),
}  # fmt: skip
TIERS: Labels = {str(code): label for code, label in TIER_LABELS.items()}
URGENCIES: Labels = {str(code): label for code, label in URGENCY_LABELS.items()}
CADENCES: Labels = {code: label for code, label in CADENCE_LABELS.items() if code}
FIELDS: dict[str, Promise | str] = {
    "q": gettext_lazy("words"),
    "unit": gettext_lazy("unit"),
    "part": gettext_lazy("part"),
    "owner": gettext_lazy("asked by"),
    "sponsor": gettext_lazy("sponsor"),
    "tier": gettext_lazy("tier"),
    "light": gettext_lazy("light"),
    "state": gettext_lazy("state"),
    "kind": gettext_lazy("rung of the ladder"),
    "matter": gettext_lazy("kind of matter"),
    "urgency": gettext_lazy("urgency"),
    "cadence": gettext_lazy("cadence"),
    "mark": gettext_lazy("mark"),
    "due_from": gettext_lazy("due from"),
    "due_to": gettext_lazy("due to"),
    "directive": gettext_lazy("directive"),
    "clause": gettext_lazy("clause"),
    "sort": gettext_lazy("order"),
}
WORDS: dict[str, Labels] = {
    "part": PARTS, "tier": TIERS, "light": COLOUR_WORDS, "state": STATES, "kind": KIND_LABELS,
    "matter": MATTER_LABELS,
    "urgency": URGENCIES, "cadence": CADENCES, "mark": MARKS,
}  # fmt: skip
SHOWN: dict[str, Promise | str] = {
    Shown.LIGHT: gettext_lazy("Light"), Shown.TIER: gettext_lazy("Tier"), Shown.LEAD: gettext_lazy("Lead · co-units"),
    Shown.DUE: gettext_lazy("Due"), Shown.PROGRESS: gettext_lazy("Progress"), Shown.LAST: gettext_lazy("Last word"),
    Shown.OWNER: gettext_lazy("Asked by"), Shown.SPONSOR: gettext_lazy("Sponsor"),
    Shown.URGENCY: gettext_lazy("Urgency"), Shown.KIND: gettext_lazy("Rung of the ladder"),
    Shown.MATTER: gettext_lazy("Kind of matter"), Shown.CADENCE: gettext_lazy("Cadence"),
    Shown.TARGET: gettext_lazy("Target"), Shown.START: gettext_lazy("Start"),
    Shown.ORIGINAL: gettext_lazy("Original due date"), Shown.PROBLEM: gettext_lazy("Problem"),
    Shown.SOURCE: gettext_lazy("Source"), Shown.FORECAST: gettext_lazy("Done on this pace"),
    Shown.MONTHS: gettext_lazy("Months as they ended"),
}  # fmt: skip


class Chip(NamedTuple):
    """One filter in words, and the ledger's address without it."""

    label: str
    words: str
    without: str


def read_params(given: QueryDict) -> dict[str, str]:
    """The parameters of an address or a form; several values of one filter are joined as the filter reads them."""
    return {name: ",".join(given.getlist(name)) if name in SEVERAL else given.get(name, "") for name in given}


def list_chips(choice: Choice) -> list[Chip]:
    """The filters in words, in the order of the address."""
    chosen, columns = choice.filter, {f"c{column.pk}": column for column in choice.columns}
    found = []
    for name, text in filter_params(chosen).items():
        if name in ("sort", "desc", "tree", "cols") or (name.startswith("c") and name not in {*FIELDS, *columns}):
            continue
        label = columns[name].name if name in columns else str(FIELDS[name])
        found.append(Chip(label, _words(choice, name, text), "?" + urlencode(drop_filter(chosen, name))))
    return found


def _words(choice: Choice, name: str, text: str) -> str:
    if name in WORDS:
        labels = WORDS[name]
        return "、".join(str(labels.get(value, value)) for value in values(text))
    named = {
        "sponsor": choice.sponsor and choice.sponsor.name,
        "directive": choice.directive and f"《{choice.directive.title}》",
        "clause": choice.clause and f"《{choice.clause.directive.title}》{choice.clause.outline}",
    }
    if name in named:
        return str(named[name] or "—")
    return _("empty") if text == EMPTY and name.startswith("c") else text.replace(",", "、").replace("..", " – ")


def list_unread(choice: Choice) -> list[str]:
    """The names of the parameters that could not be read."""
    columns = {f"c{column.pk}": column.name for column in choice.columns}
    return [str(columns.get(name) or FIELDS.get(name, name)) for name in choice.filter.problems]


def make_linker(chosen: Filter) -> Callable[..., str]:
    """`link(sort="due")` is this ledger's address with those parameters changed; "" or None removes one."""
    params = filter_params(chosen)

    def link(**changes: object) -> str:
        kept = {**params, **{name: "" if value is None else str(value) for name, value in changes.items()}}
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    return link


def labelled(labels: Labels, codes: Iterable[str]) -> dict[str, str]:
    """Some codes with their labels."""
    return {code: str(labels[code]) for code in codes}

"""Reading whom a task is given to and how much: units chosen, lines typed or pasted, the target divided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.http import QueryDict

from luoshi.core.clock import today
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import LEVEL_LABELS, Unit
from luoshi.orgs.rules.figures import plain, read_year
from luoshi.tasks.forms import ShareForm
from luoshi.tasks.models import CADENCE_LABELS, Task
from luoshi.tasks.queries import (
    get_parent_facts,
    list_by_level,
    list_by_selector,
    list_named,
    list_selected,
)
from luoshi.tasks.queries.dividing import HOW, Divided, Method, divide_target
from luoshi.tasks.queries.measures import get_main, list_bases, list_measures
from luoshi.tasks.rules.cascade import ParentFacts, PastedLine, Share, read_pasted
from luoshi.tasks.rules.division import places_of
from luoshi.tasks.rules.measures import Measure, divide_measure, fill_shares, path_of_parts

EDITABLE = 200  # more units than these are shown, not edited line by line
MAX_UNITS = 20_000


@dataclass
class Choice:
    """The units chosen so far, what the task is measured by, the lines for them, and pasted lines that named nobody."""

    facts: ParentFacts
    measures: list[Measure]
    units: list[Unit] = field(default_factory=list)
    forms: list[ShareForm] = field(default_factory=list)
    lost: list[PastedLine] = field(default_factory=list)
    without_lost: bool = False
    typed: list[Share] = field(default_factory=list)
    divided: Divided = field(default_factory=Divided)
    method: Method | None = None
    cadence: str | None = None

    @property
    def rows(self) -> list[tuple[Unit, ShareForm]]:
        return list(zip(self.units, self.forms, strict=False))

    @property
    def unknown(self) -> list[str]:
        return [line.name for line in self.lost]

    @property
    def is_valid(self) -> bool:
        return (self.without_lost or not self.lost) and all(form.is_valid() for form in self.forms)

    @property
    def is_editable(self) -> bool:
        return len(self.units) <= EDITABLE

    @property
    def main(self) -> Measure | None:
        return get_main(self.measures)

    @property
    def others(self) -> list[Measure]:
        return [measure for measure in self.measures if measure is not self.main]

    @property
    def has_target(self) -> bool:
        return self.facts.target_value is not None

    @property
    def shares(self) -> list[Share]:
        """The lines with what an empty target or weight stands for."""
        return fill_shares(self.typed, whole=self.facts.target_value, adds_up=self.facts.is_divided)

    @cached_property
    def paths(self) -> dict[int, dict[str, Decimal]]:
        """The planned path of each unit's part as it would be kept, by unit."""
        shares = self.shares
        if self.main is None or not self.main.path:
            return {}
        paths = path_of_parts(self.main, [share.target_value for share in shares])
        return {share.unit_id: {**path, **share.periods} for share, path in zip(shares, paths, strict=True)}


def read_choice(request: SignedRequest, task: Task, giver: Unit) -> Choice:
    """Everything that the form says about whom and how much."""
    post, day = request.POST, today()
    pasted = read_pasted(post.get("names", ""))
    named, unknown = list_named(request.access, [line.name for line in pasted], giver=giver, today=day)
    units = _list_chosen(request, giver, day) | {unit.pk: unit for unit in named.values()}
    for selector in post.getlist("selector"):
        units |= {u.pk: u for u in list_by_selector(request.access, selector, giver=giver, today=day)}
    left = {int(n) for n in post.getlist("leave") if n.isdecimal()}
    measures = list_measures(task)
    choice = Choice(
        get_parent_facts(task, measures=measures),
        measures,
        units=[unit for unit in units.values() if unit.pk not in left and unit.pk != giver.pk],
        lost=[line for line in pasted if line.name in set(unknown)],
        without_lost="without" in post,
        cadence=post["cadence"] if post.get("cadence") in CADENCE_LABELS and "cadence" in post else None,
    )
    choice.method = _method(post, choice, pasted=bool(pasted), year=day.year)
    _fill(post, choice, pasted={named[line.name].pk: line for line in pasted if line.name in named}, day=day)
    return choice


def _list_chosen(request: SignedRequest, giver: Unit, day: date) -> dict[int, Unit]:
    """The units ticked, and those of whole levels."""
    post = request.POST
    ids = [int(n) for n in [*post.getlist("unit"), *post.get("ids", "").split(",")] if n.isdecimal()][:MAX_UNITS]
    units = {u.pk: u for u in list_selected(request.access, ids, giver=giver, today=day)} if ids else {}
    for level in post.getlist("level"):
        if level in LEVEL_LABELS:
            units |= {u.pk: u for u in list_by_level(request.access, giver=giver, level=level, today=day)}
    return units


def _method(post: QueryDict, choice: Choice, *, pasted: bool, year: int) -> Method | None:
    """How to divide, when it is asked for now; on arrival by the indicator's own base, where it names one."""
    how, base = post.get("divide", ""), choice.main.base if choice.main else ""
    if "divide" not in post and base and choice.facts.is_divided and "preview" not in post and not pasted:
        how = "base"
    asked = "work" in post or "preview" not in post or not choice.is_editable
    if how not in HOW or not asked or not choice.units:
        return None
    return Method(
        how,
        read_year(post.get("figure_year", "")) or year,
        figure=post.get("figure", "") or base,
        formula=post.get("formula", ""),
        floor=post.get("floor", ""),
        ceiling=post.get("ceiling", ""),
        weights={unit.pk: _weight(post, unit) for unit in choice.units} if how == "weights" else {},
    )


def _weight(post: QueryDict, unit: Unit) -> Decimal:
    try:
        weight = Decimal(post.get(f"u{unit.pk}-weight", "") or "1")
    except ArithmeticError:
        return Decimal(0)
    return weight if weight.is_finite() and weight > 0 else Decimal(0)


def _fill(post: QueryDict, choice: Choice, *, pasted: Mapping[int, PastedLine], day: date) -> None:
    """The lines as just divided, else as typed on the preview, else as pasted; then those of the other indicators."""
    whole = choice.facts.target_value
    if choice.method is not None and whole is not None:
        choice.divided = divide_target(
            choice.method, choice.units, left=whole - choice.facts.given_value, whole=whole,
            places=choice.main.places if choice.main else places_of(whole),
        )  # fmt: skip
    own = {unit.pk: _line(post, choice, unit, pasted.get(unit.pk)) for unit in choice.units}
    if choice.is_editable and choice.others:
        _fill_others(post, choice, own, year=day.year)
    periods = [period for period, _value in choice.main.path] if choice.main and choice.is_editable else []
    others = [measure.indicator_id for measure in choice.others]
    for unit in choice.units:
        form = ShareForm(own[unit.pk], prefix=f"u{unit.pk}", others=others, periods=periods)
        choice.forms.append(form)
        if form.is_valid():
            choice.typed.append(form.share(unit))


def _line(post: QueryDict, choice: Choice, unit: Unit, pasted: PastedLine | None) -> dict[str, str]:
    """One unit's fields; a fresh division also clears periods and a weight that belonged to the target before."""
    prefix = f"u{unit.pk}-"
    fields = {
        f"{prefix}target_value": "" if pasted is None or pasted.value is None else plain(pasted.value),
        f"{prefix}standard": pasted.standard if pasted else "",
        f"{prefix}due_date": pasted.due_date.isoformat() if pasted and pasted.due_date else "",
        f"{prefix}weight": "",
    }
    fields |= {name: value for name in post if name.startswith(prefix) and (value := post.get(name)) is not None}
    if unit.pk in choice.divided.targets:
        fields = {name: value for name, value in fields.items() if not name.startswith(f"{prefix}p")}
        fields[f"{prefix}target_value"] = plain(choice.divided.targets[unit.pk])
    return fields


def _fill_others(post: QueryDict, choice: Choice, own: Mapping[int, dict[str, str]], *, year: int) -> None:
    """Targets of the other indicators where none is typed yet, or the main one was just divided."""
    ids = [unit.pk for unit in choice.units]
    mains = [_read(own[pk].get(f"u{pk}-target_value", "")) for pk in ids]
    bases = list_bases(choice.measures, ids, year=year)
    for measure in choice.others:
        targets = divide_measure(measure, mains=mains, bases=bases[measure.base])
        for pk, target in zip(ids, targets, strict=True):
            name = f"u{pk}-i{measure.indicator_id}"
            if choice.method is not None or name not in post:
                own[pk][name] = "" if target is None else plain(target)


def _read(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    return value if value.is_finite() else None


def sum_periods(choice: Choice) -> Sequence[tuple[str, Decimal, Decimal, Decimal]]:
    """For each period: the whole's target, what is given already and what the lines add scaled to it, and the gap."""
    main, paths = choice.main, choice.paths
    if main is None or not main.adds_up or not paths:
        return []
    rows = []
    for period, whole in main.path:
        given = main.given_path.get(period, Decimal(0))
        parts = sum((path.get(period, Decimal(0)) for path in paths.values()), given)
        rows.append((period, whole, parts, parts - whole))
    return rows

"""Target inflation: what was asked from above, the chain of tiers, and what was let pass with a reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy, ngettext

from luoshi.core.policy import get_policy
from luoshi.core.prepared import prepared
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import Access
from luoshi.tasks.models import TASK_STEP, Allotment, Inflation, InflationSight, Task
from luoshi.tasks.rules.access import DECIDERS
from luoshi.tasks.rules.cascade import ParentFacts, Share
from luoshi.tasks.rules.indicators import Direction, OverUnits
from luoshi.tasks.rules.inflation import Asked, Given, Kind, Limits, Raise, Tier, harder
from luoshi.tasks.rules.states import GONE

NAMES_SHOWN = 8
MOST_SHOWN = 200
WORDS = {
    Kind.TARGET: gettext_lazy("target %(was)s → %(now)s (%(figure)s×)"),
    Kind.DATE: gettext_lazy("due %(was)s → %(now)s (%(figure)s days earlier)"),
    Kind.REPORT: gettext_lazy("%(was)s → %(now)s reports a year"),
    Kind.EVIDENCE: gettext_lazy("papers nobody above asks for: %(now)s"),
}
SENTENCES = {
    (Kind.TARGET, False): gettext_lazy("Targets come to %(now)s where %(was)s was asked: %(figure)s times as hard."),
    (Kind.TARGET, True): gettext_lazy("%(units)s: %(now)s where %(was)s was asked, %(figure)s times as hard."),
    (Kind.DATE, True): gettext_lazy("%(units)s: due %(now)s instead of %(was)s, %(figure)s days earlier."),
    (Kind.REPORT, True): gettext_lazy("%(units)s: %(now)s reports a year where %(was)s were asked."),
    (Kind.EVIDENCE, True): gettext_lazy("%(units)s: papers that nobody above asks for (%(now)s)."),
}


def get_limits() -> Limits:
    """From when on it counts, by policy."""
    policy = get_policy()
    return Limits(policy.inflation_ratio, Decimal(policy.earlier_percent))


def get_asked(task: Task, facts: ParentFacts, *, today: date) -> Asked:
    """What was asked of the task, as the guard compares it; work that has not begun begins today."""
    return Asked(
        target=facts.target_value, less=facts.target_op.startswith("<"), summed=facts.is_divided,
        start_date=task.start_date or today, due_date=task.due_date, cadence=task.cadence,
        words=f"{task.requirement}\n{task.standard}",
    )  # fmt: skip


def list_given(task: Task, shares: Sequence[Share], *, cadence: str | None = None) -> list[Given]:
    """What the shares ask, as the guard compares it; words that say nothing of their own are left empty."""
    return [
        Given(
            share.unit_id, share.target_value, share.due_date, task.cadence if cadence is None else cadence,
            f"{share.requirement}\n{share.standard}" if share.requirement or share.standard else "",
        )
        for share in shares
    ]  # fmt: skip


def covers_all(shares: Sequence[Share], *, given: Iterable[int]) -> bool:
    """Is nobody of the same levels under the same superiors left without a part? One query."""
    ids = [share.unit_id for share in shares][:2000]
    chosen = Unit.objects.filter(pk__in=ids).values_list("parent_id", "level").distinct().order_by()
    peers = Q(pk__in=[])
    for parent, level in chosen:
        peers |= Q(parent=parent, level=level)
    holders = {*given, *(share.unit_id for share in shares)}
    others = Unit.objects.filter(peers, valid_to__isnull=True).values_list("pk", flat=True)
    return all(pk in holders for pk in others)


def explain_raises(raises: Sequence[Raise], *, names: Mapping[int, str]) -> list[str]:
    """One sentence for each thing in which more is asked, with the units that it is asked of."""
    alike: dict[Raise, list[int]] = defaultdict(list)
    for raised in raises:
        alike[Raise(raised.kind, None, raised.figure, raised.was, raised.now)] += (
            [] if raised.part is None else [raised.part]
        )
    return [_sentence(raised, [names.get(pk, "") for pk in parts]) for raised, parts in alike.items()]


def _sentence(raised: Raise, units: Sequence[str]) -> str:
    words = "、".join(units[:NAMES_SHOWN]) + ("…" if len(units) > NAMES_SHOWN else "")
    figure = raised.figure.quantize(Decimal("0.01")) if raised.kind == Kind.TARGET else raised.figure
    sentence = str(SENTENCES[raised.kind, bool(units)])
    return sentence % {"units": words, "was": raised.was, "now": raised.now, "figure": f"{figure.normalize():f}"}


def list_tiers(task: Task, *, total: Decimal | None = None, giver: str = "") -> list[Tier]:
    """How the target grew from the root down to the task, tier by tier; with `total` also what is about to be asked.

    At each tier the sum of what was given down stands against what was asked; of a rate, what this branch was asked.
    """
    ids = [int((task.path or "")[n : n + TASK_STEP]) for n in range(0, len(task.path or ""), TASK_STEP)]
    line = sorted(Task.objects.select_related("owner").filter(pk__in=ids), key=lambda t: t.path or "")
    scale = _Scale(line)
    tiers = [
        _tier(scale, above, str(below.owner), scale.given(above, below), due=below.due_date)
        for above, below in pairwise(line)
    ]
    last = scale.targets.get(task.pk)
    if giver and last is not None:
        tiers.append(Tier(giver, last, total, harder(last, total, less=scale.is_less(task)), task.due_date))
    return tiers


class _Scale:
    """The targets of a line of tasks and the sums of their children, by the main indicator where the tree has one."""

    def __init__(self, line: Sequence[Task]) -> None:
        ids = [task.pk for task in line]
        main = Allotment.objects.filter(task__in=ids, indicator__is_main=True, target__isnull=False)
        rows = list(main.select_related("indicator"))
        self.indicator = rows[0].indicator if rows else None
        self.targets = {task.pk: task.target_value for task in line} | {row.task_id: row.target for row in rows}
        live = ~Q(task__state__in=GONE) if self.indicator else ~Q(state__in=GONE)
        of, value = ("task__parent", "target") if self.indicator else ("parent", "target_value")
        parts = (
            Allotment.objects.filter(live, indicator=self.indicator, task__parent__in=ids)
            if self.indicator
            else Task.objects.filter(live, parent__in=ids)
        )
        sums = parts.order_by().values(of).annotate(total=Sum(value), top=Max(value), low=Min(value))
        self.sums = {row[of]: row["total"] for row in sums}

    def is_less(self, task: Task) -> bool:
        return self.indicator.direction == Direction.DOWN if self.indicator else task.target_op.startswith("<")

    def given(self, above: Task, below: Task) -> Decimal | None:
        """What was asked in all of the children of a tier; of a rate, what its child on this line was asked."""
        if not self.indicator and above.target_unit != below.target_unit:
            return None
        facts = ParentFacts(target_unit="" if self.indicator else above.target_unit)
        summed = self.indicator.over_units == OverUnits.SUM if self.indicator else facts.is_divided
        return self.sums.get(above.pk) if summed else self.targets.get(below.pk)


def _tier(scale: _Scale, above: Task, name: str, given: Decimal | None, *, due: date | None) -> Tier:
    asked = scale.targets.get(above.pk)
    return Tier(name, asked, given, harder(asked, given, less=scale.is_less(above)), due)


@dataclass(frozen=True, slots=True)
class Inflated:
    """What was let pass in one act of giving down: by which unit, of which task, why, and what in how many parts."""

    task: Task
    unit: Unit
    reason: str
    at: datetime
    by: Person
    lines: tuple[str, ...]


def gather_inflations(rows: Iterable[Inflation]) -> list[Inflated]:
    """Rows of one act together, what is the same in several parts said once."""
    acts: dict[tuple[int, int, datetime], list[Inflation]] = defaultdict(list)
    for row in rows:
        acts[row.task_id, row.unit_id, row.at].append(row)
    return [
        Inflated(found[0].task, found[0].unit, found[0].reason, found[0].at, found[0].by, tuple(_lines(found)))
        for found in acts.values()
    ]


def _lines(rows: Sequence[Inflation]) -> list[str]:
    alike = Counter((row.kind, row.figure, row.was, row.now) for row in rows)
    return [describe_inflation(*what, parts=count) for what, count in alike.items()]


def describe_inflation(kind: str, figure: Decimal, was: str, now: str, *, parts: int = 1) -> str:
    """One thing that was let pass, in words."""
    plain = figure.quantize(Decimal("0.01")) if kind == Kind.TARGET else figure
    words = {"was": was, "now": now, "figure": f"{plain.normalize():f}"}
    more = ngettext("%(n)s part", "%(n)s parts", parts) % {"n": parts} + " · " if parts > 1 else ""
    return more + str(WORDS[Kind(kind)]) % words


def list_inflations(
    access: Access, *, unit: str = "", kind: str = "", ratio: Decimal | None = None
) -> QuerySet[Inflation]:
    """What was let pass in the tasks that a person sees, the latest first; `unit` is the path of who gave down.

    `ratio` keeps targets raised at least so much, and leaves out the other kinds.
    """
    seen = Task.objects.visible_to(access).order_by()
    rows = Inflation.objects.filter(task__in=seen.values("pk"))
    if unit:
        rows = rows.filter(unit__in=Unit.objects.within(unit).order_by())
    if kind:
        rows = rows.filter(kind=kind)
    if ratio is not None:
        rows = rows.filter(kind=Kind.TARGET.value, figure__gte=ratio)
    return rows.select_related("task", "unit", "part", "by").order_by("-at", "-pk")


def list_unseen(access: Access) -> QuerySet[Inflation]:
    """What units under the person's office or in their charge let pass since they last looked, but not they."""
    paths = [seat.path for seat in access.seats if seat.role in DECIDERS]
    if not paths or access.admin:
        return Inflation.objects.none()
    last = InflationSight.objects.filter(person=access.person_id).values("last")
    inside = Exists(Unit.objects.within(*paths).filter(pk=OuterRef("unit")).order_by())  # few are new: each is tested
    return Inflation.objects.filter(inside, pk__gt=Coalesce(Subquery(last), 0)).exclude(by=access.person_id)


def count_unseen(access: Access) -> int:
    """How many acts of these there are; one query, none for who oversees nobody."""
    return list_unseen(access).order_by().values("task", "unit", "at").distinct().count()


def list_inflations_of(task: Task, *, limit: int = MOST_SHOWN) -> list[Inflation]:
    """What was let pass when this task, or one given down from it, was given down; one query."""
    return _list_at_or_below(task.pk)[:limit]


@prepared
def _list_at_or_below(task: int) -> QuerySet[Inflation]:
    rows = Inflation.objects.filter(Q(task=task) | Q(task__parent=task)).select_related("task", "unit", "by")
    return rows.order_by("-at", "-pk")[:MOST_SHOWN]

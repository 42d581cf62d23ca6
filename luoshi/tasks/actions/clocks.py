"""Setting the clocks and nodes of a government or company, and taking over the dates that the clocks propose."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.dispatching import label_tasks
from luoshi.tasks.actions.drafting import edit_task
from luoshi.tasks.actions.moving import check_step
from luoshi.tasks.models import Clock, ClockSet, Node, Task
from luoshi.tasks.queries.clocks import get_clock_set, get_shown_offer, list_offers, list_own_nodes
from luoshi.tasks.rules.clocks import ClockFacts, Fault, Offer, check_clock
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.nodes import NodeFacts, NodeFault, check_nodes

CLOCK_FAULTS = {
    Fault.DAYS: _("A number of days lies between 0 and 400."),
    Fault.CADENCE: _("Choose one of the cadences."),
    Fault.DAY: _("A day of the month lies between 1 and 31."),
    Fault.ORDER: _("A window closes before it opens. Let it open earlier or close later."),
    Fault.FIRST: _("The first report cannot be due before receipt is."),
}
NODE_FAULTS = {
    NodeFault.NONE: _("Name at least one node, or follow the template."),
    NodeFault.MANY: _("At most 20 nodes: nobody follows more."),
    NodeFault.NAMELESS: _("A node's name has 1 to 40 characters."),
    NodeFault.TWICE: _("Two nodes bear the same name. Rename one."),
    NodeFault.STEP: _("Choose what reaches each node."),
}


class FaultyClocks(Refusal):
    """Some of the clocks cannot be kept; `matter` says whose."""

    def __init__(self, fault: Fault, *, matter: str = "") -> None:
        self.matter = matter
        super().__init__(CLOCK_FAULTS[fault])


class FaultyNodes(Refusal):
    """The nodes cannot be kept."""


class NothingToTake(Refusal):
    """The clocks propose nothing that the task does not say already."""

    sentence = _("The clocks propose nothing for it: it has its date and cadence, or no such clock runs.")


def set_clocks(
    unit: Unit, clocks: Mapping[str, ClockFacts], *, preset: str, version: int, by: Person, now: datetime
) -> ClockSet:
    """Keep the clocks of a government or company; of none it follows those above it, at last the preset.

    `version` is the one that the editor saw, 0 where there was no set. Raises FaultyClocks, EditConflict.
    """
    for matter, clock in clocks.items():
        if fault := check_clock(clock):
            raise FaultyClocks(fault, matter=matter)
    with transaction.atomic():
        kept = _hold(unit, version=version, preset=preset)
        before = {c.matter: c for c in Clock.objects.filter(set=kept)}
        Clock.objects.filter(set=kept).delete()
        rows = [Clock(set=kept, matter=matter.value, **asdict(clocks[matter])) for matter in Matter if matter in clocks]
        Clock.objects.bulk_create(rows)
        record_entry(
            "set_clocks", by=by, now=now, subject=unit, unit_path=unit.path or "",
            before={matter: _plain(clock) for matter, clock in before.items()},
            after={matter: asdict(clock) for matter, clock in clocks.items()}, preset=preset,
        )  # fmt: skip
    return kept


def set_nodes(
    unit: Unit, matter: str, nodes: Sequence[NodeFacts], *, version: int, by: Person, now: datetime
) -> ClockSet:
    """Keep the nodes of a matter; of none it follows those above, at last the template.

    Raises FaultyNodes, EditConflict.
    """
    fault = check_nodes(nodes) if nodes else None
    if fault:
        raise FaultyNodes(NODE_FAULTS[fault])
    with transaction.atomic():
        kept = _hold(unit, version=version)
        before = list_own_nodes(unit).get(matter, ())
        Node.objects.filter(set=kept, matter=matter).delete()
        Node.objects.bulk_create(
            Node(set=kept, matter=matter, number=number, name=node.name, reached_by=node.reached_by)
            for number, node in enumerate(nodes, start=1)
        )
        record_entry(
            "set_nodes", by=by, now=now, subject=unit, unit_path=unit.path or "",
            before={"nodes": [[n.name, n.reached_by] for n in before]},
            after={"nodes": [[n.name, n.reached_by] for n in nodes]}, matter=matter,
        )  # fmt: skip
    return kept


def _hold(unit: Unit, *, version: int, preset: str | None = None) -> ClockSet:
    """The unit's set, one version on. Raises EditConflict when another was saved since the editor looked."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    kept = get_clock_set(unit)
    if kept is None:
        if version:
            raise EditConflict
        return ClockSet.objects.create(unit=unit, preset=preset or "")
    changed = {} if preset is None else {"preset": preset}
    if not ClockSet.objects.filter(pk=kept.pk, version=version).update(version=F("version") + 1, **changed):
        raise EditConflict
    kept.refresh_from_db()
    return kept


def _plain(clock: Clock) -> dict[str, object]:
    return {
        f.name: getattr(clock, f.name) for f in Clock._meta.concrete_fields if f.name not in ("id", "set", "matter")
    }


def _offered_fields(offer: Offer) -> dict[str, Any]:
    """The columns that an offer fills."""
    found: dict[str, Any] = {"due_date": offer.due_date} if offer.due_date else {}
    return found | ({"cadence": offer.cadence, "cadence_day": offer.cadence_day} if offer.cadence else {})


def take_clock(task: Task, *, version: int, by: Person, now: datetime, today: date, is_hard: bool = False) -> Task:
    """Write into a task what the clocks propose. Raises NothingToTake and what edit_task raises."""
    offer = get_shown_offer(task, today=today)
    if offer is None:
        raise NothingToTake
    fields = _offered_fields(offer)
    if is_hard and offer.hard_date:
        fields["due_date"] = offer.hard_date
    return edit_task(task, version=version, by=by, now=now, **fields)


def take_clocks(tasks: Sequence[Task], *, by: Person, now: datetime, today: date) -> int:
    """Write into several tasks before dispatch what the clocks propose and they do not say; how many were filled.

    Raises UnlawfulStep, NothingToTake, EditConflict.
    """
    for task in tasks:
        check_step(task, "draft")
    offers = list_offers(tasks, today=today)
    chosen = {task: _offered_fields(offers[task.pk]) for task in tasks if task.pk in offers}
    if not chosen:
        raise NothingToTake
    alike: dict[tuple[tuple[str, Any], ...], list[Task]] = defaultdict(list)
    for task, fields in chosen.items():
        alike[(("version", task.version), *fields.items())].append(task)
    with transaction.atomic():
        for (seen, *given), group in alike.items():
            rows = Task.objects.filter(
                pk__in=[t.pk for t in group], version=seen[1], state__in=[t.state for t in group]
            )
            if rows.update(**dict(given), version=F("version") + 1) != len(group):
                raise EditConflict
        first = next(iter(chosen))
        record_entry(
            "take_clocks", by=by, now=now, subject=first, label=label_tasks(list(chosen)),
            unit_path=first.owner.path or "", task_ids=[t.pk for t in chosen],
            after={str(task.pk): fields for task, fields in chosen.items()},
        )  # fmt: skip
    return len(chosen)

"""Counting every tally again from the readings alone: the proof that what is kept is right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import islice
from typing import Any

from django.db import transaction

from luoshi.core.models import ChainHead
from luoshi.progress.actions.standings import GONE
from luoshi.progress.actions.tallies import (
    FIGURES,
    Node,
    columns,
    count_node,
    delete_tallies,
    list_nodes,
    list_own_figures,
    write_tallies,
)
from luoshi.progress.models import Coverage, Tally
from luoshi.progress.rules.tallies import Goal, PartSums
from luoshi.tasks.models import Allotment, Indicator

KEPT = Context(prec=15)  # what every database keeps of a number
CHUNK = 500


@dataclass(frozen=True, slots=True)
class TallyDrift:
    """A tally (or with an empty period a coverage) that is not what its readings come to; None where no row belongs."""

    allotment_id: int
    period: str
    stored: tuple[Any, ...] | None
    right: tuple[Any, ...] | None


@dataclass
class _Open:
    """The parts of wholes that are still to come: their sums by task and period, how many they are, how many leaves."""

    sums: dict[int, dict[str, PartSums]]
    spread: dict[int, tuple[int, int]]


def recompute_tallies(*, check: bool = False) -> list[TallyDrift]:
    """Count all tallies and coverages again, bottom up, and put right what differs; with `check` only report it.

    Memory holds a chunk of allotments and the sums of the wholes whose parts are still coming.
    """
    found: list[TallyDrift] = []
    with transaction.atomic():
        ChainHead.objects.select_for_update().get(pk=1)
        for indicator in Indicator.objects.order_by("pk").values_list("pk", flat=True):
            for drifts in _find_drifts(indicator):
                found += drifts
                if not check:
                    _mend(drifts)
    return found


def _find_drifts(indicator: int) -> Iterator[list[TallyDrift]]:
    """The drifts of one indicator, chunk by chunk, parts before their wholes."""
    rows = (
        Allotment.objects.filter(indicator=indicator)
        .order_by("-task__path")
        .values_list("pk", "task__state", "target", "ceiling", "weight")
    )
    still_open = _Open({}, {})
    coming = rows.iterator(chunk_size=2000)
    while chunk := list(islice(coming, CHUNK)):
        yield list(_compare(chunk, still_open))


def _compare(chunk: Sequence[tuple[Any, ...]], still_open: _Open) -> Iterator[TallyDrift]:
    ids = [row[0] for row in chunk]
    nodes = {node.id: node for node in list_nodes(Allotment.objects.filter(pk__in=ids))}
    own = list_own_figures(ids, method=next(iter(nodes.values())).method)
    stored: dict[tuple[int, str], tuple[Any, ...]] = {
        (pk, period): tuple(figures)
        for pk, period, *figures in Tally.objects.filter(allotment__in=ids).values_list("allotment", "period", *FIGURES)
    }
    covered = {c.allotment_id: (c.parts, c.expected) for c in Coverage.objects.filter(allotment__in=ids)}
    for pk, state, target, ceiling, weight in chunk:
        node, sums = nodes[pk], still_open.sums.pop(nodes[pk].task_id, {})
        spread = still_open.spread.pop(node.task_id, None)
        if covered.get(pk) != spread:
            yield TallyDrift(pk, "", covered.get(pk), spread)
        counts = count_node(_as_leaf(node, is_leaf=spread is None), own[pk], sums)
        right = {(pk, period): columns(count) for period, count in counts.items()}
        here = {key: row for key, row in stored.items() if key[0] == pk}
        for key in sorted(right.keys() | here.keys()):
            if not _same(here.get(key), right.get(key)):
                yield TallyDrift(pk, key[1], here.get(key), right.get(key))
        if state not in GONE and node.parent_task_id is not None:
            _add(still_open, node, counts, Goal(target, ceiling, weight), spread)


def _as_leaf(node: Node, *, is_leaf: bool) -> Node:
    return Node(node.id, node.task_id, node.parent_task_id, node.depth, node.indicator_id, node.cadence, node.year,
                node.method, is_leaf)  # fmt: skip


def _add(still_open: _Open, node: Node, counts: Any, goal: Goal, spread: tuple[int, int] | None) -> None:
    assert node.parent_task_id is not None
    place = still_open.sums.setdefault(node.parent_task_id, {})
    for period, count in counts.items():
        before = place.get(period, PartSums())
        place[period] = before.with_part(count, goal, part=node.id, method=node.method)
    parts, leaves = still_open.spread.get(node.parent_task_id, (0, 0))
    still_open.spread[node.parent_task_id] = (parts + 1, leaves + (spread[1] if spread else 1))


def _same(stored: tuple[Any, ...] | None, right: tuple[Any, ...] | None) -> bool:
    if stored is None or right is None:
        return stored == right
    return all(_alike(one, other) for one, other in zip(stored, right, strict=True))


def _alike(one: Any, other: Any) -> bool:
    """Equal, as far as every database keeps the digits of a number."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return KEPT.plus(one) == KEPT.plus(other)
    return bool(one == other)


def _mend(drifts: Iterable[TallyDrift]) -> None:
    """Put right what differs."""
    rows, spreads = [d for d in drifts if d.period], [d for d in drifts if not d.period]
    write_tallies([(d.allotment_id, d.period, d.right) for d in rows if d.right is not None])
    delete_tallies([(d.allotment_id, d.period) for d in rows if d.right is None])
    Coverage.objects.filter(allotment__in=[d.allotment_id for d in spreads]).delete()
    Coverage.objects.bulk_create(
        [Coverage(allotment_id=d.allotment_id, parts=d.right[0], expected=d.right[1]) for d in spreads if d.right]
    )

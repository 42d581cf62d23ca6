"""The ledger as a tree: top tasks that open level by level, or what a filter found with the tasks above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from luoshi.core.policy import Policy
from luoshi.ledger.queries.filters import PHASES, Choice, narrow, with_order
from luoshi.ledger.queries.paging import PATH, list_window, order_of
from luoshi.ledger.queries.rows import PAGE_ROWS, More, Rows, list_rows
from luoshi.ledger.rules import StateGroup
from luoshi.ledger.rules.paging import Key, write_key
from luoshi.orgs.rules import Access
from luoshi.tasks.models import TASK_STEP, Task
from luoshi.tasks.queries import list_visible
from luoshi.tasks.queries.visible import list_tops

COUNTED = 1000  # rows that are left are counted up to here


def list_tree(
    choice: Choice, *, access: Access, today: date, policy: Policy, after: Key | None = None, before: Key | None = None
) -> Rows:
    """A page of the tree: its top tasks, or, when filters narrow it, what they found under the tasks above."""
    if not choice.filter.is_grouped_only:
        return _outline(choice, access=access, today=today, policy=policy, after=after, before=before)
    matching = narrow(list_visible(access), choice, today=today, policy=policy)
    sets = [
        with_order(_leading_to(matching, tops, choice), choice, today=today, policy=policy)
        for tops in list_tops(access)
    ]
    window = list_window(
        sets, order=order_of(choice), desc=choice.filter.desc, after=after, before=before, size=PAGE_ROWS,
        mixed=with_order(Task.objects.order_by(), choice, today=today, policy=policy),
    )  # fmt: skip
    rows = list_rows(window.ids, today=today, policy=policy)
    return Rows(rows, window.before, window.after, context=_context(window.ids, matching, choice))


def list_children(
    parent: Task, choice: Choice, *, access: Access, today: date, policy: Policy, after: Key | None = None
) -> tuple[Rows, int, bool]:
    """A group of the tasks directly under one that match or lead to some that do; how many are left, at least so many.

    In the order in which they were given down.
    """
    visible = list_visible(access)
    matching = narrow(visible, choice, today=today, policy=policy)
    children = _leading_to(matching, visible.filter(parent=parent), choice)
    if after is not None:
        children = children.filter(pk__gt=after.id)
    ids = list(children.order_by("pk").values_list("pk", flat=True)[: PAGE_ROWS + 1])
    shown, left = ids[:PAGE_ROWS], 0
    if len(ids) > PAGE_ROWS:
        left = children.filter(pk__gt=shown[-1])[: COUNTED + 1].count()
    rows = list_rows(shown, today=today, policy=policy)
    key = write_key(shown[-1], None) if left else None
    return Rows(rows, after=key, context=_context(shown, matching, choice)), min(left, COUNTED), left > COUNTED


def _leading_to(matching: QuerySet[Task], tasks: QuerySet[Task], choice: Choice) -> QuerySet[Task]:
    """Of the tasks, those that match or have a matching one anywhere below."""
    if choice.filter.is_grouped_only and choice.filter.state == StateGroup.ALL:
        return tasks
    highest = Concat(OuterRef("path"), Value("9" * (TASK_STEP + 2)))
    inside: QuerySet[Any] = matching.order_by().filter(path__gte=OuterRef("path"), path__lte=highest)
    found = Q(Exists(inside.values("pk")))
    return tasks.filter(Q(phase=PHASES[choice.filter.state]) | found if choice.filter.is_grouped_only else found)


def _context(ids: Sequence[int], matching: QuerySet[Task], choice: Choice) -> frozenset[int]:
    """Which of the rows do not match themselves and are shown for what is below them."""
    if not ids or (choice.filter.is_grouped_only and choice.filter.state == StateGroup.ALL):
        return frozenset()
    return frozenset(ids) - set(matching.order_by().filter(pk__in=list(ids)).values_list("pk", flat=True))


def _outline(
    choice: Choice, *, access: Access, today: date, policy: Policy, after: Key | None, before: Key | None
) -> Rows:
    """What the filters found in the order of the tree, each under the tasks above it that the person may see."""
    matching = narrow(list_visible(access), choice, today=today, policy=policy)
    window = list_window([matching], order=PATH, after=after, before=before, size=PAGE_ROWS)
    if not window.ids:
        return Rows(())
    paths = dict(Task.objects.filter(pk__in=list(window.ids)).order_by().values_list("pk", "path"))
    above = _list_above([paths[pk] or "" for pk in window.ids], access)
    lines: list[tuple[int, int]] = []
    chain: list[str] = []
    for pk in window.ids:
        path = paths[pk] or ""
        lines += _open(path, chain, above)
        lines.append((pk, len(chain) + 1))
        chain.append(path)
    rows = list_rows([pk for pk, _level in lines], today=today, policy=policy)
    return Rows(
        rows, window.before, window.after, levels=[level for _pk, level in lines],
        context=frozenset(pk for pk, _level in lines) - set(window.ids),
        more=_more(matching, paths[window.ids[-1]] or "", above) if window.after else None,
    )  # fmt: skip


def _open(path: str, chain: list[str], above: dict[str, int]) -> list[tuple[int, int]]:
    """The tasks above a path that are not open yet, with their levels; `chain` is brought up to it."""
    while chain and not path.startswith(chain[-1]):
        chain.pop()
    found = []
    for end in range(TASK_STEP, len(path), TASK_STEP):
        part = path[:end]
        if part in above and part not in chain:
            found.append((above[part], len(chain) + 1))
            chain.append(part)
    return found


def _list_above(paths: Sequence[str], access: Access) -> dict[str, int]:
    """The tasks above these paths that the person may see, by their paths."""
    parts = {path[:end] for path in paths for end in range(TASK_STEP, len(path), TASK_STEP)}
    if not parts:
        return {}
    found = list_visible(access).filter(path__in=parts).values_list("path", "pk")
    return {path or "": pk for path, pk in found}


def _more(matching: QuerySet[Task], last: str, above: dict[str, int]) -> More | None:
    """What is left under the task that the end of the page cuts through."""
    following = matching.order_by("path").filter(path__gt=last)
    next_path = following.values_list("path", flat=True).first() or ""
    ends = [end for end in range(TASK_STEP, len(last) + 1, TASK_STEP) if next_path[:end] == last[:end]]
    seen = [last[:end] for end in ends if last[:end] in above or last[:end] == last]
    if not seen or not next_path:
        return None
    task = Task.objects.filter(path=seen[-1]).values_list("pk", "title").get()
    inside = matching.order_by().filter(path__gt=last, path__lte=seen[-1] + "9" * (TASK_STEP + 2))
    number = inside.values("pk")[: COUNTED + 1].count()
    return More(*task, min(number, COUNTED), number > COUNTED)

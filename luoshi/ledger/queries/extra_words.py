"""What some layouts show beside a task: the paper it comes from, when it was sent out, who handles it, its theme."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.utils import timezone

from luoshi.ledger.queries.records import CHUNK, Record
from luoshi.tasks.models import Duty, Task

FACTS = ("pk", "dispatched_at", "clause__directive__number", "clause__directive__title", "parent__title")


def list_extra_words(records: Iterable[Record]) -> Iterator[Record]:
    """The records with these words, some at a time."""
    found = iter(records)
    while chunk := list(islice(found, CHUNK)):
        ids = [record.id for record in chunk]
        facts = {row[0]: row[1:] for row in Task.objects.filter(pk__in=ids).order_by().values_list(*FACTS)}
        handlers: dict[int, list[str]] = {}
        named = Duty.objects.filter(task__in=ids, handler__isnull=False).order_by("pk")
        for task, name in named.values_list("task_id", "handler__name"):
            handlers.setdefault(task, []).append(name)
        for record in chunk:
            yield replace(record, shown={**record.shown, **_words(facts[record.id], handlers.get(record.id, []))})


def _words(facts: tuple[Any, ...], handlers: list[str]) -> dict[str, Any]:
    sent, number, title, theme = facts
    return {
        "received": timezone.localtime(sent).date() if sent else None, "source": number or title or "",
        "theme": theme or "", "handler": "、".join(dict.fromkeys(handlers)),
    }  # fmt: skip

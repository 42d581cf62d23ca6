"""Which messages are about internal papers: what they are called stays on the site."""

import re
from collections.abc import Collection

from luoshi.directives.models import Directive
from luoshi.tasks.models import Task
from luoshi.tasks.models.task import TASK_STEP

PAGE = re.compile(r"^.*?/(tasks|directives)/(\d{1,18})/")
TITLES = 5000  # of internal tasks that a sentence without a page of its own is compared with
TELLING = 12  # characters of a title by which it is known


def list_internal(lines: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of sentences with the path of their page those about a directive marked internal, or a task from one."""
    aims = {line: (match[1], int(match[2])) for line in lines if (match := PAGE.match(line[1]))}
    tasks = _internal_tasks({number for kind, number in aims.values() if kind == "tasks"})
    papers = {number for kind, number in aims.values() if kind == "directives"}
    hidden = set(Directive.objects.filter(pk__in=papers, is_internal=True).values_list("pk", flat=True))
    found = {line for line, (kind, number) in aims.items() if number in (tasks if kind == "tasks" else hidden)}
    others = [line for line in lines if line not in aims]
    return found | _naming_internal(others)


def _internal_tasks(ids: Collection[int]) -> set[int]:
    """The tasks that come from an internal directive, directly or through what they are part of."""
    paths = dict(Task.objects.filter(pk__in=ids).values_list("pk", "path")) if ids else {}
    above = {pk: _line(path or "") | {pk} for pk, path in paths.items()}
    everything = {pk for line in above.values() for pk in line}
    marked = Task.objects.filter(pk__in=everything, clause__directive__is_internal=True) if everything else []
    internal = {task.pk for task in marked}
    return {pk for pk, line in above.items() if line & internal}


def _line(path: str) -> set[int]:
    return {int(path[start : start + TASK_STEP]) for start in range(0, len(path), TASK_STEP)}


def _naming_internal(lines: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Sentences on pages of many things, in which a title of an internal task stands."""
    if not lines:
        return set()
    named = Task.objects.filter(clause__directive__is_internal=True).order_by("-pk").values_list("title", flat=True)
    titles = {title[:TELLING] for title in named[:TITLES]}
    return {line for line in lines if any(title and title in line[0] for title in titles)}

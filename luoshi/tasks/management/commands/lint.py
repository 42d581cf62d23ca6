"""`luoshi lint`: go through a whole ledger, a unit's part of it or one directive, in constant memory."""

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from luoshi.core.clock import today
from luoshi.core.policy import get_policy
from luoshi.orgs.models import Unit
from luoshi.tasks.models import LINT_TEXTS, PHASE_OPEN, Task
from luoshi.tasks.queries.linting import Checked, explain_finding, iterate_checked
from luoshi.tasks.rules.linter import BY_CODE, Severity

ORDER = tuple(Severity)


class Command(BaseCommand):
    help = "Say what is soft in the open tasks: no number, no date, no owner, paper as the only result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", metavar="CODE", help="only what this unit and those below it ask for")
        parser.add_argument("--directive", type=int, metavar="ID", help="only the tasks of one directive")
        parser.add_argument("--code", choices=sorted(BY_CODE), help="only this rule")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each task with findings")
        parser.add_argument(
            "--fail-on", choices=["stop", "warn", "hint"], help="exit with 1 when something so serious is found"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        total = worst = 0
        for one in iterate_checked(self._tasks(options), today=today(), policy=get_policy()):
            total += 1
            found = [f for f in one.findings if options["code"] in (None, f.code)]
            counts.update(f.code for f in found)
            worst = max([worst, *(len(ORDER) - ORDER.index(f.severity) for f in found)])
            if found:
                self._print(one, found, as_json=options["json"])
        if not options["json"]:
            self.stdout.write(f"{total} 项任务 · tasks")
            for code, count in counts.most_common():
                self.stdout.write(f"{code}  {count:>8}  {LINT_TEXTS[code].title}")
        if options["fail_on"] and worst >= len(ORDER) - ORDER.index(Severity(options["fail_on"])):
            raise SystemExit(1)

    def _tasks(self, options: dict[str, Any]) -> QuerySet[Task]:
        tasks = Task.objects.filter(phase=PHASE_OPEN)
        if options["directive"]:
            tasks = tasks.filter(clause__directive=options["directive"])
        if options["unit"]:
            unit = Unit.objects.filter(code=options["unit"]).first()
            if unit is None:
                raise CommandError(f"--unit: no unit has the code {options['unit']}")
            tasks = tasks.filter(owner__in=Unit.objects.within(unit.path or "").values("pk"))
        return tasks

    def _print(self, one: Checked, found: list[Any], *, as_json: bool) -> None:
        task = one.subject
        assert isinstance(task, Task)
        if as_json:
            rows = [{"code": f.code, "severity": f.severity.value, "field": f.field, "words": f.words} for f in found]
            line = {"task": task.code, "title": task.title, "findings": rows}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
            return
        self.stdout.write(f"{task.code}  {task.title}")
        for finding in found:
            self.stdout.write(f"    {finding.code} {finding.severity.value}  {explain_finding(finding)}")

"""`luoshi progress recompute [--check]`: the roll-up of every task, counted again from the leaves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from luoshi.progress.actions import recompute_standings

SHOWN = 20


class Command(BaseCommand):
    help = "Count the roll-up of every task again from the leaves; --check changes nothing and fails on a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["recompute"])
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a standing is not right")

    def handle(self, *args: Any, **options: Any) -> None:
        drifts = recompute_standings(check=options["check"])
        for drift in drifts[:SHOWN]:
            self.stderr.write(f"task {drift.task_id}: stored {_plain(drift.stored)}, right {_plain(drift.right)}")
        if drifts and options["check"]:
            raise CommandError(f"{len(drifts)} standings are not what their reports add up to")
        self.stdout.write(f"{len(drifts)} standings put right" if drifts else "every standing is right")


def _plain(values: tuple[Any, ...]) -> str:
    return ", ".join("-" if value is None else str(value) for value in values)

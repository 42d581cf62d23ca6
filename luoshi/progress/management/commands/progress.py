"""`luoshi progress recompute [--check]`: roll-up of tasks and of indicators, counted again from the leaves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from luoshi.progress.actions import recompute_standings, recompute_tallies

SHOWN = 20


class Command(BaseCommand):
    help = "Count standings and tallies again from the leaves; --check changes nothing and fails on a difference."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["recompute"])
        parser.add_argument("--check", action="store_true", help="change nothing; fail when something is not right")

    def handle(self, *args: Any, **options: Any) -> None:
        standings = recompute_standings(check=options["check"])
        tallies = recompute_tallies(check=options["check"])
        lines = [f"task {d.task_id}: stored {_plain(d.stored)}, right {_plain(d.right)}" for d in standings[:SHOWN]]
        lines += [
            f"allotment {d.allotment_id} {d.period or 'coverage'}: stored {_plain(d.stored)}, right {_plain(d.right)}"
            for d in tallies[:SHOWN]
        ]
        for line in lines:
            self.stderr.write(line)
        found = [f"{len(standings)} standings"] * bool(standings) + [f"{len(tallies)} tallies"] * bool(tallies)
        if found and options["check"]:
            raise CommandError(f"{' and '.join(found)} are not what their reports and readings add up to")
        self.stdout.write(f"{' and '.join(found)} put right" if found else "every standing is right, every tally too")


def _plain(values: tuple[Any, ...] | None) -> str:
    return "no row" if values is None else ", ".join("-" if value is None else str(value) for value in values)

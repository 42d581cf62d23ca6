"""`luoshi ledger reindex [--check]`: what a search finds, compared with what stands."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from luoshi.tasks.actions.searching import reindex


class Command(BaseCommand):
    help = "Make everything findable by what it says now; --check changes nothing and fails when something is not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["reindex"])
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a search would miss")

    def handle(self, *args: Any, **options: Any) -> None:
        drift = reindex(check=options["check"])
        counts = f"tasks {drift.tasks}, units {drift.units}, directives {drift.directives}, left over {drift.left_over}"
        if drift and options["check"]:
            raise CommandError(f"a search would be wrong: {counts}")
        self.stdout.write(f"put right: {counts}" if drift else "everything is found by what it says")

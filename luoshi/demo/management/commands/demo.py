"""`luoshi demo`: a county to look at, with its accounts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from luoshi.core import clock
from luoshi.demo import actions, county
from luoshi.demo.planting import PASSWORD


class Command(BaseCommand):
    help = "Load the demo county into an empty database and print its accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="load only when no demo was loaded before")
        parser.add_argument("--units-only", action="store_true", help="units, people and posts, without any history")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["once"] and actions.is_loaded()):
            self._load(**options)
        self._print_accounts()

    def _load(self, **options: Any) -> None:
        try:
            actions.load_county(now=clock.now())
        except actions.DatabaseNotEmpty:
            raise CommandError(
                "This database already holds units or people, and the demo is not mixed with them. "
                "Set LUOSHI_VAR_DIR or DATABASE_URL to an empty one, or use --once to keep a demo that is there."
            ) from None

    def _print_accounts(self) -> None:
        people = {row.username: row for row in county.people()}
        self.stdout.write(f"\n演示账号 · Demo accounts   密码 · password: {PASSWORD}\n")
        for row in county.guide():
            person = people[row.username]
            self.stdout.write(f"  {row.username:<13} {person.name} · {person.title}")
            self.stdout.write(f"  {'':<13} {row.zh}\n  {'':<13} {row.en}")
        self.stdout.write("\n地址 · Address: luoshi serve → http://127.0.0.1:8000/")

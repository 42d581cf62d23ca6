"""`luoshi demo`: a county to look at, with its accounts."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from luoshi.core import clock
from luoshi.demo import actions, county
from luoshi.demo.planting import PASSWORD
from luoshi.demo.samples import write_samples

CITY_ACCOUNTS = (
    ("yz.head", "市长 · mayor"),
    ("yz.office1", "市政府督查室 · supervision office of the city"),
    ("c001.head", "青禾县县长 · head of the first county"),
    ("c001.office1", "青禾县督查室 · supervision office of the first county"),
    ("c001-d25.h1", "县直部门承办人 · clerk of a county department"),
    ("c001-t01.h1", "乡镇承办人 · clerk of a township"),
    ("admin", "系统管理员 · administrator"),
)


class Command(BaseCommand):
    requires_system_checks = ()  # they read every page's code, and a demo that is there starts at once
    help = "Load the demo county (or a whole city) into an empty database and print its accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="load only when no demo was loaded before")
        parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")
        parser.add_argument("--units-only", action="store_true", help="units, people and posts, without any history")
        parser.add_argument("--scale", choices=["county", "city"], default="county", help="how large a demo")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same demo")
        parser.add_argument("--today", type=date.fromisoformat, help="the day on which the history ends (YYYY-MM-DD)")
        parser.add_argument("--months", type=int, default=9, help="how many months of history")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["migrate"] and _is_behind():
            call_command("migrate", verbosity=0, skip_checks=True)
        if not (options["once"] and actions.is_loaded()):
            self._load(**options)
        self._print_accounts(city=actions.is_city())

    def _load(self, **options: Any) -> None:
        now = _at(options["today"], 17) if options["today"] else clock.now()
        try:
            if options["scale"] == "city":
                from luoshi.demo import scale

                scale.generate_city(now=now, seed=options["seed"], say=self._say)
            else:
                self._load_county(now, **options)
        except actions.DatabaseNotEmpty:
            raise CommandError(
                "This database already holds units or people, and the demo is not mixed with them. "
                "Set LUOSHI_VAR_DIR or DATABASE_URL to an empty one, or use --once to keep a demo that is there."
            ) from None

    def _load_county(self, now: datetime, **options: Any) -> None:
        from luoshi.demo.history import live_through, story_start

        lives = not options["units_only"]
        first = story_start(timezone.localtime(now).date(), months=options["months"])
        with transaction.atomic():
            planted = actions.load_county(now=_at(first, 8) if lives else now)
            if lives:
                self._say("正在按月生成演示县的工作经过…… Living through the county's months …")
                acts = live_through(planted, now=now, months=options["months"], seed=options["seed"])
                self._say(f"{acts} 个动作 · acts")
                written = write_samples(settings.VAR_DIR / "samples")
                self._say(f"可以上传试读的文件 · Papers to try the upload with: {written[0].parent}")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _print_accounts(self, *, city: bool) -> None:
        self.stdout.write(f"\n演示账号 · Demo accounts   密码 · password: {PASSWORD}\n")
        if city:
            for username, words in CITY_ACCOUNTS:
                self.stdout.write(f"  {username:<13} {words}")
        else:
            people = {row.username: row for row in county.people()}
            for row in county.guide():
                person = people[row.username]
                self.stdout.write(f"  {row.username:<13} {person.name} · {person.title}")
                self.stdout.write(f"  {'':<13} {row.zh}\n  {'':<13} {row.en}")
        self.stdout.write("\n启动 · Start: luoshi serve   查看日志 · Check the journal: luoshi journal verify")


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 30)))


def _is_behind() -> bool:
    """Is there a migration that this database has not seen?"""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

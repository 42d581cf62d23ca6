"""`luoshi work`: works on background jobs, such as reading long papers; `luoshi serve` starts one beside itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from luoshi.core.management.keeping import Keeper


class Command(BaseCommand):
    help = "Work on background jobs until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        connections.close_all()
        Keeper(max(1, options["processes"])).run()

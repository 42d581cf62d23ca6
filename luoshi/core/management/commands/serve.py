"""`luoshi serve`: the program itself, with gunicorn."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Serve Luoshi on an address of this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        bind = f"{options['host']}:{options['port']}"
        self.stdout.write(f"Luoshi · 落实  http://{bind}/")
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        arguments = ["--bind", bind, "--workers", str(options["workers"]), "--threads", "4", "--preload"]
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments, "config.wsgi"])  # noqa: S606 - no shell is wanted

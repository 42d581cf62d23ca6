"""`luoshi serve`: the program itself, with gunicorn."""

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from luoshi.core.management.keeping import keep_beside


class Command(BaseCommand):
    help = "Serve Luoshi on an address of this machine, with the processes that read long papers beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        bind = f"{options['host']}:{options['port']}"
        _check_free(options["host"], options["port"])
        self.stdout.write(f"Luoshi · 落实  http://{bind}/")
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        keep_beside(settings.JOB_WORKERS)
        arguments = [
            "--bind",
            bind,
            "--workers",
            str(options["workers"]),
            "--threads",
            "4",
            "--preload",
            "--no-control-socket",
        ]
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments, "config.wsgi"])  # noqa: S606 - no shell is wanted


def _check_free(host: str, port: int) -> None:
    """Raise CommandError in one sentence when the address cannot be served on."""
    try:
        kind, *_rest, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address[0], port, *address[2:]))  # the port itself: a look-up wraps one that is too high
    except (OSError, OverflowError) as error:
        words = _("Cannot serve on %(address)s: %(cause)s. Stop what uses it, or choose another --port.")
        raise CommandError(words % {"address": f"{host}:{port}", "cause": getattr(error, "strerror", error)}) from error

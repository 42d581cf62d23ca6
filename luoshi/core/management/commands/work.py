"""`luoshi work`: works on background jobs and on what happens by itself; `luoshi serve` starts one beside itself."""

from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luoshi.core import clock, events
from luoshi.core.jobs import work_off
from luoshi.core.management.keeping import Keeper
from luoshi.core.queries import list_open_runs


class Command(BaseCommand):
    help = "Work on background jobs and routines until stopped; with --once only on what is due, such as from cron."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--once", action="store_true", help="Do what is due and what waits, then end.")
        parser.add_argument(
            "--at", default="", help="With --once: only what fell due by then, such as 2026-11-23T08:00."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self._work_once(_moment(options["at"]))
        else:
            connections.close_all()
            Keeper(max(1, options["processes"])).run()

    def _work_once(self, at: datetime) -> None:
        done = work_off(until=at)
        events.start_work(now=clock.now())
        call_command(
            "db_worker", queue_name="*", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0
        )
        self.stdout.write(ngettext("%(n)d run of routines done.", "%(n)d runs of routines done.", done) % {"n": done})
        for run in list_open_runs(until=at):
            self.stderr.write(f"{run}: {run.get_state_display()} {run.error}".rstrip())


def _moment(text: str) -> datetime:
    """The present moment, or one before it that was written down, in local time when it does not say."""
    now = clock.now()
    try:
        given = parse_datetime(text) if text else now
    except ValueError:
        given = None
    if given is None:
        raise CommandError(_("--at wants a moment such as 2026-11-23T08:00."))
    moment = given if timezone.is_aware(given) else timezone.make_aware(given)
    if moment > now:
        raise CommandError(_("--at lies in the future: nothing may be done before its time."))
    return moment

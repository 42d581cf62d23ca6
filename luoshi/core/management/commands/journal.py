"""`luoshi journal verify`: does the journal hold, link by link?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from luoshi.core.models import ChainHead
from luoshi.core.queries import find_journal_faults


class Command(BaseCommand):
    help = "Check the hash chain of the journal; exit 1 when an entry was altered, removed or moved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"])
        parser.add_argument("--expect", help="a hash noted earlier that must still be in the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        from luoshi.core.models import Entry

        faults = find_journal_faults()
        for fault in faults[:50]:
            self.stderr.write(f"entry {fault.seq}: {fault.kind}")
        if faults:
            raise CommandError(f"{len(faults)} faults in the journal")
        expected = options["expect"]
        if expected and not Entry.objects.filter(hash=expected).exists():
            raise CommandError("the hash noted earlier is not in the journal: its entries were replaced")
        head = ChainHead.objects.get(pk=1)
        self.stdout.write(f"journal holds: {head.seq} entries, last hash {head.hash}")

"""`luoshi register FILE --unit CODE --as USER`: registers a paper as that person would on the page."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from luoshi.core import clock
from luoshi.core.errors import Refusal
from luoshi.directives.actions import Source, accept_sure, read_file, register_directive
from luoshi.directives.queries import list_registering_units
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import get_access, parse_unit


class Command(BaseCommand):
    help = "Register a directive of any kind for review, in the name of a person who may."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", required=True, help="the unit that registers it: code or name")
        parser.add_argument("--as", dest="person", required=True, help="user name of the person who registers it")
        parser.add_argument("--received", type=parse_date, help="the day it was received (YYYY-MM-DD); else today")
        parser.add_argument("--internal", action="store_true", help="never send it to any outside service")
        parser.add_argument("--again", action="store_true", help="even if the very same file is registered already")
        parser.add_argument(
            "--accept-sure", action="store_true", help="accept what is sure and leaves nothing to decide"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            person, unit = _who(options["person"], options["unit"])
            source = Source(path.read_bytes(), path.name)
            paper = read_file(source.data, name=source.name)
            directive = register_directive(
                source, unit=unit, by=person, now=clock.now(), today=clock.today(), received_date=options["received"],
                again=options["again"], is_internal=options["internal"], paper=paper,
            )  # fmt: skip
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except Refusal as refusal:
            raise CommandError(f"{path}: {refusal.sentence}") from refusal
        self.stdout.write(f"{directive.title}  /directives/{directive.pk}/")
        words = {"clauses": directive.clauses.count(), "proposals": directive.proposals.count()}
        self.stdout.write(_("%(clauses)s clauses, %(proposals)s proposed duties") % words)
        if options["accept_sure"]:
            count = accept_sure(directive, by=person, now=clock.now())
            self.stdout.write(_("%(count)s accepted") % {"count": count})


def _who(username: str, unit_name: str) -> tuple[Person, Unit]:
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(_("Nobody signs in as “%(name)s”.") % {"name": username})
    access = get_access(person, today=clock.today())
    unit = parse_unit(unit_name, access)
    if unit.pk not in {u.pk for u in list_registering_units(access)}:
        words = _("%(person)s holds no post that registers papers for %(unit)s.")
        raise CommandError(words % {"person": person.name, "unit": unit})
    return person, unit

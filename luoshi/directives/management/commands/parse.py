"""`luoshi parse FILE`: what the grammar reads from a paper, for people or as JSON; no database is touched."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from luoshi.directives.actions import PaperUnreadable, read_text
from luoshi.directives.models import UNIT_ROLE_LABELS
from luoshi.directives.rules import Mention, Proposal, Reading, as_json, read_directive

RULE_WIDTH = 64


class Command(BaseCommand):
    help = "Read a directive (.docx or .txt) and print the duties it proposes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print header, clauses and items as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            text = read_text(path.read_bytes(), name=path.name)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except PaperUnreadable as refusal:
            raise CommandError(f"{path}: {refusal.sentence}") from refusal
        reading = read_directive(text)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(reading), ensure_ascii=False))
        else:
            self._describe(reading)

    def _describe(self, reading: Reading) -> None:
        header = reading.header
        self.stdout.write(header.title)
        self.stdout.write("  ".join(filter(None, (header.number, header.issuer, str(header.issued_date or "")))))
        for proposal in reading.proposals:
            self.stdout.write("─" * RULE_WIDTH)
            self._describe_proposal(proposal)
        self.stdout.write("─" * RULE_WIDTH)
        self.stdout.write(
            _("%(clauses)s clauses, %(proposals)s proposed duties")
            % {"clauses": len(reading.clauses), "proposals": len(reading.proposals)}
        )

    def _describe_proposal(self, proposal: Proposal) -> None:
        self.stdout.write(f"{proposal.outline}  {proposal.title}{'' if proposal.sure else '  ?'}")
        roles = {
            "lead": proposal.lead, "joint": proposal.joint, "co": proposal.co + proposal.implied,
            "guide": proposal.guide, "verifier": proposal.verifier,
        }  # fmt: skip
        for role, mentions in roles.items():
            self._line(str(UNIT_ROLE_LABELS[role]), _names(mentions))
        if proposal.due:
            self._line(_("Due"), f"{proposal.due.date or ''} {proposal.due.raw}".strip())
        for target in proposal.targets:
            self._line(_("Target"), f"{target.name} {target.op} {target.value}{target.unit}")

    def _line(self, label: str, words: str) -> None:
        if words:
            self.stdout.write(f"    {label}：{words}")


def _names(mentions: tuple[Mention, ...]) -> str:
    return "、".join(m.name for m in mentions)

"""`luoshi parse FILE`: what the grammar reads from a paper, for people or as JSON; no database is touched."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from luoshi.directives.actions import PaperUnreadable, read_file
from luoshi.directives.models import UNIT_ROLE_LABELS
from luoshi.directives.rules import Mention, Proposal, Reading, Span, as_json, read_directive
from luoshi.papers.facts import Paper

RULE_WIDTH = 64


class Command(BaseCommand):
    help = "Read a directive of any kind (Word, PDF, OFD, scan, spreadsheet, page, text) and print its duties."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--json", action="store_true", help="print header, clauses and items as one JSON object")
        what.add_argument("--text", action="store_true", help="print the text as read, each line after its place")

    def handle(self, *args: Any, **options: Any) -> None:
        paper = self._read(options["file"])
        if options["text"]:
            self.stdout.write("\n".join(f"{p.source}\t{p.text}" for p in paper.paragraphs))
            return
        reading = read_directive(paper.text, doubtful=[Span(*r) for r in paper.recognised])
        if options["json"]:
            self.stdout.write(json.dumps(as_json(reading), ensure_ascii=False))
        else:
            self._describe(reading)

    def _read(self, path: Path) -> Paper:
        try:
            return read_file(path.read_bytes(), name=path.name, told=self._told)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except PaperUnreadable as refusal:
            raise CommandError(f"{path}: {refusal.sentence}") from refusal

    def _told(self, page: int, pages: int) -> None:
        """One line that is written over, for a person who waits."""
        if self.stderr.isatty():
            words = _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages}
            self.stderr.write(f"\r{words}", ending="\n" if page == pages else "")

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

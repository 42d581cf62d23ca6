"""Reads the old formats of Word and WPS (.doc, .wps, .rtf) by having LibreOffice turn them into .docx."""

from luoshi.papers.facts import Limits, Paper
from luoshi.papers.kinds import OLD_OFFICE
from luoshi.papers.office import DOCX, SECONDS, convert_paper, find_office
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.word import read_word

# A text of the old format that is protected by a password says so in the head of its first stream.
HEAD, FLAGS, PROTECTED = 512, 10, 0x0100
TEXT = b"\xec\xa5"


def read_old_word(data: bytes, *, limits: Limits, office: str | None = None, seconds: float = SECONDS) -> Paper:
    """Read a paper of an old format. Raises UnreadablePaper, needs_office where LibreOffice is not installed."""
    if _is_protected(data):
        raise UnreadablePaper("encrypted")
    office = office or find_office()
    if office is None:
        raise UnreadablePaper("needs_office")
    made = convert_paper(data, ending="doc", to=DOCX, office=office, seconds=seconds)
    return read_word(made, limits=limits, kind="doc")


def _is_protected(data: bytes) -> bool:
    flags = int.from_bytes(data[HEAD + FLAGS : HEAD + FLAGS + 2], "little")
    return data.startswith(OLD_OFFICE) and data[HEAD : HEAD + 2] == TEXT and bool(flags & PROTECTED)

"""Reading a file's bytes into a paper, refusing in the reader's language what cannot be read."""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from luoshi.directives.actions.refusals import PaperUnreadable, TooManyClauses
from luoshi.directives.models import Directive
from luoshi.papers.facts import Limits, Paper, Progress
from luoshi.papers.fence import UNFENCED, draw_fenced, read_fenced
from luoshi.papers.reading import UnreadablePaper, kind_in, kind_of, read_paper, silent
from luoshi.papers.refusals import REASONS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES = {
    "empty": _("The file is empty. Choose it again; it may not have been saved."),
    "too_large": _(
        "The file is larger than this system reads. Remove pictures or split the file, then upload it again."
    ),
    "unsupported": _(
        "Files of this kind are not read. What is read: Word (.docx, .doc, .wps, .rtf), PDF, OFD, scans (.png, .jpg, "
        ".tif), tables (.xlsx, .xls, .csv), web pages (.html) and plain text (.txt). Save the paper as one of these "
        "and upload that, or paste its text."
    ),
    "needs_office": _(
        "This is an old Word document (.doc, .wps or .rtf), and LibreOffice, which would open it, is not installed "
        "here. Save it as .docx in Word or WPS and upload that, or ask the administrator to install LibreOffice."
    ),
    "needs_ocr": _(
        "This is a scan, a picture of text, and character recognition is not installed here. Upload the original "
        "document, paste its text, or ask the administrator to install character recognition."
    ),
    "encrypted": _("The file is protected by a password. Remove the password, save the file and upload it again."),
    "wrong_content": _(
        "The file's content does not match its name. Open it in the program that made it, save it as .docx or PDF and "
        "upload that, or paste its text."
    ),
    "broken": _(
        "The file is damaged or incomplete. Open it in the program that made it, save it again and upload the new copy."
    ),
    "too_many_pages": _(
        "The paper has more pages than this system reads. Split it into parts, or upload only the pages that ask for "
        "something."
    ),
    "too_many_pixels": _(
        "The picture is larger than this system reads. Scan the page again at 300 dots per inch, or make the picture "
        "smaller, and upload that."
    ),
    "too_hard": _(
        "Reading the file took longer, or more memory, than is allowed. Split the file into parts, or save it as .docx "
        "or plain text and upload that."
    ),
    "expands_too_far": _(
        "The file unpacks to far more than a paper can hold. Copy the text into a new document and upload that."
    ),
    "unsafe": _(
        "The file contains declarations that a paper has no use for. Copy the text into a new document and upload that."
    ),
    "encoding": _(
        "The text is in a character encoding that is not recognised. Save it as UTF-8 or GB18030 text and upload that."
    ),
    "no_text": _(
        "The file holds no text. Check that it is the right file; if it shows only pictures, upload them as a scan "
        "(.pdf, .png, .jpg)."
    ),
}


AT_ONCE_SECONDS = 8
LONG_KINDS = frozenset({"pdf", "ofd", "scan", "doc"})  # what a person need not wait for: read in the background
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
TOO_LONG = frozenset({"too_hard", "too_many_pages"})


def sentence_of(code: str) -> "StrOrPromise":
    """What a refused file's sender is told."""
    return SENTENCES.get(code) or " ".join(REASONS.get(code, REASONS["broken"]))


OURS: dict[str, "StrOrPromise"] = {  # refusals that are not the reader's
    "too_many_clauses": TooManyClauses.sentence,
    "failed": _(
        "Reading stopped through a fault of this program, which was written to its log. Read it once more; if it "
        "fails again, tell the administrator, or paste the text."
    ),
}


def problem_sentence(code: str) -> "StrOrPromise":
    """What is said of an intake that was refused; empty for none."""
    return (OURS.get(code) or sentence_of(code)) if code else ""


def read_file(data: bytes, *, name: str, told: Progress = silent) -> Paper:
    """Read a paper of any kind within the site's bounds. Raises PaperUnreadable saying what to do."""
    return _read(data, name, kind=_kind(data, name), pages=settings.READING["PAGES"],
                 seconds=settings.READING["SECONDS"], told=told)  # fmt: skip


def read_at_once(data: bytes, *, name: str) -> Paper | None:
    """Read a short paper while its sender waits; None for a long one. Raises PaperUnreadable saying what to do."""
    kind = _kind(data, name)
    if kind == "scan" and _can_recognise():
        return None
    is_long = kind in LONG_KINDS
    pages = settings.READING["AT_ONCE_PAGES" if is_long else "PAGES"]
    try:
        return _read(data, name, kind=kind, pages=pages, seconds=AT_ONCE_SECONDS, told=silent)
    except PaperUnreadable as refusal:
        if is_long and refusal.code in TOO_LONG:
            return None
        raise


def _kind(data: bytes, name: str) -> str:
    try:
        return kind_in(data, name=name) if data else kind_of(name)
    except UnreadablePaper as refusal:
        raise _refused(refusal) from refusal


def _can_recognise() -> bool:
    from luoshi.papers.scan import is_available

    return is_available()


def _read(data: bytes, name: str, *, kind: str, pages: int, seconds: int, told: Progress) -> Paper:
    limits = Limits(max_bytes=max(1, settings.UPLOAD_MAX_MB) * 1024 * 1024, max_pages=pages)
    try:
        if kind in UNFENCED:
            return read_paper(data, name=name, limits=limits, told=told)
        megabytes = settings.READING["MEMORY_MB"]
        return read_fenced(data, name=name, limits=limits, seconds=seconds, megabytes=megabytes, told=told)
    except UnreadablePaper as refusal:
        raise _refused(refusal) from refusal


def _refused(refusal: UnreadablePaper) -> PaperUnreadable:
    return PaperUnreadable(sentence_of(refusal.code), code=refusal.code)


def draw_original(directive: Directive, *, number: int) -> tuple[bytes, str]:
    """The picture of a page of the original and its content type; kept beside the papers until nobody looks at it.

    Raises PaperUnreadable.
    """
    kept = _kept_pages(directive, number)
    for path, content_type in kept.items():
        with suppress(FileNotFoundError):
            os.utime(path)  # seen today
            return path.read_bytes(), content_type
    try:
        with directive.file.open("rb") as file:
            picture, content_type = draw_fenced(
                file.read(), name=directive.file_name, number=number, megabytes=settings.READING["MEMORY_MB"]
            )
    except UnreadablePaper as refusal:
        raise _refused(refusal) from refusal
    path = next(p for p, kind in kept.items() if kind == content_type)
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        fresh.write(picture)
    os.replace(fresh.name, path)
    return picture, content_type


def drop_pictures(now: datetime) -> int:
    """Drop the pictures of pages that nobody looked at for long; how many. They are drawn again when asked for."""
    before = (now - timedelta(days=settings.READING["KEEP_PICTURES_DAYS"])).timestamp()
    unseen = [path for path in (settings.VAR_DIR / "pages").glob("*/*") if path.stat().st_mtime < before]
    for path in unseen:
        path.unlink(missing_ok=True)
    return len(unseen)


def _kept_pages(directive: Directive, number: int) -> dict[Path, str]:
    folder = settings.VAR_DIR / "pages" / directive.sha256[:2]
    name = f"{directive.sha256}-{number}"
    return {folder / f"{name}.{ending}": content_type for ending, content_type in PICTURES.items()}

"""Keeping evidence: each file once a unit, sealed by its SHA-256, without the place where a photograph was taken."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.progress.models import Evidence, Exhibit, ExhibitVersion, Feedback
from luoshi.progress.rules.photos import without_place

MAX_FILES = 10
PROGRAMS = frozenset(
    ".apk .app .bat .cmd .com .cpl .dll .exe .gadget .hta .inf .jar .js .jse .lnk .msc .msi .msp .pif .ps1 .reg .scr "
    ".sh .vb .vbe .vbs .wsf .wsh".split()
)  # what a click on a download would run


class TooMuchEvidence(Refusal):
    """Too many files, an empty one, or one that is too large."""

    status = 413


class NoEvidence(Refusal):
    """A file that runs when it is opened."""

    status = 422


class SameFile(Refusal):
    """A new version that is an old one."""

    sentence = gettext_lazy("This file is kept already as a version of this evidence. Choose the file that is new.")


@dataclass(slots=True)
class Prepared:
    """Files as they will be kept; what of them was written to disk is taken away again by `drop`."""

    versions: list[ExhibitVersion] = field(default_factory=list)
    fresh: list[ExhibitVersion] = field(default_factory=list)

    def drop(self) -> None:
        """Take the files away again: what they were for did not happen."""
        for version in self.fresh:
            version.file.delete(save=False)


def prepare_files(files: Sequence[UploadedFile[Any]], *, unit: Unit, by: Person, now: datetime) -> Prepared:
    """Seal and write the files; one that the unit keeps already is used again.

    Raises TooMuchEvidence, NoEvidence.
    """
    limit = settings.UPLOAD_MAX_MB * 1024 * 1024
    if len(files) > MAX_FILES:
        raise TooMuchEvidence(_("At most %(n)s files go with one report.") % {"n": MAX_FILES})
    for file in files:
        if not file.size or file.size > limit:
            words = _("“%(name)s” is empty or larger than %(size)s MB. Leave it out or make it smaller.")
            raise TooMuchEvidence(words % {"name": safe_name(file.name), "size": settings.UPLOAD_MAX_MB})
        if PurePosixPath(safe_name(file.name)).suffix.lower() in PROGRAMS:
            words = _("“%(name)s” is a program. Send the picture, table or document that shows the result.")
            raise NoEvidence(words % {"name": safe_name(file.name)})
    found, seen = Prepared(), set()
    for file in files:
        data = without_place(file.read())
        seal = hashlib.sha256(data).hexdigest()
        if seal not in seen:
            seen.add(seal)
            kept = ExhibitVersion.objects.filter(exhibit__unit=unit, sha256=seal).order_by("-pk").first()
            found.versions.append(kept or _written(data, file.name, seal=seal, into=found, by=by, now=now))
    return found


def _written(
    data: bytes, name: str | None, *, seal: str, into: Prepared, by: Person, now: datetime
) -> ExhibitVersion:  # fmt: skip
    version = ExhibitVersion(number=1, name=safe_name(name), size=len(data), sha256=seal, by=by, at=now)
    version.file.save(f"{seal[:32]}.bin", ContentFile(data), save=False)
    into.fresh.append(version)
    return version


def keep_evidence(prepared: Prepared, feedback: Feedback, *, again: Iterable[ExhibitVersion] = ()) -> None:
    """Keep what is new and let the report use it all. Part of the caller's transaction and of its journal entry."""
    keep_files(prepared, unit=feedback.unit)
    used = {version.pk: version for version in (*prepared.versions, *again)}
    Evidence.objects.bulk_create([Evidence(feedback=feedback, version=version) for version in used.values()])


def keep_files(prepared: Prepared, *, unit: Unit) -> None:
    """Keep each new file as a piece of evidence of the unit. Part of the caller's transaction."""
    for version in prepared.fresh:
        version.exhibit = Exhibit.objects.create(unit=unit, title=version.name, kept_by=version.by, kept_at=version.at)
        version.save()


def add_version(
    exhibit: Exhibit, file: UploadedFile[Any], *, version: int, by: Person, now: datetime
) -> ExhibitVersion:
    """Keep a newer file of a piece of evidence; reports keep the version they used.

    Raises TooMuchEvidence, NoEvidence, SameFile, and EditConflict when somebody changed it
    since version `version` was read.
    """
    prepared = prepare_files([file], unit=exhibit.unit, by=by, now=now)
    try:
        if not prepared.fresh:
            raise SameFile
        with transaction.atomic():
            _touch(exhibit, version=version)
            newest = exhibit.versions.order_by("-number").values_list("number", flat=True).first() or 0
            added = prepared.fresh[0]
            added.exhibit, added.number = exhibit, newest + 1
            added.save()
            record_entry(
                "add_evidence_version", by=by, now=now, subject=exhibit, unit_path=exhibit.unit.path or "",
                after={"number": added.number, "name": added.name, "sha256": added.sha256},
            )  # fmt: skip
    except BaseException:
        prepared.drop()
        raise
    return added


def describe_exhibit(
    exhibit: Exhibit, *, title: str, expires_date: date | None, version: int, by: Person, now: datetime
) -> None:
    """Say what a piece of evidence is and until when it holds. Raises EditConflict."""
    before = {"title": exhibit.title, "expires_date": exhibit.expires_date}
    with transaction.atomic():
        _touch(exhibit, version=version, title=title, expires_date=expires_date)
        record_entry(
            "describe_evidence", by=by, now=now, subject=exhibit, label=title, unit_path=exhibit.unit.path or "",
            before=before, after={"title": title, "expires_date": expires_date},
        )  # fmt: skip


def _touch(exhibit: Exhibit, *, version: int, **fields: Any) -> None:
    """Write only over what was read."""
    rows = Exhibit.objects.filter(pk=exhibit.pk, version=version)
    if not rows.update(version=F("version") + 1, **fields):
        raise EditConflict


def safe_name(name: str | None) -> str:
    """A file's own name as text only: no folders, no control characters, at most 120 characters with its suffix."""
    last = PurePosixPath((name or "").replace("\\", "/")).name
    clean = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .") or "file"
    stem, dot, suffix = clean.rpartition(".")
    return clean if len(clean) <= 120 else f"{stem[:100]}{dot}{suffix[:16]}"

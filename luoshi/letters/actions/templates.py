"""Templates that an organisation sets in Word, and the 代字 of its series."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.letters.models import KIND_LABELS, Mark, Template
from luoshi.letters.rules import KINDS, is_mark, known_to, required_tags
from luoshi.orgs.models import Person, Unit
from luoshi.papers.fence import check_template_fenced
from luoshi.papers.refusals import UnreadablePaper
from luoshi.papers.writing import Checked, Fault


class FaultyTemplate(Refusal):
    """A template names what no letter has, lacks what each must say, or holds a tag that cannot be read."""

    status = 422
    sentence = _("The template was not taken. Correct what is listed below in Word, save it and upload it again.")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class UnreadableTemplate(Refusal):
    """The file is no plain Word document."""

    status = 422


class NoOwnTemplate(Refusal):
    """There is nothing to go back from."""

    sentence = _("This unit has no template of its own for this kind: the usual form is in use already.")


class BadMark(Refusal):
    """What was typed cannot be a 代字."""

    status = 422
    sentence = _("A mark is letters and digits without brackets or spaces, such as 云政督, of at most 30 signs.")


def upload_template(unit: Unit, kind: str, *, data: bytes, file_name: str, by: Person, now: datetime) -> Template:
    """Take a template into use, as a new version. Raises FaultyTemplate, UnreadableTemplate."""
    checked = _check(kind, data)
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        own = Template.objects.filter(unit=unit, kind=kind)
        number = (own.aggregate(last=Max("number"))["last"] or 0) + 1
        own.filter(is_active=True).update(is_active=False)
        template = Template(
            unit=unit, kind=kind, number=number, file_name=file_name[:200], sha256=hashlib.sha256(data).hexdigest(),
            fields=list(checked.names), by=by, at=now,
        )  # fmt: skip
        template.file.save(f"{unit.pk}-{kind}-{number}.docx", ContentFile(data), save=False)
        template.save(force_insert=True)
        _record("upload_template", template, unit=unit, kind=kind, by=by, now=now, sha256=template.sha256)
    return template


def _check(kind: str, data: bytes) -> Checked:
    """Read the template in a process of its own."""
    try:
        checked = check_template_fenced(data, known=known_to(kind), required=required_tags(kind))
    except UnreadablePaper as error:
        raise UnreadableTemplate(_sentence(error.code)) from None
    if checked.faults:
        raise FaultyTemplate(checked.faults)
    return checked


def _sentence(code: str) -> str:
    words = {
        "unsafe": _("The file holds macros, embedded objects or parts taken from elsewhere. Save it as a plain .docx."),
        "too_large": _("The file is larger than a template may be (5 MB). Remove pictures, then upload it again."),
        "encrypted": _("The file is protected by a password. Remove the password, save the file and upload it again."),
    }
    return str(
        words.get(code, _("This is not a Word document (.docx) that can be read. Save it again in Word or WPS."))
    )


def use_template(template: Template, *, by: Person, now: datetime) -> None:
    """Take an earlier version into use again."""
    with transaction.atomic():
        own = Template.objects.filter(unit=template.unit, kind=template.kind)
        own.filter(is_active=True).update(is_active=False)
        own.filter(pk=template.pk).update(is_active=True)
        template.refresh_from_db(fields=["is_active"])
        _record("use_template", template, unit=template.unit, kind=template.kind, by=by, now=now)


def revert_template(unit: Unit, kind: str, *, by: Person, now: datetime) -> None:
    """Go back to the usual form; the versions stay and may be taken up again. Raises NoOwnTemplate."""
    with transaction.atomic():
        active = Template.objects.select_for_update(no_key=True).filter(unit=unit, kind=kind, is_active=True).first()
        if active is None:
            raise NoOwnTemplate
        Template.objects.filter(pk=active.pk).update(is_active=False)
        _record("revert_template", active, unit=unit, kind=kind, by=by, now=now)


def _record(verb: str, template: Template, *, unit: Unit, kind: str, by: Person, now: datetime, **notes: Any) -> None:
    label = f"{KIND_LABELS[kind]} {template.number}"
    record_entry(
        verb, by=by, now=now, subject=template, label=label, unit_path=unit.path or "", kind=kind,
        version=template.number, **notes,
    )  # fmt: skip


def set_mark(unit: Unit, kind: str, *, mark: str, by: Person, now: datetime) -> None:
    """Number letters of a kind under a 代字 from now on; letters already issued keep theirs. Raises BadMark."""
    mark = mark.strip()
    if not is_mark(mark):
        raise BadMark
    with transaction.atomic():
        before = Mark.objects.filter(unit=unit, kind=kind).values_list("mark", flat=True).first()
        row, _made = Mark.objects.update_or_create(unit=unit, kind=kind, defaults={"mark": mark})
        record_entry(
            "set_letter_mark", by=by, now=now, subject=row, label=f"{KINDS[kind].title} {mark}",
            unit_path=unit.path or "", before={"mark": before}, after={"mark": mark},
        )  # fmt: skip

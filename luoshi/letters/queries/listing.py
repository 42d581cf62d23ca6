"""Reading letters: the list, one through its gate, the register, what is kept of an issued one."""

import hashlib
from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import NotAllowed, Refusal
from luoshi.letters.models import KEPT, Letter, Mark, Template
from luoshi.letters.rules import may_approve, may_draft, may_keep
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access


class FileAltered(Refusal):
    """The kept file is not what was issued."""

    status = 409
    sentence = _(
        "The file on this server is not the one that was issued: its fingerprint differs from the journal's. "
        "Do not use it; ask the administrator to restore it from a backup."
    )


def list_letters(
    access: Access, *, kind: str = "", state: str = "", unit: int | None = None, text: str = ""
) -> QuerySet[Letter]:
    """The letters that the person sees, newest first, narrowed by kind, state, issuing unit and words of the title."""
    letters = Letter.objects.visible_to(access).select_related("unit", "drafted_by").order_by("-drafted_at", "-id")
    if kind:
        letters = letters.filter(kind=kind)
    if state:
        letters = letters.filter(state=state)
    if unit:
        letters = letters.filter(unit=unit)
    return letters.filter(title__icontains=text) if text else letters


def list_register(access: Access, *, unit: Unit, year: int) -> QuerySet[Letter]:
    """发文登记簿: the numbered letters of a unit in a year, in the order of series and number."""
    numbered = Letter.objects.visible_to(access).filter(unit=unit, year=year, state__in=KEPT)
    return numbered.select_related("approved_by", "issued_by").prefetch_related("recipients").order_by("mark", "number")


def list_register_years(access: Access, *, unit: Unit) -> list[int]:
    """The years in which a unit issued letters, newest first."""
    numbered = Letter.objects.visible_to(access).filter(unit=unit, state__in=KEPT, year__isnull=False)
    return [year for year in numbered.order_by("-year").values_list("year", flat=True).distinct() if year]


def list_letters_about(subject_type: str, subject_id: object, *, access: Access, limit: int = 20) -> list[Letter]:
    """The letters about one subject that the person sees, newest first."""
    about = Letter.objects.visible_to(access).filter(subject_type=subject_type, subject_id=str(subject_id))
    return list(about.select_related("unit").order_by("-drafted_at", "-id")[:limit])


def get_letter_for(access: Access, *, id: int, to: str = "see") -> Letter:
    """A letter, to `see`, `edit`, `approve`, `issue` or `void`. Raises Http404 unseen, NotAllowed when only seen."""
    related = ("unit", "drafted_by", "approved_by", "issued_by", "voided_by", "template")
    letter = get_object_or_404(Letter.objects.visible_to(access).select_related(*related), pk=id)
    if to != "see" and not may(access, letter, to):
        raise NotAllowed
    return letter


def may(access: Access, letter: Letter, step: str) -> bool:
    """May the person do this step with the letter, by their posts?"""
    path = letter.unit.path or ""
    if step == "approve":
        return may_approve(access, path=path, drafter_id=letter.drafted_by_id)
    if step == "void":
        return may_keep(access, path=path)
    return may_draft(access, unit_id=letter.unit_id, path=path)


def get_letter_unit_for(access: Access, *, id: int, to: str = "draft") -> Unit:
    """A unit in whose name the person may `draft` letters, or whose templates they may `keep`. Raises as the gate."""
    unit = Unit.objects.visible_to(access).filter(pk=id).first()
    if unit is None:
        raise Http404
    path = unit.path or ""
    allowed = may_keep(access, path=path) if to == "keep" else may_draft(access, unit_id=unit.pk, path=path)
    if not allowed:
        raise NotAllowed
    return unit


def list_drafting_units(access: Access, *, today: date) -> list[Unit]:
    """The units in whose name the person may write: those of their posts."""
    seats = [s.unit_id for s in access.seats if may_draft(access, unit_id=s.unit_id, path=s.path)]
    return list(Unit.objects.filter(pk__in=seats).valid_on(today).order_by("path"))


def read_kept(letter: Letter, *, pdf: bool = False) -> bytes:
    """The file of an issued letter, compared with its fingerprint. Raises FileAltered, Http404 where there is none."""
    file, digest = (letter.pdf, letter.pdf_sha256) if pdf else (letter.docx, letter.docx_sha256)
    if not file:
        raise Http404
    try:
        with file.open("rb") as opened:
            data: bytes = opened.read()
    except FileNotFoundError:
        raise FileAltered from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise FileAltered
    return data


def list_templates(unit: Unit) -> list[Template]:
    """All versions of a unit's own templates, the newest of each kind first."""
    return list(Template.objects.filter(unit=unit).select_related("by").order_by("kind", "-number"))


def list_marks(unit: Unit) -> dict[str, str]:
    """The 代字 that a unit has set, by kind."""
    return dict(Mark.objects.filter(unit=unit).values_list("kind", "mark"))

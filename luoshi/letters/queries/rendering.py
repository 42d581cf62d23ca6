"""The Word file of a letter: the template in use for its unit, filled with its fields."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from luoshi.letters.models import LONGEST_TITLE, Letter, Mark, Template
from luoshi.letters.rules import (
    KINDS,
    MOST_NAMED,
    UNDATED,
    UNNUMBERED,
    address,
    clean_fields,
    default_form,
    sample_fields,
    usual_mark,
    values_of,
)
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import ancestor_paths
from luoshi.papers.writing import NUMBER_HERE, fill_template


@dataclass(frozen=True, slots=True)
class Form:
    """The template that a letter is set with; `template` is None for the one that comes with the program."""

    template: Template | None
    data: bytes


def get_template(unit: Unit, kind: str) -> Template | None:
    """The template in use for a kind: the unit's own, else of the nearest unit above that has one."""
    paths = ancestor_paths(unit.path or "")
    found = Template.objects.filter(kind=kind, is_active=True, unit__path__in=paths).select_related("unit")
    return max(found, key=lambda template: len(template.unit.path or ""), default=None)


def list_forms_in_use(unit: Unit) -> dict[str, Template]:
    """As get_template for every kind that has one, in one query."""
    found = Template.objects.filter(is_active=True, unit__path__in=ancestor_paths(unit.path or ""))
    nearest_last = sorted(found.select_related("unit"), key=lambda template: len(template.unit.path or ""))
    return {template.kind: template for template in nearest_last}


def get_form(unit: Unit, kind: str) -> Form:
    """The file that letters of a unit are filled into."""
    template = get_template(unit, kind)
    if template is None:
        return Form(None, default_form(kind, issuer=unit.name))
    with template.file.open("rb") as file:
        return Form(template, file.read())


def get_mark(unit: Unit, kind: str) -> str:
    """The 代字 that a unit has set for a kind, else the usual one."""
    found = Mark.objects.filter(unit=unit, kind=kind).values_list("mark", flat=True).first()
    return found or usual_mark(unit.short_name or unit.name, KINDS[kind].mark)


def render_letter(letter: Letter, *, form: Form, mark: str, day: date | None, signer: str = "") -> bytes:
    """The letter as a Word file; without a day it is a draft, with one its number is still to be put in."""
    given = {
        "issuer": letter.unit.name,
        "number": mark + (NUMBER_HERE if day else UNNUMBERED),
        "date": day.isoformat() if day else "",
        "signer": signer,
        "title": letter.title,
    }
    if signer and not letter.fields.get("approver"):
        given["approver"] = signer
    values = values_of(letter.kind, letter.fields, given)
    if day is None:
        values |= dict.fromkeys(("date", "成文日期"), UNDATED)
    return fill_template(form.data, values)


def render_draft(letter: Letter) -> bytes:
    """A letter that is not issued, without number and date."""
    form, mark = get_form(letter.unit, letter.kind), get_mark(letter.unit, letter.kind)
    return render_letter(letter, form=form, mark=mark, day=None, signer=str(letter.approved_by or ""))


def plan_letter(
    kind: str, *, unit: Unit, fields: Mapping[str, Any], title: str = "", recipients: Sequence[Unit] = ()
) -> Letter:
    """A letter as it would be drafted with these fields; not stored."""
    kept = clean_fields(kind, fields)
    if recipients or kept.get("lead"):
        kept.setdefault("to", _address(unit, recipients) or kept["lead"])
    kept["title"] = (title or kept.get("title") or _usual_title(kind, kept))[:LONGEST_TITLE]
    return Letter(unit=unit, kind=kind, title=kept["title"], fields=kept)


def _address(unit: Unit, recipients: Sequence[Unit]) -> str:
    """The addressees as the letter names them; one query where there are many."""
    many = len(recipients) > MOST_NAMED
    below = Counter(
        Unit.objects.filter(parent=unit, valid_to__isnull=True).values_list("level", flat=True) if many else ()
    )
    return address([(party.name, party.level) for party in recipients], below=below)


def _usual_title(kind: str, fields: Mapping[str, Any]) -> str:
    matter = str(fields.get("matter", "")).strip().rstrip("。；;.")
    return f"关于“{matter}”的{KINDS[kind].title}" if matter else KINDS[kind].title


def render_sample(unit: Unit, kind: str) -> bytes:
    """The template in use, filled with the names of its fields."""
    letter = Letter(unit=unit, kind=kind, title=f"{KINDS[kind].title}（样例）", fields=sample_fields(kind))
    return render_letter(letter, form=get_form(unit, kind), mark=get_mark(unit, kind), day=None, signer="（签发人）")

"""The limits an organisation holds its inspections to, and its checklists in versions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.inspections.models import Checklist, ChecklistItem, Limits
from luoshi.inspections.rules.plans import Bounds
from luoshi.orgs.models import Person, Unit


class NoQuestions(Refusal):
    """A checklist asks something."""

    sentence = _("A checklist has a name and at least one question.")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a checklist."""

    question: str
    answer: str = "yes_no"
    rule: str = ""
    is_optional: bool = False


def set_limits(unit: Unit, bounds: Bounds, *, version: int, by: Person, now: datetime) -> Limits:
    """Change the limits of a government or company; `version` 0 while the preset held. Raises EditConflict."""
    after = asdict(bounds)
    with transaction.atomic():
        row, made = Limits.objects.get_or_create(unit=unit, defaults=after)
        if not made and not Limits.objects.filter(pk=row.pk, version=version).update(**after, version=F("version") + 1):
            raise EditConflict
        before = {name: getattr(row, name) for name in after} if not made else asdict(Bounds())
        row.refresh_from_db()
        changed = {name: value for name, value in after.items() if before[name] != value}
        record_entry(
            "set_inspection_limits", by=by, now=now, subject=row, label=str(unit), unit_path=unit.path or "",
            before={name: before[name] for name in changed}, after=changed,
        )  # fmt: skip
    return row


def make_checklist(unit: Unit, *, name: str, questions: Sequence[Question], by: Person, now: datetime) -> Checklist:
    """Make a checklist, or its next version: answers given before keep their questions. Raises NoQuestions."""
    if not name.strip() or not questions:
        raise NoQuestions
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        former = Checklist.objects.filter(unit=unit, name=name.strip()).order_by("-version").first()
        Checklist.objects.filter(unit=unit, name=name.strip(), is_current=True).update(is_current=False)
        version = former.version + 1 if former else 1
        row = Checklist.objects.create(unit=unit, name=name.strip(), version=version, made_by=by, made_at=now)
        ChecklistItem.objects.bulk_create(
            ChecklistItem(checklist=row, number=n, **asdict(q)) for n, q in enumerate(questions, start=1)
        )
        record_entry(
            "make_checklist", by=by, now=now, subject=row, unit_path=unit.path or "", version=version,
            questions=len(questions),
        )  # fmt: skip
    return row

"""Ladders as data: made from a preset, changed step by step, put out of use; each change is seen by its version."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.orgs.models import Person, Unit
from luoshi.supervision.models import Chase, Ladder, Rung
from luoshi.supervision.queries.ladders import facts_of, list_bare_roots
from luoshi.supervision.rules.chasing import LadderFacts, RungFacts
from luoshi.supervision.rules.ladders import PRESETS, LadderFault, fault_of_ladder

FAULTS: dict[LadderFault, str | Promise] = {
    LadderFault.EMPTY: gettext_lazy("A ladder has at least one step."),
    LadderFault.TOO_LONG: gettext_lazy("A ladder has at most twelve steps."),
    LadderFault.NO_START: gettext_lazy("One step at least must begin by a date or a light, or no chase ever starts."),
    LadderFault.NO_GRACE: gettext_lazy("Step %(n)s follows silence: say after how many days."),
    LadderFault.TELLS_NOBODY: gettext_lazy("Step %(n)s tells nobody: choose who is told."),
    LadderFault.DAYS: gettext_lazy("Step %(n)s: the days lie between 0 and 200."),
}


class BadLadder(Refusal):
    """The ladder could not be climbed."""

    def __init__(self, fault: LadderFault, number: int) -> None:
        super().__init__(str(FAULTS[fault]) % {"n": number} if number else FAULTS[fault])


class LadderExists(Refusal):
    """One ladder in use for one kind of matter."""

    sentence = gettext_lazy("This kind of matter has a ladder in use already. Change that one, or put it out of use.")


def save_ladder(
    unit: Unit, *, name: str, matter: str, facts: LadderFacts, by: Person, now: datetime, preset: str = "",
    is_active: bool = True, ladder: Ladder | None = None, version: int = 0,
) -> Ladder:  # fmt: skip
    """Make or change a ladder of a government or company. Raises BadLadder, LadderExists, EditConflict.

    Chases under way go on by the steps as they now are: a step that was taken is not taken again.
    """
    fault = fault_of_ladder(facts.rungs)
    if fault:
        raise BadLadder(*fault)
    before = _as_words(ladder) if ladder else {}
    fields = {
        "name": name.strip() or _("Chasing"), "matter": matter, "preset": preset, "is_active": is_active,
        "quiet_days": facts.quiet_days, "recurs_days": facts.recurs_days,
    }  # fmt: skip
    try:
        with transaction.atomic():
            saved = _write(unit, ladder, fields, version=version)
            _write_rungs(saved, facts.rungs)
            record_entry(
                "set_ladder", by=by, now=now, subject=saved, unit_path=unit.path or "", before=before,
                after=_as_words(saved),
            )  # fmt: skip
    except IntegrityError as error:
        raise LadderExists from error
    return saved


def _write(unit: Unit, ladder: Ladder | None, fields: dict[str, object], *, version: int) -> Ladder:
    if ladder is None:
        return Ladder.objects.create(unit=unit, **fields)
    if not Ladder.objects.filter(pk=ladder.pk, version=version).update(version=version + 1, **fields):
        raise EditConflict
    return Ladder.objects.get(pk=ladder.pk)


def _write_rungs(ladder: Ladder, rungs: Sequence[RungFacts]) -> None:
    Rung.objects.filter(ladder=ladder).delete()
    Rung.objects.bulk_create([
        Rung(
            ladder=ladder, number=n, instrument=r.instrument, trigger=r.trigger, days=r.days, grace_days=r.grace,
            in_workdays=r.in_workdays, tells=list(r.tells), levels_up=r.levels_up, approver=r.approver,
            starts_urgency=r.starts_urgency,
        )
        for n, r in enumerate(rungs, start=1)
    ])  # fmt: skip


def remove_ladder(ladder: Ladder, *, by: Person, now: datetime) -> None:
    """Take a ladder away that no chase ever used; one that was used is put out of use."""
    with transaction.atomic():
        before = _as_words(ladder)
        record_entry("remove_ladder", by=by, now=now, subject=ladder, unit_path=ladder.unit.path or "", before=before)
        if Chase.objects.filter(ladder=ladder).exists():
            Ladder.objects.filter(pk=ladder.pk).update(is_active=False)
        else:
            ladder.delete()


def ensure_ladders(*, preset: str, now: datetime) -> int:
    """Give the topmost governments and companies that never had a ladder that of the installation; how many."""
    roots = list_bare_roots()
    for unit in roots:
        with transaction.atomic():
            facts = PRESETS[preset]
            ladder = Ladder.objects.create(
                unit=unit, name=str(_("Chasing")), preset=preset, quiet_days=facts.quiet_days,
                recurs_days=facts.recurs_days,
            )  # fmt: skip
            _write_rungs(ladder, facts.rungs)
            record_entry("set_ladder", by=None, now=now, subject=ladder, unit_path=unit.path or "", preset=preset)
    return len(roots)


def _as_words(ladder: Ladder) -> dict[str, object]:
    """A ladder as the journal keeps it."""
    rungs = [asdict(facts_of(rung)) for rung in ladder.rungs.order_by("number")]
    return {
        "name": ladder.name, "matter": ladder.matter, "is_active": ladder.is_active, "quiet_days": ladder.quiet_days,
        "recurs_days": ladder.recurs_days, "rungs": rungs,
    }  # fmt: skip

"""From a draft to an approved plan and on: who opens, who approves, what is warned of, what may no longer change."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, NotAllowed, Refusal
from luoshi.core.shell import url
from luoshi.inspections.actions.telling import tell_heads, tell_person
from luoshi.inspections.models import Designation, Inspection
from luoshi.inspections.queries.gate import get_government, get_opener, may, to_designated
from luoshi.inspections.queries.loads import list_loads
from luoshi.inspections.rules import plans, rights
from luoshi.inspections.rules.kinds import BEFORE_APPROVAL, STEPS, Stage
from luoshi.inspections.rules.rights import Bar
from luoshi.notices.actions import say
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import get_access

BARS = {
    Bar.NOT_DESIGNATED: gettext_lazy(
        "Your government has not designated this unit, so that it may not inspect (art. 7). "
        "Open an internal supervision of your own subordinates, or ask for a designation."
    ),
    Bar.OUTSIDE_DESIGNATION: gettext_lazy(
        "The designation does not hold on all these days (art. 7). Choose days within it, or ask for another."
    ),
    Bar.KIND_IS_FORMAL: gettext_lazy(
        "Internal supervision is daily supervision only; the other kinds are inspections of a government (art. 14)."
    ),
    Bar.NOT_SUBORDINATE: gettext_lazy("This unit is not below yours, so that you may not inspect it (art. 5)."),
}
PARTS = {
    "basis": gettext_lazy("legal basis"),
    "content": gettext_lazy("content"),
    "objects_text": gettext_lazy("objects"),
    "scope": gettext_lazy("scope"),
    "methods": gettext_lazy("methods"),
    "from_date": gettext_lazy("first day"),
    "to_date": gettext_lazy("last day"),
}


class MayNotInspect(Refusal):
    """The unit has no right to open such an inspection."""

    status = 403

    def __init__(self, bar: Bar) -> None:
        super().__init__(BARS[bar])


class PlanIncomplete(Refusal):
    """A part of the plan is missing (art. 15)."""


class NothingToInspect(Refusal):
    """Neither an object nor a stratum to draw from."""

    sentence = gettext_lazy("The plan names no object yet. Choose units by name, or set a stratum to draw from.")


class WrongStage(Refusal):
    """The step does not start from where the inspection stands."""

    sentence = gettext_lazy(
        "The inspection is no longer where this step starts. Reload the page to see where it stands."
    )


class AgainstTheWarning(Refusal):
    """The approval goes against a warning and says no reason."""

    sentence = gettext_lazy(
        "Some objects are inspected too often or in the same weeks. Say why it goes ahead, or send the plan back."
    )


class NoWidening(Refusal):
    """After approval content, objects and scope are not widened (art. 15)."""

    sentence = gettext_lazy(
        "An approved plan is not widened on the way (art. 15). Only fewer days are possible; more needs a new plan."
    )


class NoWords(Refusal):
    """A step that needs its reason."""

    sentence = gettext_lazy("Say why: those concerned read it.")


def designate(
    government: Unit, unit: Unit, *, basis: str, matter: str, scope: str, from_date: date, to_date: date, by: Person,
    now: datetime,
) -> Designation:  # fmt: skip
    """Record that a government lets its department inspect (art. 7): matters, scope, days, and the decision's number.

    Raises MayNotInspect when the department is not one of this government, PlanIncomplete without its words.
    """
    if unit.level != "department" or get_government(unit).pk != government.pk:
        raise MayNotInspect(Bar.NOT_SUBORDINATE)
    if not (basis.strip() and matter.strip() and scope.strip()) or to_date < from_date:
        raise PlanIncomplete(_("A designation names its decision, its matters, its scope and its days."))
    with transaction.atomic():
        row = Designation.objects.create(
            government=government, unit=unit, basis=basis.strip(), matter=matter.strip(), scope=scope.strip(),
            from_date=from_date, to_date=to_date, recorded_by=by, recorded_at=now,
        )  # fmt: skip
        words = gettext_lazy("%(government)s designated %(unit)s to inspect: %(matter)s")
        tell_heads(
            [unit.pk], text=say(words, government=government, unit=unit, matter=row.matter),
            page=url("inspections:designations"), by=by, now=now,
        )  # fmt: skip
        record_entry(
            "designate", by=by, now=now, subject=row, unit_path=government.path or "",
            after={"unit": str(unit), "basis": row.basis, "matter": row.matter, "from": from_date, "to": to_date},
        )  # fmt: skip
    return row


def end_designation(row: Designation, *, why: str, by: Person, now: datetime) -> None:
    """Take a designation back before its last day. Raises NoWords, EditConflict."""
    if not why.strip():
        raise NoWords
    with transaction.atomic():
        if not Designation.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=now, ended_why=why.strip()):
            raise EditConflict
        record_entry("end_designation", by=by, now=now, subject=row, unit_path=row.government.path or "", why=why)


def draft_inspection(
    unit: Unit, *, by: Person, now: datetime, designation: Designation | None = None, **fields: Any
) -> Inspection:
    """Draft a plan for a unit: a formal one only by right (arts. 7, 11). Raises MayNotInspect, NotAllowed."""
    today = timezone.localtime(now).date()
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        last = Inspection.objects.filter(unit=unit, year=today.year).aggregate(last=Max("number"))["last"] or 0
        inspection = Inspection(
            unit=unit, year=today.year, number=last + 1, code=f"{unit.code}-DC-{today.year}-{last + 1:03d}",
            designation=designation, created_by=by, created_at=now, **fields,
        )  # fmt: skip
        _check_right(inspection, by=by, today=today)
        inspection.save(force_insert=True)
        record_entry(
            "draft_inspection", by=by, now=now, subject=inspection, unit_path=unit.path or "",
            after={"code": inspection.code, "designation": designation, **fields},
        )  # fmt: skip
    return inspection


def _check_right(inspection: Inspection, *, by: Person, today: date) -> None:
    opener = get_opener(inspection.unit)
    held = Designation.objects.filter(pk=inspection.designation_id or 0, unit=inspection.unit_id)
    given = to_designated(held.first() if inspection.is_formal else None)
    first, last = inspection.from_date or today, inspection.to_date or inspection.from_date or today
    bar = rights.bar_to_open(
        opener, kind=inspection.kind, is_formal=inspection.is_formal, designation=given, first=first, last=last
    )
    if bar:
        raise MayNotInspect(bar)
    if inspection.is_formal and not rights.may_open_formally(
        get_access(by, today=today), opener, unit_id=inspection.unit_id
    ):
        raise NotAllowed


def edit_inspection(inspection: Inspection, *, version: int, by: Person, now: datetime, **fields: Any) -> Inspection:
    """Change a plan before approval; afterwards only its days may shrink (art. 15).

    Raises NoWidening, MayNotInspect, EditConflict.
    """
    changed = {name: value for name, value in fields.items() if getattr(inspection, name) != value}
    if not changed:
        return inspection
    if inspection.state not in BEFORE_APPROVAL:
        _refuse_widening(inspection, changed)
    before = {name: getattr(inspection, name) for name in changed}
    with transaction.atomic():
        for name, value in changed.items():
            setattr(inspection, name, value)
        _check_right(inspection, by=by, today=timezone.localtime(now).date())
        rows = Inspection.objects.filter(pk=inspection.pk, version=version, state=inspection.state)
        if not rows.update(**changed, version=F("version") + 1):
            raise EditConflict
        inspection.refresh_from_db(fields=["version"])
        record_entry(
            "edit_inspection", by=by, now=now, subject=inspection, unit_path=inspection.unit.path or "",
            before=before, after=changed,
        )  # fmt: skip
    return inspection


def _refuse_widening(inspection: Inspection, changed: Mapping[str, Any]) -> None:
    days = inspection.from_date, inspection.to_date
    assert days[0] is not None
    assert days[1] is not None
    after = changed.get("from_date", days[0]), changed.get("to_date", days[1])
    other = set(changed) - {"from_date", "to_date", "checklist"}
    if other or inspection.state not in (Stage.APPROVED, Stage.RUNNING) or plans.widens((days[0], days[1]), after):
        raise NoWidening


def propose_inspection(inspection: Inspection, *, by: Person, now: datetime) -> None:
    """Put a whole plan before who approves. Raises PlanIncomplete, NothingToInspect, MayNotInspect, WrongStage."""
    lacking = plans.missing({name: getattr(inspection, name) for name in plans.REQUIRED})
    if lacking:
        words = _("The plan lacks: %(parts)s (art. 15).")
        raise PlanIncomplete(words % {"parts": "、".join(str(PARTS[name]) for name in lacking)})
    if not inspection.objects_in.filter(is_dropped=False).exists() and not inspection.strata.exists():
        raise NothingToInspect
    with transaction.atomic():
        _check_right(inspection, by=by, today=timezone.localtime(now).date())
        _move(inspection, "propose", proposer=by, proposed_at=now, opinion="")
        approving = get_government(inspection.unit) if inspection.is_formal else inspection.unit
        text = say(gettext_lazy("The plan “%(title)s” waits for your approval."), title=inspection.title)
        tell_heads([approving.pk], text=text, page=_page(inspection, "approve"), by=by, now=now)
        _record("propose_inspection", inspection, by=by, now=now)


def approve_inspection(inspection: Inspection, *, opinion: str, despite: str, by: Person, now: datetime) -> None:
    """Approve a plan, as another than its proposer; against a warning with a reason, kept with what was warned of.

    Raises NotAllowed, AgainstTheWarning, WrongStage.
    """
    today = timezone.localtime(now).date()
    if not may(get_access(by, today=today), inspection, "approve"):
        raise NotAllowed
    loads = list_loads(inspection, today=today)
    warned = [row for row in loads if row.load.warnings]
    if warned and not despite.strip():
        raise AgainstTheWarning
    kept = [
        {"unit": str(row.unit), "warnings": list(row.load.warnings), "month": row.load.this_month,
         "year": row.load.this_year}
        for row in warned
    ]  # fmt: skip
    with transaction.atomic():
        _move(
            inspection, "approve", approver=by, approved_at=now, opinion=opinion.strip(),
            despite=despite.strip() if warned else "", warnings=kept,
        )  # fmt: skip
        text = say(gettext_lazy("The plan “%(title)s” is approved."), title=inspection.title)
        tell_person(inspection.proposer_id, text=text, page=_page(inspection), by=by, now=now)
        _record("approve_inspection", inspection, by=by, now=now, warnings=kept, despite=inspection.despite)


def send_back_inspection(inspection: Inspection, *, opinion: str, by: Person, now: datetime) -> None:
    """Send a plan back with what is to be changed. Raises NoWords, NotAllowed, WrongStage."""
    if not opinion.strip():
        raise NoWords
    if not may(get_access(by, today=timezone.localtime(now).date()), inspection, "approve"):
        raise NotAllowed
    proposer = inspection.proposer_id
    with transaction.atomic():
        _move(inspection, "send_back", opinion=opinion.strip())
        words = gettext_lazy("The plan “%(title)s” was sent back: %(opinion)s")
        text = say(words, title=inspection.title[:120], opinion=opinion.strip())
        tell_person(proposer, text=text, page=_page(inspection), by=by, now=now)
        _record("send_back_inspection", inspection, by=by, now=now, opinion=opinion.strip())


def step_inspection(inspection: Inspection, step: str, *, by: Person, now: datetime, why: str = "") -> None:
    """Start, end the site work, file, or call off. Raises NoWords, NothingToInspect, OpenWork, WrongStage."""
    if inspection.state not in STEPS[step][0]:
        raise WrongStage
    fields: dict[str, Any] = {}
    if step == "cancel":
        if not why.strip():
            raise NoWords
        fields["called_off_why"] = why.strip()
    if step == "start" and not inspection.objects_in.filter(is_dropped=False).exists():
        raise NothingToInspect
    if step == "conclude":
        fields["concluded_at"] = now
    if step == "close":
        _refuse_open_work(inspection)
    with transaction.atomic():
        _move(inspection, step, **fields)
        _record(f"{step}_inspection", inspection, by=by, now=now, **({"why": why.strip()} if why else {}))


class OpenWork(Refusal):
    """An inspection is filed when every conclusion is fed back and no objection is under review."""


def _refuse_open_work(inspection: Inspection) -> None:
    objects = inspection.objects_in.filter(is_dropped=False)
    open_ones = objects.exclude(conclusions__state__in=["issued", "withdrawn"]).distinct().count()
    open_ones += objects.filter(conclusions__state="issued", conclusions__objection__ruling="").count()
    if open_ones:
        words = ngettext(
            "%(n)s object has no conclusion yet, or its objection is under review. Finish that first.",
            "%(n)s objects have no conclusion yet, or objections under review. Finish those first.",
            open_ones,
        )
        raise OpenWork(words % {"n": open_ones})


def _move(inspection: Inspection, step: str, **fields: Any) -> None:
    sources, target = STEPS[step]
    if inspection.state not in sources:
        raise WrongStage
    rows = Inspection.objects.filter(pk=inspection.pk, state=inspection.state, version=inspection.version)
    if not rows.update(state=target.value, version=F("version") + 1, **fields):
        raise EditConflict
    inspection.refresh_from_db()


def _page(inspection: Inspection, name: str = "inspection") -> str:
    return url(f"inspections:{name}", inspection.pk)


def _record(verb: str, inspection: Inspection, *, by: Person, now: datetime, **notes: Any) -> None:
    record_entry(
        verb, by=by, now=now, subject=inspection, unit_path=inspection.unit.path or "",
        after={"state": inspection.state}, **notes,
    )  # fmt: skip

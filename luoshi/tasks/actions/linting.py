"""Setting how serious an organisation takes the linter's rules, and taking over what a clause offers."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import Refusal
from luoshi.core.policy import Policy
from luoshi.directives.actions import edit_proposal
from luoshi.directives.models import Proposal
from luoshi.orgs.models import Person, Unit
from luoshi.tasks.actions.drafting import edit_task
from luoshi.tasks.models import LintSetting, Task
from luoshi.tasks.queries.linting import check_proposal, check_task
from luoshi.tasks.rules.linter import BY_CODE, Severity, Suggestion


class NoSuchRule(Refusal):
    """A code or a severity that the linter does not know."""

    sentence = _("The linter has no such rule or severity. Open its page of rules for the list.")


class NothingOffered(Refusal):
    """The clause offers nothing for this field any more."""

    sentence = _("The paper's words offer nothing for this field any more. Open the task and fill it in.")


def set_severities(unit: Unit, severities: Mapping[str, str], *, by: Person, now: datetime) -> int:
    """Take rules as serious as said, for the unit and all below that say nothing; "" follows the unit above.

    How many changed. Raises NoSuchRule.
    """
    if any(code not in BY_CODE or (value and value not in set(Severity)) for code, value in severities.items()):
        raise NoSuchRule
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        own = LintSetting.objects.filter(unit=unit, code__in=severities)
        before = dict(own.values_list("code", "severity"))
        changed = {code: value for code, value in severities.items() if before.get(code, "") != value}
        if not changed:
            return 0
        LintSetting.objects.filter(unit=unit, code__in=changed).delete()
        rows = [LintSetting(unit=unit, code=code, severity=value) for code, value in changed.items() if value]
        LintSetting.objects.bulk_create(rows)
        record_entry(
            "set_severities", by=by, now=now, subject=unit, unit_path=unit.path or "",
            before={code: before.get(code, "") for code in changed}, after=changed,
        )  # fmt: skip
    return len(changed)


def take_for_task(
    task: Task, *, field: str, version: int, by: Person, now: datetime, today: date, policy: Policy
) -> Suggestion:
    """Write into a task what its clause offers for the field. Raises NothingOffered, EditConflict, UnlawfulStep."""
    offer = _offer(check_task(task, today=today, policy=policy).suggestions, field)
    edit_task(task, version=version, by=by, now=now, **dict(offer.values))
    return offer


def take_for_proposal(
    proposal: Proposal, *, field: str, version: int, by: Person, now: datetime, today: date, policy: Policy
) -> Suggestion:
    """Write into a proposal what its clause offers for the field. Raises NothingOffered, EditConflict."""
    offer = _offer(check_proposal(proposal, today=today, policy=policy).suggestions, field)
    edit_proposal(proposal, version=version, by=by, now=now, **_proposal_fields(offer))
    return offer


def _offer(offers: tuple[Suggestion, ...], field: str) -> Suggestion:
    for offer in offers:
        if offer.field == field:
            return offer
    raise NothingOffered


def _proposal_fields(offer: Suggestion) -> dict[str, object]:
    """The columns of a proposal that say the same."""
    values = dict(offer.values)
    if offer.field == "target_value":
        words = {"name": "", "op": values["target_op"], "value": str(values["target_value"])}
        return {"targets": [{**words, "unit": values["target_unit"], "start": None, "end": None}]}
    return {"due_date": values["due_date"], "due_raw": offer.quote[:120]} if offer.field == "due_date" else values

"""Letters about a task, begun over the API with what the ledger holds; the same gate and action as the page."""

from typing import Any

from ninja import Field, Router, Schema, Status

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.core.policy import get_policy
from luoshi.letters.actions import draft_letter
from luoshi.letters.api import LetterRead, whole_of
from luoshi.letters.queries import list_drafting_units
from luoshi.letters.rules import Sort, asked_of
from luoshi.orgs.middleware import SignedRequest
from luoshi.supervision.queries.papers import letter_parties, task_fields
from luoshi.tasks.queries import get_task_for

router = Router(tags=["letters"])


class LetterBegun(Schema):
    """Which letter, in whose name, and what the ledger does not hold."""

    kind: str = Field(
        examples=["order"], pattern="^(order|chase|reminder|rectify|talk|extension|feedback|closure|conclusion)$"
    )
    unit: str = Field("", examples=["QH"], max_length=40, description="The code of a unit of yours; else your first.")
    fields: dict[str, Any] = Field(default_factory=dict, examples=[{"contact": "林岚 0571-8800"}])


@router.post("/tasks/{id}/letters", response={201: LetterRead}, summary="Begin a letter about a task")
def begin_letter(request: SignedRequest, id: int, given: LetterBegun) -> Status[LetterRead]:
    """A draft: another approves it, and it gets its number when it is issued."""
    task = get_task_for(request.access, id=id)
    units = list_drafting_units(request.access, today=today())
    unit = next((u for u in units if given.unit in ("", u.code)), None)
    if unit is None:
        raise NotAllowed
    fields = task_fields(task, given.kind, today=today(), policy=get_policy(), chaser=str(request.user))
    recipients = [r for r in letter_parties(task, given.kind)[1] if r.pk != unit.pk]
    letter = draft_letter(
        given.kind, unit=unit, by=request.user, now=now(), today=today(),
        fields={**fields, **_plain(given)}, subject=task, recipients=recipients,
    )  # fmt: skip
    return Status(201, whole_of(letter))


def _plain(given: LetterBegun) -> dict[str, Any]:
    """Words only: rows and dates come from the ledger and are changed on the page."""
    worded = {field.name for field in asked_of(given.kind) if field.sort in (Sort.LINE, Sort.TEXT)}
    return {name: value for name, value in given.fields.items() if name in worded and isinstance(value, str)}

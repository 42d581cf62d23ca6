"""Giving tasks of a directive to a whole group of units over the API."""

from typing import Literal

from ninja import Router, Schema, Status
from pydantic import Field

from luoshi.core.clock import now, today
from luoshi.core.errors import NotAllowed
from luoshi.directives.queries import get_directive_for
from luoshi.orgs.rules import Level
from luoshi.tasks.actions import cascade_tasks
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut
from luoshi.tasks.queries.dividing import Method
from luoshi.tasks.queries.fanning import list_group, list_to_give

router = Router(tags=["giving down"])


class GiveIn(Schema):
    """Which tasks of the directive (all that are open to you, when left out), and to which level below its keeper."""

    tasks: list[int] | None = Field(None, max_length=1000)
    level: Level
    how: Literal["", "even", "base", "each"] = Field(
        "", description="how targets are divided; without it parts have none, and measured tasks are refused"
    )
    figure: str = Field("", max_length=40, description="of the units, to divide by", examples=["户籍人口"])
    year: int | None = Field(None, ge=1990, le=2100, description="of the figures; the latest before it stands in")
    reason: str = Field("", max_length=500, description="why the parts are asked more than the task, where they are")


class GivenOut(Schema):
    """How many parts were given out."""

    parts: int


@router.post(
    "/directives/{id}/give",
    response={201: GivenOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut, 422: RefusalOut},
    summary="Give its tasks to every unit of a level",
)
def give(request: ApiRequest, id: int, given: GiveIn) -> Status[dict[str, int]]:
    """One act, however many units: each gets a part of each task unless it holds one, and is told."""
    directive = get_directive_for(request.access, id=id, to="confirm")
    tasks = list_to_give(request.access, directive)
    if given.tasks is not None:
        tasks = [task for task in tasks if task.pk in given.tasks]
    if not tasks or (given.tasks is not None and len(tasks) < len(set(given.tasks))):
        raise NotAllowed
    units = list_group(request.access, giver=directive.unit, level=given.level.value, today=today())
    method = Method(given.how, given.year or today().year, figure=given.figure) if given.how else None
    count = cascade_tasks(
        tasks, units=units, owner=directive.unit, by=request.auth, now=now(), method=method, reason=given.reason
    )
    return Status(201, {"parts": count})

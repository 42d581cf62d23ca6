"""Moving a task with all below it over the API."""

from typing import Any

from ninja import Schema

from luoshi.core.clock import now
from luoshi.tasks.actions.placing import place_task
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut, router
from luoshi.tasks.queries import get_task_for


class PlaceIn(Schema):
    """The task to stand under; null for the top."""

    under: int | None = None


class PlacedOut(Schema):
    """Where the task stands now."""

    id: int
    code: str
    parent: int | None


@router.post("/tasks/{id}/place", response={200: PlacedOut, 403: RefusalOut, 404: RefusalOut, 409: RefusalOut},
             summary="Move it under another task")  # fmt: skip
def place(request: ApiRequest, id: int, given: PlaceIn) -> dict[str, Any]:
    """Move the task with all below it; both lines are counted again. Both tasks must be yours to steer."""
    task = get_task_for(request.access, id=id, to="steer")
    under = None if given.under is None else get_task_for(request.access, id=given.under, to="steer")
    place_task(task, under=under, by=request.auth, now=now())
    return {"id": task.pk, "code": task.code, "parent": task.parent_id}

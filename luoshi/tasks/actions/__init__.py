"""Writing tasks: one function is one use case, one transaction and one journal entry."""

from luoshi.tasks.actions.adapting import decide_adaptation, propose_adaptation
from luoshi.tasks.actions.adopting import (
    NotItsPredecessor,
    TaskGone,
    UpdatedAlready,
    adopt_by_reference,
    adopt_revisions,
    update_from_version,
)
from luoshi.tasks.actions.cascading import FaultyShares, cascade_task
from luoshi.tasks.actions.dispatching import (
    AlreadyAcknowledged,
    NoReason,
    NotReady,
    acknowledge_task,
    dispatch_tasks,
    withdraw_task,
)
from luoshi.tasks.actions.drafting import (
    FaultyPath,
    NotAmongDoers,
    TooManyCritical,
    create_task,
    edit_task,
    edit_tasks,
    name_lead,
    set_milestones,
)
from luoshi.tasks.actions.fanning import NobodyLeft, ToBeDivided, cascade_tasks
from luoshi.tasks.actions.inflating import UnexplainedInflation
from luoshi.tasks.actions.moving import UnlawfulStep, move_task
from luoshi.tasks.actions.opening import NothingAccepted, open_tasks
from luoshi.tasks.actions.recalling import recall_dispatch, recall_parts

__all__ = [
    "AlreadyAcknowledged",
    "FaultyPath",
    "FaultyShares",
    "NoReason",
    "NobodyLeft",
    "NotAmongDoers",
    "NotItsPredecessor",
    "NotReady",
    "NothingAccepted",
    "TaskGone",
    "ToBeDivided",
    "TooManyCritical",
    "UnexplainedInflation",
    "UnlawfulStep",
    "UpdatedAlready",
    "acknowledge_task",
    "adopt_by_reference",
    "adopt_revisions",
    "cascade_task",
    "cascade_tasks",
    "create_task",
    "decide_adaptation",
    "dispatch_tasks",
    "edit_task",
    "edit_tasks",
    "move_task",
    "name_lead",
    "open_tasks",
    "propose_adaptation",
    "recall_dispatch",
    "recall_parts",
    "set_milestones",
    "update_from_version",
    "withdraw_task",
]

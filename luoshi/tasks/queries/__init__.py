"""Reading tasks: the gate, the linter's findings, what waits for dispatch, and whom a task may be given to."""

from luoshi.tasks.queries.cascading import (
    Group,
    get_parent_facts,
    list_by_level,
    list_by_selector,
    list_groups,
    list_named,
    list_selected,
    list_task_selectors,
)
from luoshi.tasks.queries.drafts import (
    count_drafts_for,
    explain_fault,
    list_changes,
    list_doers,
    list_drafts_for,
    list_duties,
    list_owners_for,
    list_sponsors_for,
    list_unit_names,
    may_ask_for,
)
from luoshi.tasks.queries.gate import (
    acting_unit,
    get_task_and_facts,
    get_task_facts,
    get_task_for,
    list_task_facts,
    list_tasks,
)
from luoshi.tasks.queries.linting import explain_finding, list_findings
from luoshi.tasks.queries.naming import NameReader
from luoshi.tasks.queries.searching import holding, says
from luoshi.tasks.queries.visible import list_visible

__all__ = [
    "Group",
    "NameReader",
    "acting_unit",
    "count_drafts_for",
    "explain_fault",
    "explain_finding",
    "get_parent_facts",
    "get_task_and_facts",
    "get_task_facts",
    "get_task_for",
    "holding",
    "list_by_level",
    "list_by_selector",
    "list_changes",
    "list_doers",
    "list_drafts_for",
    "list_duties",
    "list_findings",
    "list_groups",
    "list_named",
    "list_owners_for",
    "list_selected",
    "list_sponsors_for",
    "list_task_facts",
    "list_task_selectors",
    "list_tasks",
    "list_unit_names",
    "list_visible",
    "may_ask_for",
    "says",
]

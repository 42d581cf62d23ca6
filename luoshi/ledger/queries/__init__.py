"""Reading the ledger: which tasks, in which order, as rows, as totals, as an export, and one task's page."""

from luoshi.ledger.queries.exports import Line, iterate_lines
from luoshi.ledger.queries.extras import list_cells, list_extras
from luoshi.ledger.queries.filters import Choice, choose, list_matching, list_unit_names
from luoshi.ledger.queries.rows import Row, Rows, count_lights, is_quick_to_count, list_page, list_plain_page, list_rows
from luoshi.ledger.queries.task import TaskPage, choose_steps, describe_entry, get_task_page
from luoshi.ledger.queries.tree import list_children, list_tree
from luoshi.ledger.queries.views import get_view_for, list_views

__all__ = [
    "Choice",
    "Line",
    "Row",
    "Rows",
    "TaskPage",
    "choose",
    "choose_steps",
    "count_lights",
    "describe_entry",
    "get_task_page",
    "get_view_for",
    "is_quick_to_count",
    "iterate_lines",
    "list_cells",
    "list_children",
    "list_extras",
    "list_matching",
    "list_page",
    "list_plain_page",
    "list_rows",
    "list_tree",
    "list_unit_names",
    "list_views",
]

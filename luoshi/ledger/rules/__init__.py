"""What the ledger's address asks for, how its rows stand under each other, and what a workbook may hold."""

from luoshi.ledger.rules.filters import (
    EXCEL_OUTLINE_LEVELS,
    LIGHTS,
    MAX_TEXT,
    Filter,
    Part,
    Sort,
    StateGroup,
    filter_params,
    levels,
    parse_filter,
    safe_cell,
)

__all__ = [
    "EXCEL_OUTLINE_LEVELS",
    "LIGHTS",
    "MAX_TEXT",
    "Filter",
    "Part",
    "Sort",
    "StateGroup",
    "filter_params",
    "levels",
    "parse_filter",
    "safe_cell",
]

"""Tables of units, people, posts and figures: what their columns mean, and what each row would change."""

from luoshi.orgs.rules.sheets.cells import Fault, SheetRow, read_cells
from luoshi.orgs.rules.sheets.columns import COLUMNS, Column, find_heading
from luoshi.orgs.rules.sheets.verdicts import (
    Known,
    Verdict,
    decide_figures,
    decide_people,
    decide_posts,
    decide_units,
    post_key,
)

__all__ = [
    "COLUMNS",
    "Column",
    "Fault",
    "Known",
    "SheetRow",
    "Verdict",
    "decide_figures",
    "decide_people",
    "decide_posts",
    "decide_units",
    "find_heading",
    "post_key",
    "read_cells",
]

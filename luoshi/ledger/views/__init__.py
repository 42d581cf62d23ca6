"""Pages of the ledger: the list, own columns, one task, the exports and saved views."""

from luoshi.ledger.views.columns import cell, column, columns
from luoshi.ledger.views.exports import export_csv, export_xlsx
from luoshi.ledger.views.listing import filters, page, shown, totals, under, units
from luoshi.ledger.views.saving import delete, keep
from luoshi.ledger.views.task import task

__all__ = [
    "cell",
    "column",
    "columns",
    "delete",
    "export_csv",
    "export_xlsx",
    "filters",
    "keep",
    "page",
    "shown",
    "task",
    "totals",
    "under",
    "units",
]

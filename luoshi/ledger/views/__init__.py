"""Pages of the ledger: the list, one task, the exports and saved views."""

from luoshi.ledger.views.exports import export_csv, export_xlsx
from luoshi.ledger.views.listing import page, totals, under, units
from luoshi.ledger.views.saving import delete, keep
from luoshi.ledger.views.task import task

__all__ = ["delete", "export_csv", "export_xlsx", "keep", "page", "task", "totals", "under", "units"]

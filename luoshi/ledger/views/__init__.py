"""Pages of the ledger: the list, one task, the exports and saved views."""

from luoshi.ledger.views.exports import export_csv, export_xlsx
from luoshi.ledger.views.listing import page, totals, under, units
from luoshi.ledger.views.saving import delete, save
from luoshi.ledger.views.task import task

__all__ = ["delete", "export_csv", "export_xlsx", "page", "save", "task", "totals", "under", "units"]

"""Pages of the ledger: the list, own columns, one task, the exports and saved views."""

from luoshi.ledger.views.bulk import bulk, bulk_done
from luoshi.ledger.views.columns import cell, column, columns
from luoshi.ledger.views.exports import export_csv, export_xlsx
from luoshi.ledger.views.layouts import layout, layouts, remove_layout
from luoshi.ledger.views.listing import filters, page, shown, totals, under, units
from luoshi.ledger.views.papers import table_docx, table_xlsx, task_docx
from luoshi.ledger.views.saving import delete, keep
from luoshi.ledger.views.task import task
from luoshi.ledger.views.workbooks import (
    apply,
    choose,
    compare,
    drop,
    export_for_editing,
    headings,
    workbook,
    workbooks,
)

__all__ = [
    "apply",
    "bulk",
    "bulk_done",
    "cell",
    "choose",
    "column",
    "columns",
    "compare",
    "delete",
    "drop",
    "export_csv",
    "export_for_editing",
    "export_xlsx",
    "filters",
    "headings",
    "keep",
    "layout",
    "layouts",
    "page",
    "remove_layout",
    "shown",
    "table_docx",
    "table_xlsx",
    "task",
    "task_docx",
    "totals",
    "under",
    "units",
    "workbook",
    "workbooks",
]

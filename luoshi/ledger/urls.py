"""Addresses of this room's pages."""

from django.urls import path

from luoshi.ledger import views
from luoshi.ledger.views import comparing, finding

app_name = "ledger"
urlpatterns = [
    path("search/", finding.search, name="search"),
    path("ledger/", views.page, name="list"),
    path("ledger/totals/", views.totals, name="totals"),
    path("ledger/units/", views.units, name="units"),
    path("ledger/filters/", views.filters, name="filters"),
    path("ledger/shown/", views.shown, name="shown"),
    path("ledger/bulk/", views.bulk, name="bulk"),
    path("ledger/bulk/<int:id>/", views.bulk_done, name="bulk_done"),
    path("ledger/columns/", views.columns, name="columns"),
    path("ledger/columns/<int:id>/", views.column, name="column"),
    path("ledger/columns/<int:id>/cell/<int:task_id>/", views.cell, name="cell"),
    path("ledger/<int:id>/under/", views.under, name="under"),
    path("ledger/export.csv", views.export_csv, name="csv"),
    path("ledger/export.xlsx", views.export_xlsx, name="xlsx"),
    path("ledger/edit.xlsx", views.export_for_editing, name="edit_xlsx"),
    path("ledger/table.xlsx", views.table_xlsx, name="table_xlsx"),
    path("ledger/table.docx", views.table_docx, name="table_docx"),
    path("ledger/compare/", comparing.between, name="between"),
    path("ledger/compare.csv", comparing.as_csv, name="between_csv"),
    path("ledger/compare.xlsx", comparing.as_xlsx, name="between_xlsx"),
    path("ledger/workbooks/", views.workbooks, name="workbooks"),
    path("ledger/workbooks/<int:id>/", views.workbook, name="workbook"),
    path("ledger/workbooks/<int:id>/apply/", views.apply, name="workbook_apply"),
    path("ledger/workbooks/<int:id>/choose/", views.choose, name="workbook_choose"),
    path("ledger/workbooks/<int:id>/headings/", views.headings, name="workbook_headings"),
    path("ledger/workbooks/<int:id>/compare/", views.compare, name="workbook_compare"),
    path("ledger/workbooks/<int:id>/drop/", views.drop, name="workbook_drop"),
    path("ledger/layouts/", views.layouts, name="layouts"),
    path("ledger/layouts/<int:id>/", views.layout, name="layout"),
    path("ledger/layouts/<int:id>/remove/", views.remove_layout, name="layout_remove"),
    path("ledger/views/", views.keep, name="views"),
    path("ledger/views/<int:id>/delete/", views.delete, name="delete_view"),
    path("tasks/<int:id>/sheet.docx", views.task_docx, name="task_docx"),
    path("tasks/<int:id>/", views.task, name="task"),
]

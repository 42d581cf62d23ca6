"""Addresses of this room's pages."""

from django.urls import path

from luoshi.ledger import views

app_name = "ledger"
urlpatterns = [
    path("ledger/", views.page, name="list"),
    path("ledger/totals/", views.totals, name="totals"),
    path("ledger/units/", views.units, name="units"),
    path("ledger/filters/", views.filters, name="filters"),
    path("ledger/shown/", views.shown, name="shown"),
    path("ledger/columns/", views.columns, name="columns"),
    path("ledger/columns/<int:id>/", views.column, name="column"),
    path("ledger/columns/<int:id>/cell/<int:task_id>/", views.cell, name="cell"),
    path("ledger/<int:id>/under/", views.under, name="under"),
    path("ledger/export.csv", views.export_csv, name="csv"),
    path("ledger/export.xlsx", views.export_xlsx, name="xlsx"),
    path("ledger/views/", views.keep, name="views"),
    path("ledger/views/<int:id>/delete/", views.delete, name="delete_view"),
    path("tasks/<int:id>/", views.task, name="task"),
]

"""Addresses of this room's pages."""

from django.urls import path

from luoshi.progress.views import (
    evidence,
    feedback,
    indicators,
    months,
    obstacles,
    readings,
    reporting,
    tables,
    targets,
)

app_name = "progress"
urlpatterns = [
    path("tasks/<int:id>/report/", feedback.report, name="report"),
    path("tasks/<int:id>/report/hints/", feedback.hints, name="hints"),
    path("tasks/<int:id>/reports/", feedback.reports, name="reports"),
    path("tasks/<int:id>/obstacle/", obstacles.name, name="obstacle"),
    path("obstacles/", obstacles.obstacles, name="obstacles"),
    path("obstacles/<int:id>/", obstacles.clear, name="clear_obstacle"),
    path("lights/", tables.table, name="table"),
    path("lights/months/", months.months, name="months"),
    path("lights/misses/", months.misses, name="misses"),
    path("tasks/evidence/<int:id>/", evidence.evidence, name="evidence"),
    path("evidence/", evidence.exhibits, name="exhibits"),
    path("evidence/<int:id>/", evidence.exhibit, name="exhibit"),
    path("evidence/<int:id>/versions/", evidence.add, name="exhibit_add"),
    path("evidence/files/<int:id>/", evidence.version, name="version"),
    path("tasks/<int:id>/indicators/new/", indicators.create, name="indicator_new"),
    path("supervision/reporting/", reporting.reporting, name="reporting"),
    path("supervision/reporting/turns/", reporting.turns, name="turns"),
    path("supervision/reporting/table.csv", reporting.reporting_csv, name="reporting_csv"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators/example/", indicators.example, name="example"),
    path("indicators/readings/", readings.readings, name="readings"),
    path("indicators/<int:id>/", indicators.board, name="board"),
    path("indicators/<int:id>/edit/", indicators.edit, name="indicator_edit"),
    path("indicators/<int:id>/targets/", targets.targets, name="targets"),
    path("indicators/<int:id>/parts/", targets.parts, name="parts"),
    path("indicators/<int:id>/confirm/", readings.confirm, name="confirm"),
]

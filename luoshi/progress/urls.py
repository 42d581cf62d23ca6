"""Addresses of this room's pages."""

from django.urls import path

from luoshi.progress.views import feedback

app_name = "progress"
urlpatterns = [
    path("<int:id>/report/", feedback.report, name="report"),
    path("<int:id>/report/hints/", feedback.hints, name="hints"),
    path("<int:id>/reports/", feedback.reports, name="reports"),
    path("evidence/<int:id>/", feedback.evidence, name="evidence"),
]

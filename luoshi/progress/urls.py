"""Addresses of this room's pages."""

from django.urls import path

from luoshi.progress import views

app_name = "progress"
urlpatterns = [
    path("<int:id>/report/", views.report, name="report"),
    path("<int:id>/report/hints/", views.hints, name="hints"),
    path("<int:id>/reports/", views.reports, name="reports"),
    path("evidence/<int:id>/", views.evidence, name="evidence"),
]

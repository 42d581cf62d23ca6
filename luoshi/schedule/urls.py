"""Addresses of this room's pages."""

from django.urls import path

from luoshi.schedule import views

app_name = "schedule"
urlpatterns = [path("", views.year, name="year")]

"""Addresses of this room's pages."""

from django.urls import URLPattern

app_name = "progress"
urlpatterns: list[URLPattern] = []

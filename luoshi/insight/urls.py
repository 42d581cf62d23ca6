"""Addresses of this room's pages."""

from django.urls import path

from luoshi.insight import views

app_name = "insight"
urlpatterns = [path("", views.needle, name="needle")]

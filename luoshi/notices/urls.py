"""Addresses of this room's pages."""

from django.urls import path

from luoshi.notices.views import box as views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("<int:id>/read/", views.read, name="read"),
    path("read/", views.read_all, name="read_all"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("suggestions/<int:id>/answer/", views.answer, name="answer"),
]

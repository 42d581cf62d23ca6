"""Pages of the journal and the calendar of working days."""

from django.urls import path

from luoshi.core import views

app_name = "core"
urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("language/", views.language, name="language"),
]

"""Pages of the journal and the calendar of working days."""

from django.urls import path

from luoshi.core import views

app_name = "core"
urlpatterns = [
    path("journal/", views.journal, name="journal"),
    path("calendar/days/", views.calendar_days, name="calendar_days"),
    path("calendar/days/remove/", views.remove_calendar_day, name="remove_calendar_day"),
    path("calendar/days/notice/", views.paste_holidays, name="paste_holidays"),
    path("routines/", views.routines, name="routines"),
    path("routines/<int:id>/again/", views.try_again, name="try_again"),
]

"""Addresses of this room's pages."""

from django.urls import path

from luoshi.supervision.views import checking, extending

app_name = "supervision"
urlpatterns = [
    path("supervision/", checking.queue, name="queue"),
    path("supervision/verifications/", checking.verifications, name="verifications"),
    path("tasks/<int:id>/submit/", checking.submit, name="submit"),
    path("tasks/<int:id>/verify/", checking.verify, name="verify"),
    path("tasks/<int:id>/close/", checking.close, name="close"),
    path("tasks/<int:id>/reopen/", checking.reopen, name="reopen"),
    path("tasks/<int:id>/extend/", extending.extend, name="extend"),
    path("extensions/<int:id>/decide/", extending.decide, name="decide"),
]

"""Addresses of this room's pages."""

from django.urls import path

from luoshi.supervision import views

app_name = "supervision"
urlpatterns = [
    path("supervision/", views.queue, name="queue"),
    path("supervision/verifications/", views.verifications, name="verifications"),
    path("tasks/<int:id>/submit/", views.submit, name="submit"),
    path("tasks/<int:id>/verify/", views.verify, name="verify"),
    path("tasks/<int:id>/close/", views.close, name="close"),
    path("tasks/<int:id>/reopen/", views.reopen, name="reopen"),
    path("tasks/<int:id>/extend/", views.extend, name="extend"),
    path("extensions/<int:id>/decide/", views.decide, name="decide"),
]

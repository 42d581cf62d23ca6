"""Addresses of this room's pages."""

from django.urls import path

from luoshi.supervision.views import chasing, checking, extending, ladders, sponsoring

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
    path("supervision/chasing/", chasing.chasing, name="chasing"),
    path("supervision/chasing/approvals/", chasing.approvals, name="approvals"),
    path("supervision/chasing/ladders/", ladders.ladders, name="ladders"),
    path("supervision/chasing/ladders/new/", ladders.ladder_new, name="ladder_new"),
    path("supervision/chasing/ladders/<int:id>/", ladders.ladder, name="ladder"),
    path("supervision/chasing/ladders/<int:id>/remove/", ladders.ladder_remove, name="ladder_remove"),
    path("supervision/listed/", chasing.listed, name="listed"),
    path("supervision/sponsored/", sponsoring.sponsored, name="sponsored"),
    path("tasks/<int:id>/contact/", chasing.contact, name="contact"),
    path("tasks/<int:id>/sponsor-act/", sponsoring.sponsor_act, name="sponsor_act"),
]

"""Addresses of this room's pages."""

from django.urls import path

from luoshi.supervision.views import (
    changing,
    chasing,
    checking,
    coordination,
    extending,
    ladders,
    letters,
    pausing,
    sponsoring,
)

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
    path("supervision/requests/", coordination.requests, name="requests"),
    path("tasks/<int:id>/ask/", coordination.ask, name="ask"),
    path("requests/<int:id>/", coordination.coordination, name="coordination"),
    path("requests/<int:id>/answer/", coordination.answer, name="answer"),
    path("requests/<int:id>/pass/", coordination.pass_on, name="pass_on"),
    path("requests/<int:id>/take-back/", coordination.take_back, name="take_back"),
    path("tasks/<int:id>/ask-pause/", pausing.ask_pause, name="ask_pause"),
    path("tasks/<int:id>/suspend/", pausing.suspend, name="suspend"),
    path("tasks/<int:id>/pause/", pausing.decide, name="decide_pause"),
    path("tasks/<int:id>/resume/", pausing.resume, name="resume"),
    path("supervision/changes/", changing.changes, name="changes"),
    path("tasks/<int:id>/change-hands/", changing.change_hands, name="change_hands"),
    path("tasks/<int:id>/decide-change/", changing.decide, name="decide_change"),
    path("changes/<int:id>/", changing.change, name="change"),
    path("changes/<int:id>/take-back/", changing.withdraw, name="withdraw_change"),
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
    path("tasks/<int:id>/letter/", letters.task_letter, name="task_letter"),
    path("supervision/letters/new/", letters.letter_new, name="letter_new"),
]

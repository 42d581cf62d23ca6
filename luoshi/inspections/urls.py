"""Addresses of this room's pages."""

from django.urls import path

from luoshi.inspections.views import conclusions, findings, lots, plans, register, visiting

app_name = "inspections"
urlpatterns = [
    path("", plans.plans, name="list"),
    path("new/", plans.new, name="new"),
    path("designations/", register.designations, name="designations"),
    path("designations/<int:id>/end/", register.designation_end, name="designation_end"),
    path("limits/", register.limits, name="limits"),
    path("checklists/", register.checklists, name="checklists"),
    path("<int:id>/", plans.inspection, name="inspection"),
    path("<int:id>/edit/", plans.edit, name="edit"),
    path("<int:id>/paper/", plans.paper, name="paper"),
    path("<int:id>/propose/", plans.propose, name="propose"),
    path("<int:id>/approve/", plans.approve, name="approve"),
    path("<int:id>/step/", plans.step, name="step"),
    path("<int:id>/lots/", lots.lots, name="lots"),
    path("<int:id>/look-back/", lots.look_back, name="look_back"),
    path("draws/<int:id>/", lots.drawn, name="drawn"),
    path("objects/<int:id>/", findings.inspected, name="object"),
    path("objects/<int:id>/sheet/", findings.sheet, name="sheet"),
    path("objects/<int:id>/finding/", findings.note, name="note"),
    path("objects/<int:id>/rectify/", findings.rectify, name="rectify"),
    path("objects/<int:id>/conclusion/", findings.write, name="write"),
    path("objects/<int:id>/visit/", visiting.visit, name="visit"),
    path("objects/<int:id>/visit/send/", visiting.send, name="send"),
    path("visits/<int:id>/photos/", visiting.photo, name="photo"),
    path("worker.js", visiting.worker, name="worker"),
    path("findings/<int:id>/", findings.correct, name="finding"),
    path("conclusions/<int:id>/", conclusions.conclusion, name="conclusion"),
    path("proposals/<int:id>/decided/", conclusions.decided, name="decided"),
    path("conclusions/<int:id>/issue/", findings.issue, name="issue"),
    path("conclusions/<int:id>/receive/", conclusions.receive, name="receive"),
    path("conclusions/<int:id>/objection/", conclusions.objection, name="objection"),
    path("conclusions/<int:id>/review/", conclusions.review, name="review"),
]

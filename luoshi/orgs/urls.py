"""Addresses of this room's pages."""

from django.urls import path

from luoshi.orgs.views import absences, account, figures, people, sheets, units

app_name = "orgs"
urlpatterns = [
    path("", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:id>/", units.unit, name="unit"),
    path("units/<int:id>/children/", units.children, name="children"),
    path("units/<int:id>/names/", units.unit_names, name="unit_names"),
    path("units/<int:id>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<int:id>/reorganise/", units.unit_reorganise, name="unit_reorganise"),
    path("units/<int:id>/figures/", figures.unit_figures, name="unit_figures"),
    path("figures/", figures.figures, name="figures"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/passwords/", people.passwords, name="passwords"),
    path("people/<int:id>/", people.person, name="person"),
    path("people/<int:id>/edit/", people.person_edit, name="person_edit"),
    path("posts/new/", people.post_new, name="post_new"),
    path("posts/<int:id>/end/", people.post_end, name="post_end"),
    path("sheets/", sheets.sheets, name="sheets"),
    path("sheets/<int:id>/", sheets.sheet, name="sheet"),
    path("sheets/<int:id>/apply/", sheets.sheet_apply, name="sheet_apply"),
    path("sheets/<slug:kind>-template.xlsx", sheets.template, name="template"),
    path("sheets/<slug:kind>.<slug:ending>", sheets.export, name="export"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:id>/remove/", absences.absence_remove, name="absence_remove"),
    path("me/", account.me, name="me"),
    path("me/tokens/<int:id>/revoke/", account.token_revoke, name="token_revoke"),
]

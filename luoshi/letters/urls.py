"""Addresses of this room's pages."""

from django.urls import path

from luoshi.letters.views import letters, templates

app_name = "letters"
urlpatterns = [
    path("", letters.letters, name="list"),
    path("register/", letters.register, name="register"),
    path("forms/", templates.forms, name="forms"),
    path("forms/<int:id>/<slug:kind>/", templates.form, name="form"),
    path("forms/<int:id>/<slug:kind>/file/", templates.form_file, name="form_file"),
    path("forms/<int:id>/<slug:kind>/revert/", templates.revert, name="revert"),
    path("forms/versions/<int:id>/use/", templates.take_up, name="take_up"),
    path("<int:id>/", letters.letter, name="letter"),
    path("<int:id>/edit/", letters.edit, name="edit"),
    path("<int:id>/approve/", letters.approve, name="approve"),
    path("<int:id>/issue/", letters.issue, name="issue"),
    path("<int:id>/discard/", letters.discard, name="discard"),
    path("<int:id>/void/", letters.void, name="void"),
    path("<int:id>/docx/", letters.docx, name="docx"),
    path("<int:id>/pdf/", letters.pdf, name="pdf"),
]

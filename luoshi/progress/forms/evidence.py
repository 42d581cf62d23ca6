"""The forms of a piece of evidence: what it is and until when it holds; a newer file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField


class ExhibitForm(forms.Form):
    """What a piece of evidence is."""

    title = forms.CharField(label=_("evidence"), max_length=200)
    expires_date = DayField(
        label=_("valid until"),
        required=False,
        help_text=_("Empty: for good. Later it is not offered."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """A newer file."""

    file = forms.FileField(label=_("newer file"), help_text=_("Reports keep the version they used."))
    version = forms.IntegerField(widget=forms.HiddenInput)

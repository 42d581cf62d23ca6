"""Forms of the suggestion box."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SuggestionForm(forms.Form):
    """What would be better."""

    text = forms.CharField(
        label=_("What would make the work easier or better?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class AnswerForm(forms.Form):
    """What the office says to it."""

    answer = forms.CharField(label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

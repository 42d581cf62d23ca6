"""Forms of submission, verification and reopening: they read what was typed; the actions decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.supervision.models import METHOD_LABELS, RESULT_LABELS


def words(rows: int) -> forms.Textarea:
    """A text of some lines."""
    return forms.Textarea(attrs={"rows": rows})


class SubmitForm(forms.Form):
    """The result, against the standard."""

    result = forms.CharField(label=_("result against the standard"), widget=words(8), max_length=5000)


class VerifyForm(forms.Form):
    """What was checked, how, and the decision."""

    method = forms.ChoiceField(label=_("how it was checked"), choices=list(METHOD_LABELS.items()))
    result = forms.ChoiceField(label=_("decision"), choices=list(RESULT_LABELS.items()), widget=forms.RadioSelect)
    opinion = forms.CharField(
        label=_("opinion"),
        widget=words(5),
        max_length=3000,
        help_text=_("What was seen. A return says what to put right."),
    )
    submission = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why closed work is taken up again, and until when."""

    reason = forms.CharField(label=_("what was found"), widget=words(4), max_length=3000)
    due_date = DayField(label=_("put right by"), required=False)

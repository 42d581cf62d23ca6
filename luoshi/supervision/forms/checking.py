"""Forms of submission, verification and reopening: they read what was typed; the actions decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.supervision.models import METHOD_LABELS, RESULT_LABELS
from luoshi.tasks.models import Task


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
    found_percent = forms.DecimalField(
        label=_("% found"), required=False, min_value=0, max_value=100, max_digits=6, decimal_places=2,
        help_text=_("What you found yourself; empty: not checked."),
    )  # fmt: skip
    found_value = forms.DecimalField(label=_("value found"), required=False, max_digits=18, decimal_places=4)
    submission = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if task.target_value is None:
            del self.fields["found_value"]
        else:
            words = _("value found (%(unit)s)")
            self.fields["found_value"].label = words % {"unit": task.target_unit or "—"}


class ReopenForm(forms.Form):
    """Why closed work is taken up again, and until when."""

    reason = forms.CharField(label=_("what was found"), widget=words(4), max_length=3000)
    due_date = DayField(label=_("put right by"), required=False)

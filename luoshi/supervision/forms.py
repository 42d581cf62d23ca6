"""Forms of this room: they read what was typed; the actions decide."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.progress.forms import cause_choices
from luoshi.supervision.models import METHOD_LABELS, RESULT_LABELS, Extension
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
    submission = forms.IntegerField(widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    """Why closed work is taken up again, and until when."""

    reason = forms.CharField(label=_("what was found"), widget=words(4), max_length=3000)
    due_date = DayField(label=_("put right by"), required=False)


class ExtendForm(forms.Form):
    """A request for more time."""

    to_date = DayField(label=_("new due date asked for"))
    cause = forms.ChoiceField(label=_("cause"), choices=cause_choices())
    reason = forms.CharField(label=_("reason"), widget=words(4), max_length=3000)
    progress = forms.CharField(label=_("done so far"), widget=words(4), max_length=3000)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if task.due_date:
            self.fields["to_date"].widget.attrs["min"] = (task.due_date + timedelta(days=1)).isoformat()


class DecideForm(forms.Form):
    """The answer to a request for more time."""

    decision = forms.ChoiceField(
        label=_("decision"), widget=forms.RadioSelect, choices=[("approved", _("approve")), ("refused", _("refuse"))]
    )
    granted_date = DayField(label=_("date granted"), required=False)
    opinion = forms.CharField(label=_("opinion"), widget=words(3), max_length=3000, required=False)

    def __init__(self, *args: Any, extension: Extension, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["granted_date"] = extension.to_date

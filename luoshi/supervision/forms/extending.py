"""Forms of more time: the request and its answer."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.progress.forms import cause_choices
from luoshi.supervision.forms.checking import words
from luoshi.supervision.models import Extension
from luoshi.tasks.models import Task


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

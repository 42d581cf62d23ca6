"""The form of days away."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.orgs.models import Person


class AbsenceForm(forms.Form):
    """Who is away from when until when."""

    person = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Person"), empty_label=None)
    from_date = DayField(label=_("First day"))
    to_date = DayField(label=_("Last day"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=60, help_text=_("Such as: leave, training, a posting. No illness.")
    )

    def __init__(self, *args: Any, staff: QuerySet[Person], person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.initial = staff, person

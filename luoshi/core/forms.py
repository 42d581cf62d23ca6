"""Forms of this room."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2000, 2100
SINCE, UNTIL = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


class DayForm(forms.Form):
    """One day that differs from the plain week."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": SINCE, "max": UNTIL}),
        validators=[MinValueValidator(SINCE), MaxValueValidator(UNTIL)],
    )
    is_workday = forms.TypedChoiceField(
        label=_("What it is"),
        choices=[("0", _("free")), ("1", _("worked"))],
        coerce=lambda value: value == "1",
    )
    name = forms.CharField(
        label=_("Occasion"), max_length=40, required=False, help_text=_("The holiday it belongs to.")
    )


class ClearForm(forms.Form):
    """The day that is to follow the plain week again."""

    day = forms.DateField()

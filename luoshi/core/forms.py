"""Forms of this room."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import NotAllowed, Refusal

FIRST_YEAR, LAST_YEAR = 2000, 2100
SINCE, UNTIL = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


def day_input(*, since: date = SINCE) -> forms.DateInput:
    """The browser's own field for a day, in ISO form and within the years that work is planned for."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": since, "max": UNTIL})


class DayField(forms.DateField):
    """A day from `since` to UNTIL: a year such as 1899 is a slip of the keyboard."""

    def __init__(self, *, since: date = SINCE, **kwargs: Any) -> None:
        bounds = [MinValueValidator(since), MaxValueValidator(UNTIL)]
        super().__init__(**{"widget": day_input(since=since), "validators": bounds, **kwargs})


def attempt(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Do the act of a form that was filled in whole; a refusal becomes the form's error, and nothing typed is lost.

    `form.status` is then what the page answers with. Raises NotAllowed: that is no fault of what was typed.
    """
    if not form.is_bound:
        return False
    if not form.is_valid():
        form.status = 422  # type: ignore[attr-defined]
        return False
    try:
        act()
    except NotAllowed:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        form.status = refusal.status  # type: ignore[attr-defined]
        return False
    return True


class DayForm(forms.Form):
    """One day that differs from the plain week."""

    day = DayField(label=_("Day"))
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

    day = DayField()


class HolidaysForm(forms.Form):
    """The notice of a year's holidays as it was published."""

    text = forms.CharField(
        label=_("Text of the notice"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Paste the official notice. What is read from it is shown before anything is saved."),
    )
    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)

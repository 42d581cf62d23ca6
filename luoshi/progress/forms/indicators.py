"""Forms of indicators: defining one, its targets period by period, what its parts owe."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.progress.rules.spreading import read_number
from luoshi.tasks.models import Indicator
from luoshi.tasks.rules.indicators import Direction, OverUnits

SPREADS = {
    "even": gettext_lazy("evenly"),
    "curve": gettext_lazy("along last year’s curve"),
    "typed": gettext_lazy("typed by hand"),
}


class QuantityField(forms.DecimalField):
    """A quantity as people write and paste it: thousands apart, a percent sign; a dash is empty, 0 is zero."""

    def __init__(self, **kwargs: Any) -> None:
        box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"widget": box, "max_digits": 18, "decimal_places": 4, "required": False, **kwargs})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs think of integers
        if isinstance(value, str):
            try:
                value = read_number(value)
            except ValueError as fault:
                raise forms.ValidationError(_("“%(text)s” is no number.") % {"text": value}) from fault
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


def plain(value: Decimal | None) -> str:
    """A quantity as one would type it."""
    return "" if value is None else f"{value.normalize():f}" if value else "0"


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself gives it no parameter
    """What is measured, and what the task as a whole owes of it."""

    baseline = QuantityField(label=gettext_lazy("baseline"), help_text=gettext_lazy("Where it stood before the year."))
    target = QuantityField(label=gettext_lazy("target of the year"))
    ceiling = QuantityField(
        label=gettext_lazy("ceiling"), help_text=gettext_lazy("Only for a band: the target is its floor.")
    )

    class Meta:
        model = Indicator
        fields = [
            "name", "measure", "year", "cadence", "direction", "over_time", "over_units", "base", "places", "is_main",
        ]  # fmt: skip
        help_texts = {
            "measure": gettext_lazy("persons, %, mu, …"),
            "cadence": gettext_lazy("How often each unit gives a reading."),
            "over_time": gettext_lazy("How a unit’s periods become its value to date."),
            "over_units": gettext_lazy("How the parts become the whole."),
            "base": gettext_lazy("The figure of the units that weighs them, such as population."),
            "places": gettext_lazy("To which rolled-up numbers are shown and targets divided."),
            "is_main": gettext_lazy("Its value to date gives the percentage of the task."),
        }
        widgets = {"places": forms.NumberInput(attrs={"min": 0, "max": 4})}

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        low, high = given.get("target"), given.get("ceiling")
        if given.get("over_units") == OverUnits.MEAN and not given.get("base"):
            self.add_error("base", _("A weighted mean needs the name of the figure that weighs."))
        if given.get("direction") == Direction.BAND:
            if low is None or high is None:
                self.add_error("ceiling", _("A band needs its floor (target) and its ceiling."))
            elif high < low:
                self.add_error("ceiling", _("The ceiling lies below the floor."))
        elif high is not None:
            self.add_error("ceiling", _("Only a band has a ceiling; choose “within a band” or leave it empty."))
        return given


class TargetForm(forms.Form):
    """Where an allotment should stand by the end of one period."""

    value = QuantityField(label=gettext_lazy("target to date"))


class SpreadForm(forms.Form):
    """How the year's target is laid over its periods; last year's values only for the curve."""

    spread = forms.ChoiceField(
        label=gettext_lazy("lay out"), choices=list(SPREADS.items()), required=False, initial="typed"
    )
    curve = forms.CharField(
        label=gettext_lazy("numbers copied from a sheet"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "A row or column of Excel: last year’s values by period for the curve, or the targets to date themselves."
        ),
    )


class PartForm(forms.Form):
    """What one part owes of an indicator."""

    target = QuantityField(label=gettext_lazy("target"))
    weight = QuantityField(label=gettext_lazy("weight"), min_value=0)


class ReadingForm(forms.Form):
    """One reading on a unit's sheet: a value, or both parts of a ratio; `why` where it corrects an earlier one."""

    value = QuantityField(label=gettext_lazy("value"))
    numerator = QuantityField(label=gettext_lazy("numerator"))
    denominator = QuantityField(label=gettext_lazy("denominator"))
    source = forms.CharField(label=gettext_lazy("source"), max_length=200, required=False)
    note = forms.CharField(label=gettext_lazy("note"), max_length=500, required=False)
    why = forms.CharField(label=gettext_lazy("reason for the correction"), max_length=500, required=False)

    def __init__(self, *args: Any, is_ratio: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("value",) if is_ratio else ("numerator", "denominator"):
            del self.fields[name]
        self.is_ratio = is_ratio

    @property
    def figures(self) -> dict[str, Decimal | None]:
        """What was typed as figures, by field."""
        names = ("numerator", "denominator") if self.is_ratio else ("value",)
        return {name: self.cleaned_data.get(name) for name in names}

    @property
    def is_blank(self) -> bool:
        """Nothing is typed: the reading stays missing, which is not zero."""
        return all(value is None for value in self.figures.values())

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        if self.is_ratio and (given.get("numerator") is None) != (given.get("denominator") is None):
            self.add_error("denominator", _("A ratio needs both its parts."))
        return given


class ReasonForm(forms.Form):
    """Why a confirmed level is opened again."""

    why = forms.CharField(label=gettext_lazy("reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

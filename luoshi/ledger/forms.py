"""Forms of the ledger: a view's name, a unit's own column."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luoshi.ledger.models import COLUMN_LABELS, VALUE_SENTENCES
from luoshi.ledger.rules.columns import ColumnKind, FaultyValue, read_choices
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access


class ViewForm(forms.Form):
    """A name, and whether one of the person's units shares the view."""

    name = forms.CharField(label=_("Name of this view"), max_length=60)
    unit = forms.ModelChoiceField(
        label=_("Shared with"), queryset=Unit.objects.none(), required=False, empty_label=_("only me")
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=access.unit_ids).order_by("path")  # type: ignore[attr-defined]


class ColumnForm(forms.Form):
    """A column that a unit adds to the ledger."""

    unit = forms.ModelChoiceField(label=_("For the unit and all below it"), queryset=Unit.objects.none())
    name = forms.CharField(label=_("Heading"), max_length=40)
    kind = forms.ChoiceField(label=_("What stands in it"), choices=list(COLUMN_LABELS.items()))
    choices = forms.CharField(
        label=_("Choices"), required=False, help_text=_("For a column of choices: each on a line of its own."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset, field.initial = units, units.first()

    def clean_name(self) -> str:
        """One line without superfluous spaces."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean(self) -> dict[str, Any]:
        """The choices as a list; none for another kind."""
        data: dict[str, Any] = super().clean() or {}
        try:
            data["choices"] = read_choices(data.get("choices", "")) if data.get("kind") == ColumnKind.CHOICE else []
        except FaultyValue as fault:
            self.add_error("choices", VALUE_SENTENCES[fault.problem])
        return data

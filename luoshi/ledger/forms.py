"""The form that names a view of the ledger."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

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

"""Forms of the ledger: a view's name, a unit's own column, a workbook that comes back, a layout."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import NotAllowed
from luoshi.ledger.models import COLUMN_LABELS, VALUE_SENTENCES, Layout
from luoshi.ledger.rules.columns import ColumnKind, FaultyValue, read_choices
from luoshi.ledger.rules.layouts import PRESETS
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.tasks.models import Task
from luoshi.tasks.queries import get_task_for, list_owners_for


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


def list_layout_choices(kept: list[Layout]) -> list[tuple[str, str]]:
    """The ready layouts and those kept by units, by key."""
    chinese = (get_language() or "zh").startswith("zh")
    ready = [(key, preset.chinese if chinese else preset.english) for key, preset in PRESETS.items()]
    return [(f"own-{layout.pk}", f"{layout.name}（{layout.unit}）") for layout in kept] + ready


class WorkbookForm(forms.Form):
    """A workbook to compare: in whose name new rows are asked for, and for a table made elsewhere its layout."""

    file = forms.FileField(label=_("Workbook (.xlsx) or text table (.csv)"))
    layout = forms.ChoiceField(
        label=_("What it is"), required=False,
        help_text=_("A table from this ledger is recognised by itself. For one made elsewhere say how it is laid out."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("New tasks are asked for by"), queryset=Unit.objects.none(), required=False, empty_label=None
    )
    parent = forms.CharField(
        label=_("New tasks stand under the task"), required=False, max_length=40,
        help_text=_("Its number; empty for tasks of their own."),
    )  # fmt: skip

    def __init__(self, *args: Any, access: Access, layouts: list[Layout], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        owner: Any = self.fields["owner"]
        owner.queryset = list_owners_for(access)
        owner.initial = owner.queryset.first()
        self.fields["layout"].choices = [  # type: ignore[attr-defined]
            ("", _("from this ledger")), *list_layout_choices(layouts)
        ]  # fmt: skip
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv"

    def clean_file(self) -> Any:
        """Refuse by size before it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_MAX_MB * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than %(n)s MB. Split it and upload the parts.") % {
                "n": settings.UPLOAD_MAX_MB})  # fmt: skip
        return file

    def clean_parent(self) -> Task | None:
        """The task of that number, if this person may hang parts under it."""
        code = str(self.cleaned_data["parent"]).strip()
        if not code:
            return None
        found = Task.objects.filter(code=code).values_list("pk", flat=True).first()
        for verb in ("draft", "cascade"):
            try:
                if found:
                    return get_task_for(self.access, id=found, to=verb)
            except Http404:
                break
            except NotAllowed:
                continue
        raise forms.ValidationError(_("You have no task of this number under which you may draft parts."))


class LayoutForm(forms.Form):
    """A layout's name, its unit, and its headings: one a line, heading = field."""

    unit = forms.ModelChoiceField(label=_("For the unit and all below it"), queryset=Unit.objects.none())
    name = forms.CharField(label=_("Name of the layout"), max_length=60)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset, field.initial = units, units.first()

    def clean_name(self) -> str:
        """One line without superfluous spaces."""
        return " ".join(str(self.cleaned_data["name"]).split())

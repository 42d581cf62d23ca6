"""Forms of letters: the fields of a kind as the ledger filled them, a template from Word, the marks of series."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.forms import DayField
from luoshi.letters.models import FIELD_LABELS, Letter
from luoshi.letters.rules import KINDS, Field, Sort, asked_of

BETWEEN = "|"
CHARACTERS = 60  # of a line of a text field, at least
MOST_BYTES = 5_000_000


class RowsField(forms.CharField):
    """Rows of cells, one row a line: typed with bars between the cells, or pasted from a spreadsheet with tabs."""

    def __init__(self, *, columns: tuple[str, ...], **given: Any) -> None:
        super().__init__(strip=False, **given)  # the first cell of the first row may be empty
        self.columns = columns

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        text = (super().to_python(value) or "").replace("｜", BETWEEN).replace("\t", BETWEEN)
        lines = [line for line in text.splitlines() if line.strip()]
        rows = [[cell.strip() for cell in line.split(BETWEEN)] for line in lines]
        for n, row in enumerate(rows, 1):
            if len(row) > len(self.columns):
                words = _("Row %(n)s has %(have)s cells, but there are only %(most)s columns.")
                raise forms.ValidationError(words % {"n": n, "have": len(row), "most": len(self.columns)})
        return rows

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f" {BETWEEN} ".join(str(cell) for cell in row) for row in value)
        return value


class LetterForm(forms.Form):
    """The title and fields of a letter; nothing is required of a draft, what is missing is asked for at approval."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, letter: Letter, **more: Any) -> None:
        super().__init__(*given, **more)
        self.initial = {**letter.fields, "title": letter.title, "version": letter.version, **self.initial}
        for field in asked_of(letter.kind):
            self.fields[field.name] = _input(field, lines=_count_lines(letter.fields.get(field.name)))

    def fields_given(self) -> Mapping[str, Any]:
        """The cleaned fields without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _count_lines(value: Any) -> int:
    """The lines that a value takes where it is typed, from three to twenty."""
    lines = (
        len(value) if isinstance(value, list) else sum(1 + len(p) // CHARACTERS for p in str(value or "").split("\n"))
    )
    return max(3, min(20, lines + 1))


def _input(field: Field, *, lines: int) -> forms.Field:
    label = FIELD_LABELS[field.tag]
    if field.name == "title":
        return forms.CharField(label=label, max_length=300)
    if field.sort == Sort.DATE:
        return DayField(label=label, required=False)
    if field.sort == Sort.ROWS:
        hint = _("One row a line, cells with | between them, or pasted from a spreadsheet: %(columns)s")
        return RowsField(
            columns=field.columns, label=label, required=False, widget=forms.Textarea(attrs={"rows": lines}),
            max_length=40_000, help_text=hint % {"columns": f" {BETWEEN} ".join(field.columns)},
        )  # fmt: skip
    if field.sort == Sort.TEXT or lines > 3:
        return forms.CharField(
            label=label, required=False, widget=forms.Textarea(attrs={"rows": lines}), max_length=20_000, strip=True
        )
    return forms.CharField(label=label, required=False, max_length=2000)


class VoidForm(forms.Form):
    """Why an issued letter no longer holds."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is void"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


class TemplateForm(forms.Form):
    """A template made in Word."""

    file = forms.FileField(label=gettext_lazy("Word file (.docx)"), widget=forms.FileInput(attrs={"accept": ".docx"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than a template may be (5 MB). Remove pictures, then upload it again.")
            )
        return file


class MarkForm(forms.Form):
    """The 代字 of one kind's series."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], widget=forms.HiddenInput)
    mark = forms.CharField(max_length=40)

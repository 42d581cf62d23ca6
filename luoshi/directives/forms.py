"""What people type: a paper to register, a corrected proposal, a unit for a name."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.forms import DayField
from luoshi.directives.actions import PASTED, Source, unit_row
from luoshi.directives.models import CADENCE_LABELS, Directive, Proposal
from luoshi.directives.queries import ROLES, find_predecessors
from luoshi.directives.rules import UnitIndex
from luoshi.directives.rules.drafts import OPERATORS, Values
from luoshi.orgs.models import Unit
from luoshi.papers.kinds import ENDINGS

ACCEPTED = ",".join(f".{ending}" for ending in ENDINGS)
SEPARATORS = "、，,；;\n"
MAX_UNITS = 60
MAX_ROWS = 40
FOUNDING = date(1949, 10, 1)  # no paper that is still carried out is older


class PaperForm(forms.Form):
    """A file or pasted text, and whose directive it is."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "Word, PDF, OFD, a scan (picture or PDF), a spreadsheet, a saved web page or plain text."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the text"), required=False, widget=forms.Textarea(attrs={"rows": 8}), strip=False
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Registered by"), empty_label=None,
        help_text=gettext_lazy("Its tasks belong to this unit."),
    )  # fmt: skip
    received_date = DayField(label=gettext_lazy("Received on"))
    supersedes = forms.ModelChoiceField(
        Directive.objects.none(), label=gettext_lazy("Replaces"), required=False,
        empty_label=gettext_lazy("no earlier directive"),
        help_text=gettext_lazy("A revision is compared with what it replaces, and its tasks are brought up to date."),
    )  # fmt: skip
    is_internal = forms.BooleanField(
        label=gettext_lazy("Internal: never sent to any outside service"), required=False,
        help_text=gettext_lazy("Such as a language model, where this site has connected one."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[Unit], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, received = self.fields["unit"], self.fields["received_date"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.filter(pk__in=[u.pk for u in units]).order_by("path")
        unit.initial = units[0].pk if units else None
        earlier = self.fields["supersedes"]
        assert isinstance(earlier, forms.ModelChoiceField)
        earlier.queryset = find_predecessors([u.pk for u in units])
        received.initial, self.today = today, today

    def clean_file(self) -> "UploadedFile[Any] | None":
        """Refuse by size before reading a byte."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > settings.UPLOAD_MAX_MB * 1024 * 1024:
            raise forms.ValidationError(
                _("The file is larger than %(megabytes)s MB. Remove pictures or split it, then choose it again.")
                % {"megabytes": settings.UPLOAD_MAX_MB}
            )
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "file" in data and not data.get("file") and not (data.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file, or paste the text of the directive."))
        if data.get("received_date", self.today) > self.today:
            self.add_error("received_date", _("A paper cannot be received after today. Check the date."))
        earlier = data.get("supersedes")
        if earlier and earlier.unit_id != getattr(data.get("unit"), "pk", None):
            self.add_error("supersedes", _("A directive can only replace an earlier one of the same unit."))
        return data

    def source(self) -> Source:
        """The bytes that came in; a file wins over pasted text."""
        file = self.cleaned_data["file"]
        if file:
            return Source(file.read(), file.name or "")
        return Source(self.cleaned_data["text"].replace("\r\n", "\n").encode(), PASTED)


class HeadForm(forms.Form):
    """What was read off the head of the paper."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    number = forms.CharField(label=gettext_lazy("Document number"), max_length=80, required=False)
    issuer = forms.CharField(label=gettext_lazy("Issued by"), max_length=160, required=False)
    issued_date = DayField(label=gettext_lazy("Issued on"), required=False, since=FOUNDING)
    received_date = DayField(label=gettext_lazy("Received on"))
    is_internal = forms.BooleanField(label=gettext_lazy("Internal: never sent to any outside service"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ProposalForm(forms.Form):
    """A proposal's content; units, targets and steps come as rows beside the fields."""

    title = forms.CharField(label=gettext_lazy("Task"), max_length=300)
    requirement = forms.CharField(
        label=gettext_lazy("Requirement"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    standard = forms.CharField(
        label=gettext_lazy("Standard"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("By what will completion be judged?"),
    )  # fmt: skip
    due_date = DayField(label=gettext_lazy("Due"), required=False)
    is_open_ended = forms.BooleanField(label=gettext_lazy("Open-ended: never overdue"), required=False)
    review_date = DayField(
        label=gettext_lazy("Review date"), required=False,
        help_text=gettext_lazy("For open-ended work: when to look at it again."),
    )  # fmt: skip
    cadence = forms.ChoiceField(
        label=gettext_lazy("Reporting cadence"), choices=list(CADENCE_LABELS.items()), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("is_open_ended") and data.get("due_date"):
            self.add_error("due_date", _("Open-ended work has no due date: clear one of the two."))
        if data.get("is_open_ended") and not data.get("review_date"):
            self.add_error("review_date", _("Say when open-ended work is looked at again."))
        if not data.get("is_open_ended"):
            data["review_date"] = None
        return data

    @property
    def typed_rows(self) -> dict[str, Any]:
        """Units, targets and steps as typed, to show the form again without loss."""
        assert isinstance(self.data, QueryDict)
        return {
            "units": typed_units(self.data),
            "targets": [row for row in _typed(self.data, "target", TARGET) if _is_filled(row)],
            "milestones": [row for row in _typed(self.data, "step", STEP) if _is_filled(row)],
        }

    def rows(self) -> dict[str, Any] | None:
        """Targets and steps as stored; None, with errors added, when one does not hold."""
        assert isinstance(self.data, QueryDict)
        targets = [self._target(row) for row in _typed(self.data, "target", TARGET) if _is_filled(row)]
        steps = [self._step(row) for row in _typed(self.data, "step", STEP) if _is_filled(row)]
        return None if self.errors else {"targets": targets, "milestones": steps}

    def _target(self, row: Values) -> Values:
        try:
            value = Decimal(row["value"].replace(",", "").replace("，", ""))
            if not value.is_finite() or abs(value) >= Decimal(10) ** 14:
                raise InvalidOperation
        except InvalidOperation:
            sentence = _("“%(value)s” is not a number: write a target such as 52 or 7.5.")
            self.add_error(None, sentence % {"value": row["value"][:40]})
            return row
        op = row["op"] if row["op"] in OPERATORS else "="
        return {
            "name": row["name"][:120], "op": op, "value": f"{value.normalize():f}", "unit": row["unit"][:20],
            "start": None, "end": None,
        }  # fmt: skip

    def _step(self, row: Values) -> Values:
        try:
            day = DayField().clean(row["date"])
        except forms.ValidationError:
            self.add_error(None, _("The step “%(name)s” needs a date.") % {"name": row["name"][:40]})
            return row
        if not row["name"]:
            self.add_error(None, _("Say what is reached on %(day)s.") % {"day": day.isoformat()})
        return {"name": row["name"][:200], "date": day.isoformat()}


TARGET = ("name", "op", "value", "unit")
STEP = ("name", "date")


def _typed(data: QueryDict, prefix: str, names: tuple[str, ...]) -> list[Values]:
    columns = [data.getlist(f"{prefix}-{name}")[:MAX_ROWS] for name in names]
    return [dict(zip(names, (v.strip() for v in row), strict=True)) for row in zip(*columns, strict=False)]


def _is_filled(row: Values) -> bool:
    """A row counts once something is typed in it; the operator always has a value."""
    return any(value for name, value in row.items() if name != "op")


def typed_units(data: QueryDict) -> list[tuple[str, str]]:
    """The (role, name) pairs as typed, several names in one field divided."""
    found = []
    for role in ROLES:
        for words in data.getlist(f"unit-{role}"):
            found += [(role, name) for name in split_names(words)]
    return found[:MAX_UNITS]


def split_names(words: str) -> list[str]:
    """Names divided at separators outside brackets: 各县（市、区） is one."""
    names, depth, current = [], 0, ""
    for char in words:
        depth = max(0, depth + (char in "（(〔") - (char in "）)〕"))
        if char in SEPARATORS and not depth:
            names.append(current)
            current = ""
        else:
            current += char
    return [name.strip()[:120] for name in (*names, current) if name.strip()]


def retyped_units(
    proposal: Proposal, typed: list[tuple[str, str]], *, index: UnitIndex, scope_path: str
) -> list[dict[str, Any]]:
    """The units as typed: a name that stood there before keeps its match and its place in the text."""
    known = {u["name"]: u for u in proposal.units}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for role, name in typed:
        row = known.get(name) or unit_row(name, role=role, index=index, scope_path=scope_path)
        rows[role, name] = {**row, "role": role}
    return list(rows.values())


def initial_of(proposal: Proposal) -> dict[str, Any]:
    """A proposal's content as the form's start."""
    names = ("title", "requirement", "standard", "due_date", "is_open_ended", "review_date", "cadence", "version")
    return {name: getattr(proposal, name) for name in names}


class GoalForm(forms.Form):
    """An indicator of the document as a person corrects it."""

    name = forms.CharField(label=gettext_lazy("Indicator"), max_length=120)
    op = forms.ChoiceField(label=gettext_lazy("Operator"), choices=[(op, op) for op in OPERATORS])
    value = forms.DecimalField(label=gettext_lazy("Value"), max_digits=18, decimal_places=4)
    unit = forms.CharField(label=gettext_lazy("Unit of measure"), max_length=30, required=False)
    due_date = DayField(label=gettext_lazy("Due"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class SplitForm(forms.Form):
    """Where or by what to divide a proposal."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    at = forms.IntegerField(required=False)
    each = forms.ChoiceField(required=False, choices=[("", ""), ("milestone", ""), ("unit", "")])


class NameForm(forms.Form):
    """The unit or selector that a name stands for: a candidate's id, or words."""

    name = forms.CharField(max_length=120)
    candidate = forms.IntegerField(required=False)
    unit = forms.CharField(max_length=120, required=False)
    remember = forms.BooleanField(required=False)


class WithdrawForm(forms.Form):
    """Why a directive makes no tasks."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)

"""The report form: it reads what was typed and says what cannot be read; the action decides."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.shell import percent, quantity
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.orgs.rules import Access
from luoshi.progress.models import CAUSE_LABELS, ExhibitVersion, Feedback
from luoshi.progress.queries.evidence import OFFERED, list_offered
from luoshi.progress.queries.obstacles import UnknownHolder, parse_holder
from luoshi.progress.rules.hints import Hint, Report, find_hints
from luoshi.progress.rules.periods import current_period
from luoshi.progress.rules.rollup import percent_said
from luoshi.progress.rules.windows import open_periods
from luoshi.tasks.models import Milestone, Task

Holder = tuple[Unit | None, Person | None]
HOLDER_HELP = _("The task is red: a unit or a leader, also one above you. It waits on their list until they say how.")
KEPT = ("done", "problem", "cause", "next_step")  # not what was asked: it would be asked again


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked like one."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(FilesField, self).clean(one, initial) for one in data or []]


class MilestonesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Django itself gives it no parameter
    """The milestones to tick, with their dates."""

    def label_from_instance(self, obj: Milestone) -> str:
        return f"{obj.due_date.isoformat()} {obj.name}"


class AgainField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Django itself gives it no parameter
    """Evidence that the unit keeps, to be used again."""

    def label_from_instance(self, obj: ExhibitVersion) -> str:
        until = obj.exhibit.expires_date
        return f"{obj.exhibit.title}（{until.isoformat()}）" if until else obj.exhibit.title


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself gives it no parameter
    """One report, with what was reported last filled in."""

    asked_name = forms.CharField(label=_("asked of"), max_length=120, required=False)
    milestones = MilestonesField(
        Milestone.objects.none(), label=_("milestones reached"), required=False, widget=forms.CheckboxSelectMultiple
    )
    holder = forms.CharField(label=_("who can remove it"), max_length=120, required=False, help_text=HOLDER_HELP)
    evidence = FilesField(label=_("evidence"), required=False)
    again = AgainField(
        ExhibitVersion.objects.none(), label=_("evidence kept already"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Feedback
        fields = ["period", "done", "percent", "value", "problem", "cause", "ask", "next_step", "next_date"]
        widgets = {
            "period": forms.Select(),
            "done": forms.Textarea(attrs={"rows": 4}),
            "percent": forms.NumberInput(attrs={"min": 0, "max": 100, "step": "0.01", "inputmode": "decimal"}),
            "value": forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            "problem": forms.Textarea(attrs={"rows": 2}),
            "ask": forms.Textarea(attrs={"rows": 2}),
            "next_step": forms.Textarea(attrs={"rows": 2}),
            "next_date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        help_texts = {
            "done": _("What can be seen now: numbers, dates, places."),
            "percent": _("0 is a report of zero; leave it empty when it is not known."),
            "ask": _("Whoever can settle it is told at once."),
        }

    def __init__(
        self, *args: Any, task: Task, unit: Unit, access: Access, today: date, last: Feedback | None,
        asks_holder: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.access, self.last, self.task, self.today = access, last, task, today
        kwargs["initial"] = {**_initial(last, today=today), "period": current_period(task.cadence, today)}
        super().__init__(*args, **kwargs)
        self.fields["done"].required = False
        periods = open_periods(task.cadence, today)
        self.fields["period"].widget.choices = [(p, p) for p in periods]
        waiting = Milestone.objects.filter(task=task, done_date__isnull=True).order_by("due_date", "pk")
        self.fields["milestones"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["asked_name"].help_text = _("Its name, short name or unit code.")
        self.fields["evidence"].help_text = _("Optional. A number needs no photograph.")
        kept = list_offered(unit, today=today)
        again: Any = self.fields["again"]
        again.queryset, again.choices = kept, [(v.pk, again.label_from_instance(v)) for v in kept[:OFFERED]]
        self._fit_target(task)
        if not asks_holder:
            del self.fields["holder"]

    def _fit_target(self, task: Task) -> None:
        """The value is asked only where a target is set, and then it gives the percent."""
        if task.target_value is None:
            del self.fields["value"]
            return
        self.fields["value"].label = _("value reached (%(unit)s)") % {"unit": task.target_unit or "—"}
        if not task.target_op.startswith("<"):
            self.fields["percent"].help_text = _("Worked out from the value reached, when one is given.")

    def clean_asked_name(self) -> Unit | None:
        name = self.cleaned_data["asked_name"]
        if not name:
            return None
        try:
            return parse_unit(name, self.access)
        except UnknownUnit as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal

    def clean_holder(self) -> Holder | None:
        """The unit or the person in office that can remove what holds the work up."""
        name = self.cleaned_data["holder"]
        if not name:
            return None
        try:
            return parse_holder(name, self.access, today=self.today)
        except UnknownHolder as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal

    def clean(self) -> dict[str, Any]:
        """Who can remove an obstacle is named together with it."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("holder") and not (given.get("cause") and given.get("problem")):
            self.add_error("holder", _("Say the problem and its cause as well."))
        return given

    def clean_period(self) -> str:
        """Only a period that the page offered."""
        period = str(self.cleaned_data["period"])
        if period not in dict(self.fields["period"].widget.choices):
            raise forms.ValidationError(_("Choose one of the periods."))
        return period

    def hints(self) -> tuple[Hint, ...]:
        """What to look at again, as far as the form can be read."""
        given = getattr(self, "cleaned_data", {})
        report = Report(
            done=given.get("done") or "", percent=self._percent(), typed=given.get("percent"), value=given.get("value"),
            target=self._target(), problem=given.get("problem") or "",
            cause=given.get("cause") or "", ask=given.get("ask") or "",
            has_asked_unit=given.get("asked_name") is not None, next_step=given.get("next_step") or "",
        )  # fmt: skip
        last = self.last
        return find_hints(report, last_done=last.done if last else "", last_percent=last.percent if last else None)

    def figures(self) -> dict[str, str]:
        """What the hints name: the percent typed, the value and its target, and the percent that will count."""
        given, unit = getattr(self, "cleaned_data", {}), self.task.target_unit
        return {
            "typed": percent(given.get("percent")), "value": f"{quantity(given.get('value'))}{unit}",
            "target": f"{quantity(self.task.target_value)}{unit}", "counts": percent(self._percent()),
        }  # fmt: skip

    def _percent(self) -> Decimal | None:
        """The percent that will count, as far as the form can be read."""
        given, task = getattr(self, "cleaned_data", {}), self.task
        return percent_said(given.get("percent"), value=given.get("value"), op=task.target_op, target=task.target_value)

    def _target(self) -> Decimal | None:
        """The target, where it is one to be reached and not a limit to be kept."""
        return None if self.task.target_op.startswith("<") else self.task.target_value


def _initial(last: Feedback | None, *, today: date) -> dict[str, Any]:
    if last is None:
        return {}
    initial = {name: getattr(last, name) for name in KEPT}
    initial["percent"], initial["value"] = _plain(last.percent), _plain(last.value)
    if last.next_date and last.next_date >= today:
        initial["next_date"] = last.next_date
    return initial


def _plain(value: Decimal | None) -> str:
    """A quantity as one would type it."""
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".") or "0"


def cause_choices() -> list[tuple[str, Any]]:
    """The causes, for forms of higher rooms."""
    return [("", "—"), *CAUSE_LABELS.items()]

"""Forms of this room: they read what was typed and say what cannot be read; the actions decide."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.forms import DayField
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import UnknownUnit
from luoshi.orgs.rules import Access
from luoshi.tasks.actions.drafting import STEERING
from luoshi.tasks.models import (
    DUTY_LABELS,
    KIND_LABELS,
    MATTER_LABELS,
    REACHED_LABELS,
    TIER_LABELS,
    URGENCY_LABELS,
    Clock,
    Milestone,
    Task,
)
from luoshi.tasks.queries import NameReader, list_owners_for, list_sponsors_for
from luoshi.tasks.rules.cascade import Share
from luoshi.tasks.rules.clocks import COUNTED, LAST_DAY, MOST_DAYS, WINDOW, ClockFacts
from luoshi.tasks.rules.clocks import FIELDS as CLOCK_FIELDS
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.ladder import Point
from luoshi.tasks.rules.nodes import MOST_NODES, NodeFacts, Reached
from luoshi.tasks.rules.states import DutyRole

SPARE_ROWS = 3
OPERATORS = [("", "—"), (">=", "≥"), (">", ">"), ("=", "="), ("<=", "≤"), ("<", "<"), ("~", "≈")]


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself gives it no parameter
    """Everything of a task but its duties."""

    class Meta:
        model = Task
        fields = [
            "title", "requirement", "standard", "kind", "matter", "tier", "urgency", "owner", "sponsor", "asked_by",
            "start_date", "due_date", "review_date", "cadence", "cadence_day", "target_op", "target_value",
            "target_unit", "weight",
        ]  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "requirement": forms.Textarea(attrs={"rows": 4}),
            "standard": forms.Textarea(attrs={"rows": 3}),
            "target_op": forms.Select(choices=OPERATORS),
            "cadence_day": forms.NumberInput(attrs={"min": 1, "max": 31}),
        }
        field_classes = dict.fromkeys(("start_date", "due_date", "review_date"), DayField)
        help_texts = {
            "standard": gettext_lazy("What one sees when it is done: a number, a thing, a state."),
            "weight": gettext_lazy("What it counts for when progress is rolled up."),
            "matter": gettext_lazy("Where it comes from; it decides the clocks and the nodes."),
        }

    def __init__(self, *args: Any, access: Access, today: date, steering: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if steering:
            for name in set(self.fields) - set(STEERING):
                del self.fields[name]
        self.fields["matter"].required = False
        owners = list_owners_for(access)
        own = Unit.objects.filter(pk=self.instance.owner_id) if self.instance.pk else Unit.objects.none()
        for name in ("target_value", "weight"):
            value = self.initial.get(name)
            if name in self.fields and isinstance(value, Decimal):
                self.initial[name] = f"{value.normalize():f}"
        if "owner" in self.fields:
            _narrow(self.fields["owner"], (owners | own).distinct())
        _narrow(self.fields["sponsor"], list_sponsors_for(access, today=today))
        _narrow(self.fields["asked_by"], list_sponsors_for(access, today=today))
        first = owners.first()
        if first and not self.instance.pk:
            self.fields["owner"].initial = first

    def clean_matter(self) -> str:
        """A form that does not say it leaves it as it is."""
        return str(self.cleaned_data["matter"] or self.instance.matter)

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_cadence_day(self) -> int | None:
        day: int | None = self.cleaned_data["cadence_day"]
        if day is not None and not 1 <= day <= 31:
            raise forms.ValidationError(_("A day between 1 and 31."))
        return day

    def clean_weight(self) -> Decimal:
        weight: Decimal = self.cleaned_data["weight"]
        if weight < 0:
            raise forms.ValidationError(_("The weight must not be negative."))
        return weight


def _narrow(field: forms.Field, queryset: Any) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queryset


class DutyForm(forms.Form):
    """One unit's part in the task."""

    role = forms.ChoiceField(choices=list(DUTY_LABELS.items()), label=gettext_lazy("Role"))
    name = forms.CharField(required=False, max_length=120, label=gettext_lazy("Unit"))
    text = forms.CharField(
        required=False, label=gettext_lazy("Own duty"), widget=forms.Textarea(attrs={"rows": 1}), max_length=2000
    )
    due_date = DayField(required=False, label=gettext_lazy("Own due date"))

    def __init__(self, *args: Any, reader: NameReader, known: dict[str, DutyRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader, self.known = reader, known
        self.fields["name"].widget.attrs["list"] = "units"
        self.fields["role"].initial = DutyRole.CO.value

    def row(self) -> DutyRow | None:
        """The duty as typed; None for an empty line. A name that stood there before keeps its unit."""
        data = self.cleaned_data
        if not data["name"]:
            return None
        return DutyRow(**data["found"], text=data["text"], due_date=data["due_date"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name, role = (data.get("name") or "").strip(), data.get("role") or ""
        if not name:
            return data
        known = self.known.get(name)
        if known is None:
            try:
                known = self.reader.read(name, role=role)
            except UnknownUnit as unknown:
                self.add_error("name", str(unknown.sentence))
                return data
        data["found"] = {"role": role, "unit_id": known.unit_id, "name": known.name, "selector": known.selector}
        return data


class BulkForm(forms.Form):
    """What several tasks are given at once; an empty choice leaves it."""

    tier = forms.TypedChoiceField(choices=[("", "—"), *TIER_LABELS.items()], coerce=int, required=False)
    urgency = forms.TypedChoiceField(choices=[("", "—"), *URGENCY_LABELS.items()], coerce=int, required=False)
    kind = forms.ChoiceField(choices=[("", "—"), *KIND_LABELS.items()], required=False)
    matter = forms.ChoiceField(choices=[("", "—"), *MATTER_LABELS.items()], required=False)
    sponsor = forms.ModelChoiceField(queryset=Person.objects.none(), required=False, empty_label="—")

    def __init__(self, *args: Any, access: Access, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "tier": _("Tier"), "urgency": _("Urgency"), "kind": _("Rung of the ladder"), "matter": _("Kind of matter"),
            "sponsor": _("Sponsor"),
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
        _narrow(self.fields["sponsor"], list_sponsors_for(access, today=today))

    def changes(self) -> dict[str, Any]:
        """The chosen fields only."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class MilestoneForm(forms.Form):
    """One milestone of the planned path; an empty name removes it."""

    name = forms.CharField(required=False, max_length=200, label=gettext_lazy("Milestone"))
    due_date = DayField(required=False, label=gettext_lazy("By"))
    percent = forms.DecimalField(
        required=False, min_value=0, max_value=100, decimal_places=2, label=gettext_lazy("Planned %")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("name") and not data.get("due_date") and "due_date" not in self.errors:
            self.add_error("due_date", _("Set the day by which it is reached."))
        if data.get("due_date") and not data.get("name"):
            self.add_error("name", _("Name what is reached by then."))
        return data

    def point(self) -> Point | None:
        data = self.cleaned_data
        return Point(data["name"], data["due_date"], data["percent"]) if data["name"] else None


def milestone_rows(task: Task) -> list[dict[str, Any]]:
    """The task's milestones as a form shows them."""
    found: list[Milestone] = list(task.milestones.order_by("due_date", "id"))
    return [{"name": m.name, "due_date": m.due_date, "percent": m.percent} for m in found]


class ShareForm(forms.Form):
    """What one unit takes over: also of other indicators (`i7`), and period by period of the main one (`p2026-09`).

    An empty weight follows the target, an empty period the path of the whole.
    """

    target_value = forms.DecimalField(required=False, max_digits=18, decimal_places=4)
    standard = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 1}))
    due_date = DayField(required=False)
    weight = forms.DecimalField(required=False, min_value=0, max_digits=9, decimal_places=3)

    def __init__(self, *args: Any, others: Iterable[int] = (), periods: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {f"i{indicator}": indicator for indicator in others}
        self.periods = {f"p{period}": period for period in periods}
        for name in (*self.others, *self.periods):
            self.fields[name] = forms.DecimalField(required=False, max_digits=18, decimal_places=4)

    def share(self, unit: Unit) -> Share:
        data = self.cleaned_data
        return Share(
            unit.pk,
            target_value=data["target_value"],
            standard=data["standard"],
            due_date=data["due_date"],
            weight=data["weight"],
            targets={pk: data[name] for name, pk in self.others.items() if data[name] is not None},
            periods={period: data[name] for name, period in self.periods.items() if data[name] is not None},
        )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AdaptForm(forms.Form):
    """What a unit proposes instead of what was asked; a field left as it is changes nothing."""

    target_value = forms.DecimalField(
        label=gettext_lazy("Target proposed"), required=False, max_digits=18, decimal_places=4
    )
    due_date = DayField(label=gettext_lazy("Date proposed"), required=False)
    measure = forms.CharField(
        label=gettext_lazy("Measure proposed"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What is different with you: base, capacity, ground, weather; with a figure."),
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        value = task.target_value
        initial = {
            "target_value": None if value is None else f"{value.normalize():f}",
            "due_date": task.due_date,
            "measure": task.requirement,
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        if value is None:
            del self.fields["target_value"]
        else:
            self.fields["target_value"].help_text = task.target_unit


class DecideAdaptationForm(forms.Form):
    """The superior's answer."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Answer"), widget=forms.RadioSelect,
        choices=[("accept", gettext_lazy("accept: the task takes it over")), ("decline", gettext_lazy("decline"))],
    )  # fmt: skip
    standard = forms.CharField(
        label=gettext_lazy("Standard, if it is to be worded anew"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("What the unit will read"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_lazy("Needed when it is declined."),
    )  # fmt: skip


class ClockForm(forms.ModelForm):  # type: ignore[type-arg]  # Django itself gives it no parameter
    """The clocks of one kind of matter; an empty number means that no such clock runs."""

    class Meta:
        model = Clock
        fields = CLOCK_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*COUNTED, *WINDOW):
            most = LAST_DAY if name in WINDOW else MOST_DAYS
            self.fields[name].widget = forms.NumberInput(attrs={"min": int(name in WINDOW), "max": most, "size": 3})

    def clock(self) -> ClockFacts:
        """What was typed; a day of grace that is not said is none."""
        data = self.cleaned_data
        return ClockFacts(**{name: data[name] for name in CLOCK_FIELDS} | {"grace_days": data["grace_days"] or 0})


def clock_forms(clocks: Mapping[str, ClockFacts], *, data: Any = None) -> dict[str, ClockForm]:
    """One form a matter."""
    return {matter: ClockForm(data, prefix=matter, initial=asdict(clock)) for matter, clock in clocks.items()}


class NodeForm(forms.Form):
    """One node; an empty name removes it."""

    name = forms.CharField(required=False, max_length=40, label=gettext_lazy("Node"))
    reached_by = forms.ChoiceField(
        choices=list(REACHED_LABELS.items()), label=gettext_lazy("Reached by"), initial=Reached.MILESTONE.value
    )


def node_forms(nodes: Iterable[NodeFacts], *, data: Any = None) -> Any:
    """The nodes and some empty lines; the button “more lines” adds to them."""
    factory = forms.formset_factory(
        NodeForm, extra=SPARE_ROWS, max_num=MOST_NODES, absolute_max=MOST_NODES + SPARE_ROWS
    )
    if data is not None and "more" in data:
        data = data.copy()
        data["nodes-TOTAL_FORMS"] = str(int(data.get("nodes-TOTAL_FORMS", "0") or 0) + SPARE_ROWS)
    return factory(data, prefix="nodes", initial=[{"name": n.name, "reached_by": n.reached_by} for n in nodes])

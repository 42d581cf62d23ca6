"""Forms of plans, designations, limits, checklists, strata and teams."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.inspections.actions.keeping import Question
from luoshi.inspections.models import KIND_LABELS, METHOD_LABELS, Checklist, Designation, Inspection, Limits
from luoshi.inspections.rules.plans import Bounds
from luoshi.orgs.forms import AccessForm, UnitField
from luoshi.orgs.models import LEVEL_LABELS, Person, Unit
from luoshi.orgs.rules import Level, ancestor_paths

WAYS = {"formal": _("government inspection 督查"), "internal": _("internal supervision 督办 of own subordinates")}
DRAWN_LEVELS = [level for level in Level if level not in (Level.PROVINCE, Level.GROUP)]


def words(rows: int) -> forms.Textarea:
    """A text of some lines."""
    return forms.Textarea(attrs={"rows": rows})


class PlanForm(forms.Form):
    """The plan of an inspection (art. 15: content, objects, scope; arts. 11, 12)."""

    unit = forms.ModelChoiceField(label=_("inspecting unit"), queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(label=_("name of the inspection"), max_length=200)
    way = forms.ChoiceField(
        label=_("what it is"),
        choices=list(WAYS.items()),
        help_text=_("A department needs a designation of its government to inspect."),
    )
    designation = forms.ModelChoiceField(
        label=_("by which designation"),
        queryset=Designation.objects.none(),
        required=False,
        empty_label=_("own authority"),
    )
    kind = forms.ChoiceField(label=_("kind"), choices=list(KIND_LABELS.items()))
    basis = forms.CharField(
        label=_("legal basis"), widget=words(2), max_length=1000, required=False,
        help_text=_("The decision of the government or the order of its head, and the rules that are checked."),
    )  # fmt: skip
    content = forms.CharField(label=_("content"), widget=words(3), max_length=2000, required=False)
    objects_text = forms.CharField(label=_("objects"), widget=words(2), max_length=1000, required=False)
    scope = forms.CharField(label=_("scope"), widget=words(2), max_length=1000, required=False)
    methods = forms.MultipleChoiceField(
        label=_("methods"), choices=list(METHOD_LABELS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    from_date = DayField(label=_("from"), required=False)
    to_date = DayField(label=_("to"), required=False)
    checklist = forms.ModelChoiceField(
        label=_("checklist"), queryset=Checklist.objects.none(), required=False, empty_label=_("none")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], designations: Sequence[Designation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [u.pk for u in units]
        homes = {path for u in units for path in ancestor_paths(u.path or "")}
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=ids)  # type: ignore[attr-defined]
        self.fields["designation"].queryset = Designation.objects.filter(  # type: ignore[attr-defined]
            pk__in=[d.pk for d in designations]
        ).select_related("unit")
        self.fields["checklist"].queryset = Checklist.objects.filter(  # type: ignore[attr-defined]
            is_current=True, unit__path__in=homes
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("from_date"), given.get("to_date")
        if first and last and last < first:
            self.add_error("to_date", _("The last day lies before the first."))
        return given

    def fields_of_plan(self) -> dict[str, Any]:
        """What the action stores."""
        names = ("title", "kind", "basis", "content", "objects_text", "scope", "methods", "from_date", "to_date")
        formal = self.cleaned_data["way"] == "formal"
        return {
            **{name: self.cleaned_data[name] for name in names},
            "checklist": self.cleaned_data["checklist"],
            "is_formal": formal,
            "designation": self.cleaned_data["designation"] if formal else None,
        }


def initial_of(inspection: Inspection) -> dict[str, Any]:
    """A plan as its form shows it."""
    names = ("unit", "title", "designation", "kind", "basis", "content", "objects_text", "scope", "methods",
             "from_date", "to_date", "checklist", "version")  # fmt: skip
    return {name: getattr(inspection, name) for name in names} | {
        "way": "formal" if inspection.is_formal else "internal"
    }


class ApproveForm(forms.Form):
    """Yes, against a warning with its reason, or back with words."""

    opinion = forms.CharField(label=_("opinion"), widget=words(3), max_length=1000, required=False)
    despite = forms.CharField(
        label=_("why it goes ahead despite the warning"), widget=words(2), max_length=1000, required=False
    )


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("reason"), max_length=300, required=False)


class StratumForm(AccessForm):
    """Units of some levels below one, of which a number is drawn."""

    administers = False
    name = forms.CharField(label=_("stratum"), max_length=60)
    under = UnitField(label=_("units under"))
    levels = forms.MultipleChoiceField(
        label=_("levels"), choices=[(lv.value, LEVEL_LABELS[lv.value]) for lv in DRAWN_LEVELS],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    category = forms.CharField(label=_("category"), max_length=40, required=False)
    size = forms.IntegerField(label=_("how many are drawn"), min_value=1, max_value=500)


class ObjectForm(AccessForm):
    """A unit named as an object."""

    administers = False
    unit = UnitField(label=_("object"))
    reason = forms.CharField(label=_("reason"), max_length=200, required=False)


class SeedForm(forms.Form):
    """A draw: a seed of one's own, and why it is drawn again."""

    seed = forms.CharField(
        label=_("seed"), max_length=64, required=False,
        help_text=_("For instance the day's lottery number, read out before. Empty: one is made."),
    )  # fmt: skip
    why = forms.CharField(label=_("why it is drawn again"), max_length=300, required=False)
    count = forms.IntegerField(label=_("inspectors for each object"), min_value=1, max_value=20, initial=2)


class MemberForm(forms.Form):
    """Somebody for the team."""

    person = forms.ModelChoiceField(label=_("inspector"), queryset=Person.objects.none())
    is_leader = forms.BooleanField(label=_("leads the team"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class RecusalForm(AccessForm):
    """A unit that an inspector keeps away from."""

    administers = False
    inspector = forms.IntegerField(widget=forms.HiddenInput)
    unit = UnitField(label=_("keeps away from"))
    reason = forms.CharField(label=_("reason"), max_length=200)


class DesignationForm(AccessForm):
    """A department designated: decision, matters, scope, days (art. 7)."""

    administers = False
    unit = UnitField(label=_("department"))
    basis = forms.CharField(label=_("decision that designates it"), max_length=200)
    matter = forms.CharField(label=_("matters"), max_length=300)
    scope = forms.CharField(label=_("scope and duties"), max_length=300)
    from_date = DayField(label=_("from"))
    to_date = DayField(label=_("to"))


class LimitsForm(forms.ModelForm):  # type: ignore[type-arg]
    """The limits of a government or company."""

    class Meta:
        model = Limits
        fields = list(Bounds.__dataclass_fields__)

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def bounds(self) -> Bounds:
        """The limits as the rules read them."""
        return Bounds(**{name: self.cleaned_data[name] for name in Bounds.__dataclass_fields__})


class ChecklistForm(forms.Form):
    """A checklist: one question a line, its rule behind a bar."""

    name = forms.CharField(label=_("checklist"), max_length=120)
    lines = forms.CharField(
        label=_("questions"), widget=words(8), max_length=10000,
        help_text=_("One question a line, its rule behind a bar: Is there a patrol record? | Plan, art. 4"),
    )  # fmt: skip

    def questions(self) -> list[Question]:
        """The questions of the lines."""
        found = []
        for line in self.cleaned_data["lines"].splitlines():
            question, _bar, rule = line.partition("|")
            if question.strip():
                found.append(Question(question.strip()[:300], rule=rule.strip()[:200]))
        return found


class DueForm(forms.Form):
    """A look-back: what was seen."""

    holds = forms.TypedChoiceField(
        label=_("what it showed"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("still put right")), ("no", _("came back: reopen the task"))],
    )  # fmt: skip
    seen = forms.CharField(label=_("what was seen"), widget=words(3), max_length=2000)
    due_date = DayField(label=_("put right by"), required=False)


def this_year(day: date) -> tuple[date, date]:
    """The first and last day of a day's year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)

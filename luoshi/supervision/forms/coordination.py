"""Forms of asking for a decision, of standing still, and of changing hands."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.queries import UnknownUnit, parse_unit
from luoshi.orgs.rules import Access
from luoshi.supervision.forms.checking import words
from luoshi.supervision.rules.changing import Kind
from luoshi.tasks.rules.cascade import PastedLine, read_pasted

UNIT_HELP = _("Its name, short name or unit code.")


class UnitField(forms.CharField):
    """A unit that is typed: its name, short name or code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 120, "required": False, "help_text": UNIT_HELP, **kwargs})

    def read(self, text: str, access: Access) -> Unit | None:
        """The unit meant. Raises ValidationError."""
        if not text:
            return None
        try:
            return parse_unit(text, access)
        except UnknownUnit as refusal:
            raise forms.ValidationError(str(refusal.sentence)) from refusal


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django itself gives it no parameter
    """A leader to choose, by name and post."""

    titles: dict[int, str] = {}

    def label_from_instance(self, obj: Person) -> str:
        return " ".join(filter(None, [obj.name, self.titles.get(obj.pk, "")]))


class PartyForm(forms.Form):
    """Who is asked: a unit that is typed, or a leader that is chosen."""

    unit_name = UnitField(label=_("unit asked"))
    person = PersonField(Person.objects.none(), label=_("or a leader"), required=False)

    def __init__(self, *args: Any, access: Access, leaders: Iterable[tuple[Person, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        found = list(leaders)
        field = self.fields["person"]
        assert isinstance(field, PersonField)
        field.titles = {person.pk: title for person, title in found}
        field.queryset = Person.objects.filter(pk__in=field.titles).order_by("pk")

    def clean_unit_name(self) -> Unit | None:
        field = self.fields["unit_name"]
        assert isinstance(field, UnitField)
        return field.read(self.cleaned_data["unit_name"], self.access)


class AskForm(PartyForm):
    """A request for a decision."""

    question = forms.CharField(
        label=_("what is to be decided"), widget=words(3), max_length=2000,
        help_text=_("One sentence that can be answered: yes or no, which of two, how much."),
    )  # fmt: skip
    tried = forms.CharField(label=_("what was tried already"), widget=words(2), max_length=2000, required=False)
    needed_date = DayField(label=_("needed by"), required=False)
    wants_pause = forms.BooleanField(label=_("Our clock should stand still meanwhile"), required=False)
    field_order = ["question", "unit_name", "person", "needed_date", "tried", "wants_pause"]


class AnswerForm(forms.Form):
    """The decision."""

    answer = forms.CharField(label=_("answer"), widget=words(4), max_length=3000)


class PassForm(PartyForm):
    """Whom the question belongs to."""

    reason = forms.CharField(label=_("why it belongs to them"), widget=words(2), max_length=1000)
    field_order = ["unit_name", "person", "reason"]


class SuspendForm(forms.Form):
    """Why the work stops, and until when at most."""

    reason = forms.CharField(label=_("reason"), widget=words(3), max_length=2000)
    until_date = DayField(label=_("until at most"))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("reason"), widget=words(3), max_length=2000)


class PauseForm(forms.Form):
    """The answer to a request that a clock stand still."""

    decision = forms.ChoiceField(
        label=_("decision"), widget=forms.RadioSelect, choices=[("approved", _("approve")), ("refused", _("refuse"))]
    )
    until_date = DayField(label=_("until at most"), required=False)
    opinion = forms.CharField(label=_("opinion"), widget=words(3), max_length=2000, required=False)

    def __init__(self, *args: Any, until: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["until_date"] = until


class VerdictForm(forms.Form):
    """Yes or no, with an opinion."""

    decision = forms.ChoiceField(
        label=_("decision"), widget=forms.RadioSelect, choices=[("approved", _("agree")), ("refused", _("refuse"))]
    )
    opinion = forms.CharField(label=_("opinion"), widget=words(3), max_length=2000, required=False)


class ChangeForm(forms.Form):
    """A change of hands: which, to whom, into what, or in which parts, and why."""

    kind = forms.ChoiceField(
        label=_("what is to happen"), widget=forms.RadioSelect,
        choices=[
            (Kind.TRANSFER.value, _("another unit takes it over")),
            (Kind.SPLIT.value, _("it is split among several units")),
            (Kind.MERGE.value, _("it goes into another task")),
        ],
    )  # fmt: skip
    unit_name = UnitField(label=_("unit that takes it over"))
    parts = forms.CharField(
        label=_("parts"), widget=words(4), max_length=8000, required=False,
        help_text=_("For a split, one line a unit: name, target and date, apart by tabs, as copied from a table."),
    )  # fmt: skip
    into = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("reason"), widget=words(3), max_length=2000)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access

    def clean_unit_name(self) -> Unit | None:
        field = self.fields["unit_name"]
        assert isinstance(field, UnitField)
        return field.read(self.cleaned_data["unit_name"], self.access)

    def clean_parts(self) -> list[tuple[Unit, PastedLine]]:
        """Each line with its unit."""
        field = UnitField()
        found = []
        for line in read_pasted(self.cleaned_data["parts"]):
            unit = field.read(line.name, self.access)
            if unit is not None:
                found.append((unit, line))
        return found

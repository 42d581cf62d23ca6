"""Forms of a stocktake: its head, and what is decided."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.orgs.models import Person, Unit
from luoshi.orgs.rules import Access
from luoshi.supervision.forms.checking import words
from luoshi.supervision.forms.coordination import PersonField, UnitField
from luoshi.supervision.models import RULING_LABELS, Coordination


class StocktakeForm(forms.Form):
    """Whose stocktake, when, and who leads it; all of it is filled in already."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("government or company"), empty_label=None)
    title = forms.CharField(label=_("title"), max_length=120)
    date = DayField(label=_("day"))
    leader = PersonField(Person.objects.none(), label=_("led by"), required=False)

    def __init__(self, *args: Any, units: Iterable[Unit], leaders: Iterable[tuple[Person, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, leader = self.fields["unit"], self.fields["leader"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(leader, PersonField)
        unit.queryset = Unit.objects.filter(pk__in=[u.pk for u in units]).order_by("path")
        leader.titles = {person.pk: title for person, title in leaders}
        leader.queryset = Person.objects.filter(pk__in=leader.titles).order_by("pk")


class RulingForm(forms.Form):
    """One decision: what it is, in words, and for a task who carries it out by when."""

    kind = forms.ChoiceField(label=_("it"), choices=list(RULING_LABELS.items()))
    text = forms.CharField(label=_("what is ruled"), widget=words(3), max_length=3000)
    unit_name = UnitField(label=_("carried out by"))
    due_date = DayField(label=_("due"), required=False)
    coordination = forms.ModelChoiceField(
        Coordination.objects.none(), label=_("question decided"), required=False, empty_label="—"
    )
    about = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, access: Access, questions: Iterable[Coordination] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        field = self.fields["coordination"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Coordination.objects.filter(pk__in=[q.pk for q in questions]).order_by("needed_date", "pk")

    def clean_unit_name(self) -> Unit | None:
        field = self.fields["unit_name"]
        assert isinstance(field, UnitField)
        return field.read(self.cleaned_data["unit_name"], self.access)

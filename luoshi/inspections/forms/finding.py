"""Forms of findings, conclusions, objections and reviews."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.inspections.actions.concluding import Advice
from luoshi.inspections.forms.planning import words
from luoshi.inspections.models import ADVICE_LABELS, RULING_LABELS, SEVERITY_LABELS, Advised, Conclusion, Finding
from luoshi.inspections.queries.reading import Earlier

ADVICES = 3


class FindingForm(forms.Form):
    """Fact, rule, evidence, what is asked, by when."""

    fact = forms.CharField(
        label=_("fact"), widget=words(3), max_length=2000, help_text=_("What was seen where, with its number.")
    )
    rule = forms.CharField(label=_("rule violated"), max_length=300)
    evidence = forms.CharField(label=_("evidence"), widget=words(2), max_length=2000, required=False)
    severity = forms.ChoiceField(label=_("gravity"), choices=list(SEVERITY_LABELS.items()), initial="general")
    requirement = forms.CharField(label=_("what is to be put right"), widget=words(3), max_length=2000)
    due_date = DayField(label=_("put right by"))
    recurrence_of = forms.TypedChoiceField(
        label=_("came back from"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, earlier: Sequence[Earlier] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (e.finding.pk, f"{e.finding.object.inspection.code} · {e.finding.fact[:60]} ({e.percent}%)")
            for e in earlier
        ]
        self.fields["recurrence_of"].choices = [("", _("a new problem")), *choices]  # type: ignore[attr-defined]
        self.has_earlier = bool(choices)

    def finding_fields(self, earlier: Sequence[Earlier]) -> dict[str, Any]:
        """What the action stores; the earlier finding only among those offered."""
        given = {k: v for k, v in self.cleaned_data.items() if k not in ("version", "recurrence_of")}
        known: dict[int, Finding] = {e.finding.pk: e.finding for e in earlier}
        return given | {"recurrence_of": known.get(self.cleaned_data["recurrence_of"])}


class ConclusionForm(forms.Form):
    """Facts, evidence, what follows, and what is only proposed (art. 21)."""

    facts = forms.CharField(label=_("facts"), widget=words(5), max_length=5000)
    evidence = forms.CharField(label=_("evidence"), widget=words(3), max_length=3000, required=False)
    conclusion = forms.CharField(label=_("conclusion"), widget=words(5), max_length=5000)
    edits = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, ADVICES + 1):
            self.fields[f"kind{n}"] = forms.ChoiceField(
                label=_("proposal"), choices=[("", "—"), *ADVICE_LABELS.items()], required=False
            )
            self.fields[f"whom{n}"] = forms.CharField(label=_("whom"), max_length=120, required=False)
            self.fields[f"reason{n}"] = forms.CharField(label=_("reason"), max_length=300, required=False)

    def rows(self) -> list[list[Any]]:
        """The fields of each proposal, side by side."""
        return [[self[f"{name}{n}"] for name in ("kind", "whom", "reason")] for n in range(1, ADVICES + 1)]

    def advice(self) -> list[Advice]:
        """The proposals that name somebody."""
        given = [
            [self.cleaned_data[f"{name}{n}"] for name in ("kind", "whom", "reason")] for n in range(1, ADVICES + 1)
        ]
        return [Advice(kind, whom, reason) for kind, whom, reason in given if kind and whom]


class DecidedForm(forms.Form):
    """What was decided elsewhere on a proposal."""

    is_adopted = forms.TypedChoiceField(
        label=_("decision"), choices=[("yes", _("adopted")), ("no", _("not adopted"))], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    body = forms.CharField(
        label=_("who decided it"),
        max_length=120,
        help_text=_("The body or the person that decided, not who records it."),
    )
    decided_date = DayField(label=_("decided on"))
    number = forms.CharField(label=_("number of the paper"), max_length=60, required=False)
    words = forms.CharField(
        label=_("what was decided"), widget=words(3), max_length=500, required=False,
        help_text=_("What is not adopted says why."),
    )  # fmt: skip


class ReceiveForm(forms.Form):
    """A delivery by the inspecting side; the object only signs."""

    received_date = DayField(label=_("received"), required=False)
    delivery = forms.CharField(label=_("how it was delivered"), max_length=200, required=False)


class ObjectionForm(forms.Form):
    """What the object does not agree with."""

    reason = forms.CharField(label=_("what is objected to, and why"), widget=words(6), max_length=5000)
    evidence = forms.CharField(label=_("evidence"), widget=words(3), max_length=3000, required=False)


class ReviewForm(forms.Form):
    """The decision on an objection."""

    ruling = forms.ChoiceField(
        label=_("decision of the review"), choices=list(RULING_LABELS.items()), widget=forms.RadioSelect
    )
    grounds = forms.CharField(label=_("grounds"), widget=words(4), max_length=5000)
    facts = forms.CharField(label=_("facts as changed"), widget=words(4), max_length=5000, required=False)
    conclusion = forms.CharField(label=_("conclusion as changed"), widget=words(4), max_length=5000, required=False)
    advice = forms.ModelMultipleChoiceField(
        Advised.objects.none(), label=_("proposals that still stand if it is changed"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, held: Conclusion, **options: Any) -> None:
        proposals = held.advice.all()
        super().__init__(*args, **options)
        self.initial = {"facts": held.facts, "conclusion": held.conclusion, "advice": proposals}
        cast("forms.ModelMultipleChoiceField[Advised]", self.fields["advice"]).queryset = proposals
        if not proposals:
            del self.fields["advice"]

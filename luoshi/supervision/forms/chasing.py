"""Forms of chasing: approvals, ladders step by step, calls by hand, what a leader in charge did."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.forms import DayField
from luoshi.orgs.models import Unit
from luoshi.supervision.forms.checking import words
from luoshi.supervision.models import (
    APPROVER_LABELS,
    CONTACT_LABELS,
    INSTRUMENT_LABELS,
    SPONSOR_ACT_LABELS,
    TRIGGER_LABELS,
)
from luoshi.supervision.rules.chasing import LadderFacts, RungFacts, Told
from luoshi.supervision.rules.ladders import MOST_DAYS, MOST_LEVELS, MOST_RUNGS
from luoshi.tasks.models import MATTER_LABELS, URGENCY_LABELS, Task

TOLD_LABELS = {
    Told.HANDLER.value: _("handler"),
    Told.HEAD.value: _("head of the unit"),
    Told.SPONSOR.value: _("leader in charge"),
    Told.OFFICE.value: _("supervision office"),
}
PRESET_LABELS = {
    "county": _("county: reminder, chasing note, letter, listing, talk, circular"),
    "sanming": _("Sanming: blue, orange, red sheet"),
    "suqian": _("Suqian: blue when near, yellow when behind, red when overdue"),
    "guangyuan": _("Guangyuan: yellow card, letter at the second, talk at red"),
    "enterprise": _("enterprise: fewer steps, shorter days"),
}


class ApproveForm(forms.Form):
    """One answer for the chosen steps."""

    decision = forms.ChoiceField(
        label=_("decision"), widget=forms.RadioSelect, initial="send",
        choices=[
            ("send", _("send, and issue its paper")), ("hold", _("send, and leave its paper to the office as a draft")),
            ("refuse", _("do not send")),
        ],
    )  # fmt: skip
    new_limit = DayField(label=_("to be done by"), required=False, help_text=_("Grace runs from this day on."))
    opinion = forms.CharField(
        label=_("opinion"), widget=words(2), max_length=1000, required=False,
        help_text=_("Who does not send it says why."),
    )  # fmt: skip


class ContactForm(forms.Form):
    """A call, letter, visit or meeting."""

    unit = forms.ModelChoiceField(label=_("unit"), queryset=Unit.objects.none())
    method = forms.ChoiceField(label=_("how"), choices=list(CONTACT_LABELS.items()))
    answered_by = forms.CharField(label=_("who answered"), max_length=60)
    matter = forms.CharField(label=_("what was asked"), widget=words(2), max_length=1000)
    reply = forms.CharField(label=_("reply"), widget=words(3), max_length=2000, required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doing = Unit.objects.filter(duties__task=task, duties__role__in=["lead", "joint", "co"]).distinct()
        self.fields["unit"].queryset = doing  # type: ignore[attr-defined]
        if len(found := list(doing[:2])) == 1:
            self.initial["unit"] = found[0]


class SponsorActForm(forms.Form):
    """What the leader in charge did, in one line."""

    kind = forms.ChoiceField(label=_("what was done"), choices=list(SPONSOR_ACT_LABELS.items()))
    date = DayField(label=_("day"))
    note = forms.CharField(label=_("in one line"), max_length=200)


class LadderForm(forms.Form):
    """The ladder as a whole; its steps are RungForms."""

    name = forms.CharField(label=_("name"), max_length=60)
    matter = forms.ChoiceField(
        label=_("kind of matter"), required=False, choices=[("", _("all kinds")), *MATTER_LABELS.items()]
    )
    is_active = forms.BooleanField(label=_("in use"), required=False)
    quiet_days = forms.IntegerField(
        label=_("working days left in peace after action"), min_value=0, max_value=MOST_DAYS
    )
    recurs_days = forms.IntegerField(
        label=_("days within which a new chase starts one step higher"), min_value=0, max_value=MOST_DAYS
    )


class RungForm(forms.Form):
    """One step; without an instrument the line is empty."""

    instrument = forms.ChoiceField(
        label=_("instrument"), required=False, choices=[("", "—"), *INSTRUMENT_LABELS.items()]
    )
    days = forms.IntegerField(label=_("days"), required=False, min_value=0, max_value=MOST_DAYS)
    trigger = forms.ChoiceField(label=_("when"), required=False, choices=list(TRIGGER_LABELS.items()))
    grace = forms.IntegerField(label=_("or after days of silence"), required=False, min_value=0, max_value=MOST_DAYS)
    in_workdays = forms.BooleanField(label=_("working days"), required=False)
    tells = forms.MultipleChoiceField(
        label=_("who is told"), required=False, choices=list(TOLD_LABELS.items()), widget=forms.CheckboxSelectMultiple
    )
    levels_up = forms.IntegerField(label=_("levels up"), required=False, min_value=0, max_value=MOST_LEVELS)
    approver = forms.ChoiceField(label=_("approved by"), required=False, choices=list(APPROVER_LABELS.items()))
    starts_urgency = forms.TypedChoiceField(
        label=_("starts here when"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *list(URGENCY_LABELS.items())[:2]],
    )  # fmt: skip

    def read(self, number: int) -> RungFacts | None:
        """The step as typed; None for an empty line."""
        given = self.cleaned_data
        if not given["instrument"]:
            return None
        return RungFacts(
            number, given["instrument"], given["trigger"], given["days"] or 0, given["grace"], given["in_workdays"],
            tuple(given["tells"]), given["levels_up"] or 0, given["approver"], given["starts_urgency"],
        )  # fmt: skip


RungFormSet = forms.formset_factory(RungForm, extra=0, max_num=MOST_RUNGS, validate_max=True)


def rungs_of(facts: LadderFacts) -> list[dict[str, Any]]:
    """The steps as the lines of the form show them, with two empty ones."""
    lines: list[dict[str, Any]] = [
        {
            "instrument": r.instrument, "trigger": r.trigger, "days": r.days, "grace": r.grace,
            "in_workdays": r.in_workdays, "tells": list(r.tells), "levels_up": r.levels_up, "approver": r.approver,
            "starts_urgency": r.starts_urgency,
        }
        for r in facts.rungs
    ]  # fmt: skip
    return [*lines, *({"in_workdays": True} for _n in range(2))][:MOST_RUNGS]

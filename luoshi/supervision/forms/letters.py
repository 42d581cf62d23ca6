"""The form that begins a letter: which kind, in whose name, about one task, one paper or a span of days."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.forms import DayField
from luoshi.directives.models import Directive
from luoshi.letters.models import KIND_LABELS
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access
from luoshi.supervision.queries.circulars import MANY_KINDS
from luoshi.supervision.queries.papers import TASK_KINDS

MOST_PAPERS = 200


class LetterAboutTask(forms.Form):
    """A kind of letter about one task, and the unit that writes it."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of letter"), choices=[(k, KIND_LABELS[k]) for k in TASK_KINDS])
    unit = forms.TypedChoiceField(label=gettext_lazy("In the name of"), coerce=int)

    def __init__(self, *given: Any, units: Sequence[Unit], **more: Any) -> None:
        super().__init__(*given, **more)
        _offer(self, units)


class LetterAboutMany(forms.Form):
    """A circular or report over what a unit asks in a span of days, or over what one paper asks."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of letter"), choices=[(k, KIND_LABELS[k]) for k in MANY_KINDS])
    unit = forms.TypedChoiceField(label=gettext_lazy("In the name of"), coerce=int)
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    directive = forms.ModelChoiceField(
        label=gettext_lazy("Only what this paper asks"), queryset=Directive.objects.none(), required=False,
        empty_label=gettext_lazy("everything that the unit and those below it ask"),
    )  # fmt: skip

    def __init__(self, *given: Any, units: Sequence[Unit], access: Access, today: date, **more: Any) -> None:
        super().__init__(*given, **more)
        _offer(self, units)
        seen = Directive.objects.visible_to(access).filter(state="confirmed")
        newest = list(seen.order_by("-created_at").values_list("pk", flat=True)[:MOST_PAPERS])
        self.fields["directive"].queryset = Directive.objects.filter(pk__in=newest)  # type: ignore[attr-defined]
        self.initial = {"first": today.replace(day=1), "last": today, **self.initial}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("first") and given.get("last") and given["first"] > given["last"]:
            self.add_error("last", _("The last day comes before the first."))
        if given.get("kind") == "minutes" and not given.get("directive") and not self.errors:
            self.add_error("directive", _("Choose the minutes whose decisions are reported on."))
        return given


def _offer(form: forms.Form, units: Sequence[Unit]) -> None:
    form.fields["unit"].choices = [(unit.pk, str(unit)) for unit in units]  # type: ignore[attr-defined]

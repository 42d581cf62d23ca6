"""Forms of obstacles and of the table of lights: they read what was typed; the actions decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.core.policy import Policy
from luoshi.progress.actions.tables import TableGiven
from luoshi.progress.models import CAUSE_LABELS
from luoshi.progress.queries.lights import COLOUR_WORDS, LIGHT_WORDS
from luoshi.progress.queries.tables import PALETTE_NAMES, PALETTE_NOTES, THRESHOLDS
from luoshi.progress.rules.palettes import LINES, PALETTES, WORST_FIRST, palette_of

HOLDER_HELP = _("A unit or a leader, also one above you: its name, short name or unit code, or the person's name.")


class ObstacleForm(forms.Form):
    """What holds a task up, and who can remove it."""

    cause = forms.ChoiceField(label=_("cause"), choices=[("", "—"), *CAUSE_LABELS.items()])
    note = forms.CharField(label=_("what holds it up"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    holder = forms.CharField(label=_("who can remove it"), max_length=120, help_text=HOLDER_HELP)


class ClearForm(forms.Form):
    """How an obstacle was removed."""

    how = forms.CharField(
        label=_("how it was removed"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=_("Whoever named it is told."),
    )  # fmt: skip


NUMBER_LABELS = {
    "near_due_days": (_("near from so many days before its date"), 0, 60),
    "behind_yellow": (_("behind from so many points below the path"), 0, 100),
    "behind_red": (_("far behind beyond so many points"), 0, 100),
    "coverage_percent": (_("few reported below so many percent of the parts"), 0, 100),
    "returns_in_doubt": (_("in doubt from so many returns (0: never)"), 0, 20),
    "mismatches_in_doubt": (_("in doubt from so many checks that found otherwise (0: never)"), 0, 20),
    "mismatch_healing": (_("each check that agrees takes so many of those off (0: none)"), 0, 20),
    "hollow_in_doubt": (_("in doubt from so many reports in a row that say little (0: never)"), 0, 20),
    "forecast_days": (_("a forecast looks back so many days"), 14, 366),
}


class TableForm(forms.Form):
    """The table of lights: palette, each line's colour, thresholds, and what a caught-up month shows."""

    palette = forms.ChoiceField(label=_("palette"), choices=[(name, name) for name in PALETTES])
    caught_up = forms.ChoiceField(
        label=_("a red month that was caught up shows"),
        choices=[(colour, COLOUR_WORDS[colour]) for colour in ("yellow", "red")],
    )
    reason = forms.CharField(label=_("why"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["palette"].choices = [(n, f"{PALETTE_NAMES[n]} · {PALETTE_NOTES[n]}") for n in PALETTES]  # type: ignore[attr-defined]
        shown = [(colour.value, COLOUR_WORDS[colour]) for colour in WORST_FIRST]
        for line in LINES:
            self.fields[f"line_{line.value}"] = forms.ChoiceField(label=str(LIGHT_WORDS[line]), choices=shown)
        for name in THRESHOLDS:
            label, least, most = NUMBER_LABELS[name]
            self.fields[name] = forms.IntegerField(label=label, min_value=least, max_value=most)

    def given(self) -> TableGiven:
        """The table as filled in."""
        data = self.cleaned_data
        colours = {line.value: data[f"line_{line.value}"] for line in LINES}
        return TableGiven(data["palette"], colours, {name: data[name] for name in THRESHOLDS}, data["caught_up"])

    def lines(self) -> Iterable[tuple[str, Any]]:
        """The lines of the table in order: the condition and its field."""
        return [(line.value, self[f"line_{line.value}"]) for line in LINES]

    def numbers(self) -> list[Any]:
        """The fields of the thresholds."""
        return [self[name] for name in THRESHOLDS]


def table_initial(policy: Policy, *, base: int) -> dict[str, Any]:
    """A policy's table as the form shows it."""
    palette = palette_of(policy.palette, policy.light_lines)
    lines = {f"line_{line.value}": palette[line].value for line in LINES}
    numbers = {name: getattr(policy, name) for name in THRESHOLDS}
    return {"palette": policy.palette, "caught_up": policy.caught_up, "base": base, **lines, **numbers}

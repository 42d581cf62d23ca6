"""What a person wishes to hear, and the robots of a unit."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luoshi.notices.models import CHANNEL_LABELS, GROUP_LABELS, HOW_LABELS, Robot
from luoshi.notices.rules.kinds import ROBOTS, How
from luoshi.orgs.models import Unit

HOURS = [time(hour, minute) for hour in range(6, 22) for minute in (0, 30)]
ROBOT_FIELDS = ("name", "channel", "address", "secret", "tells_digest", "tells_urgent", "may_disturb")


def _clock() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class WishForm(forms.Form):
    """All that one person wishes, on one page."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=120, required=False,
        help_text=_("Without an address nothing leaves this site for you: everything stays under Notices."),
    )  # fmt: skip
    digest_at = forms.TypedChoiceField(
        label=_("Time of the digest"), required=False, empty_value=None, coerce=time.fromisoformat,
        help_text=_("One letter on working days; none when there is nothing to say."),
    )  # fmt: skip
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=_clock())
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=_clock(),
        help_text=_("In these hours and on days off nothing is sent. Empty: as on the whole site."),
    )  # fmt: skip
    wants_urgent = forms.BooleanField(label=_("Send me urgent messages in quiet hours too"), required=False)
    language = forms.ChoiceField(label=_("Language of messages"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = settings.NOTICES["DIGEST_AT"]
        hours = self.fields["digest_at"]
        assert isinstance(hours, forms.ChoiceField)
        usual = _("%(time)s, as on the whole site") % {"time": site.strftime("%H:%M")}
        hours.choices = [("", usual), *((hour.isoformat("minutes"), hour.strftime("%H:%M")) for hour in HOURS)]
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("as on the whole site")), *settings.LANGUAGES]
        for group, label in GROUP_LABELS.items():
            self.fields[f"how_{group}"] = forms.ChoiceField(
                label=label, choices=list(HOW_LABELS.items()), initial=How.DIGEST.value
            )

    def how_fields(self) -> Iterator[forms.BoundField]:
        """One choice for each group."""
        return (self[f"how_{group}"] for group in GROUP_LABELS)

    def groups(self) -> dict[str, str]:
        """How each group was chosen to be told."""
        return {group: self.cleaned_data[f"how_{group}"] for group in GROUP_LABELS}


class RobotForm(forms.Form):
    """A robot of a group chat, or a webhook."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), label=_("Unit"), required=False)
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as: group of the office."))
    channel = forms.ChoiceField(
        label=_("Kind"), choices=[(c.value, CHANNEL_LABELS[c.value]) for c in ROBOTS], initial=ROBOTS[0].value
    )
    address = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text=_("The webhook address that the group chat shows when a robot is added."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Signing secret"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("DingTalk: begins with SEC. Feishu: signature check. WeCom has none."),
    )  # fmt: skip
    tells_digest = forms.BooleanField(label=_("The day's digest"), required=False, initial=True)
    tells_urgent = forms.BooleanField(label=_("Urgent messages at once"), required=False, initial=True)
    may_disturb = forms.BooleanField(label=_("Urgent messages also in quiet hours and on days off"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(
        self, *args: Any, units: QuerySet[Unit] | None = None, robot: Robot | None = None, of_site: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        if units is not None:
            unit.queryset = units
            unit.required = not of_site
            unit.empty_label = _("the whole site") if of_site else None
        else:
            del self.fields["unit"]
        if robot is not None:  # what is kept is not shown again; left empty it stays
            self.fields["address"].required = False
            self.fields["address"].help_text = _("Leave empty to keep the address that is stored.")
            self.fields["secret"].help_text = _("Leave empty to keep the secret that is stored.")

    def fields_given(self) -> dict[str, Any]:
        """What is to be stored; an address or secret that was left empty is left as it is."""
        given = {name: self.cleaned_data[name] for name in ROBOT_FIELDS}
        return {name: value for name, value in given.items() if name not in ("address", "secret") or value}


class StepForm(forms.Form):
    """What to do with a robot."""

    do = forms.ChoiceField(choices=[(step, step) for step in ("mute", "unmute", "remove", "test")])
    version = forms.IntegerField(min_value=0)

"""Forms of organisation and sign-in."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from luoshi.core.errors import Refusal
from luoshi.core.forms import DayField
from luoshi.core.sealing import seal, unseal
from luoshi.orgs.actions import PostDraft, UnitDraft
from luoshi.orgs.models import LEVEL_LABELS, ROLE_LABELS, Person, Sheet, Unit
from luoshi.orgs.queries import has_units, list_people, parse_unit
from luoshi.orgs.rules import Access, may_administer
from luoshi.orgs.rules.sheets.cells import CODE

OLDEST = date(1900, 1, 1)  # units and posts may be older than the work

valid_code = RegexValidator(
    re.compile(rf"^{CODE.pattern}\Z"), _("Use letters, digits, dots, dashes and underscores only.")
)


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the organisation, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the signature is allauth's
        return False


class SealingMfa(DefaultMFAAdapter):  # type: ignore[misc]
    """The keys of the second factor are sealed in the database; those from before are read as they are."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)


class UnitField(forms.CharField):
    """A unit by any of its names or its code; becomes the Unit once the form knows who asks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "max_length": 120,
                "widget": forms.TextInput(attrs={"list": "unit-names", "autocomplete": "off"}),
                "help_text": _("Official name, short name or unit code."),
                **kwargs,
            }
        )


class AccessForm(forms.Form):
    """A form that knows who fills it in, so that units typed in it are those the person may see."""

    administers = True  # the units named must be ones that the person administers

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        self.access = access
        super().__init__(*args, **kwargs)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, field in self.fields.items():
            if isinstance(field, UnitField) and self.cleaned_data.get(name):
                self._resolve(name)

    def _resolve(self, name: str) -> None:
        try:
            unit = parse_unit(self.cleaned_data[name], self.access)
        except Refusal as refusal:
            self.add_error(name, str(refusal.sentence))
            return
        if self.administers and not may_administer(self.access, unit.path or ""):
            self.add_error(name, _("You do not administer this unit. Ask the office above it."))
        else:
            self.cleaned_data[name] = unit


def _names(text: str) -> tuple[str, ...]:
    found = [name.strip() for name in re.split(r"[;；、\n]", text) if name.strip()]
    if any(len(name) > 120 for name in found):
        raise forms.ValidationError(_("A name has at most 120 characters."))
    return tuple(dict.fromkeys(found))


class UnitForm(AccessForm):
    """A new unit below one that the person administers; an administrator's first unit stands below none."""

    parent = UnitField(label=_("Superior unit"))
    code = forms.CharField(label=_("Unit code"), max_length=40, validators=[valid_code])
    name = forms.CharField(label=_("Official name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    aliases = forms.CharField(
        label=_("Aliases"),
        max_length=600,
        required=False,
        help_text=_("Other names papers use, separated by semicolons."),
    )
    level = forms.ChoiceField(label=_("Level"), choices=list(LEVEL_LABELS.items()))
    category = forms.CharField(
        label=_("Category"), max_length=40, required=False, help_text=_("For comparing like with like.")
    )
    valid_from = DayField(label=_("Valid from"), since=OLDEST)

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, access=access, **kwargs)
        if access.admin and not has_units():
            del self.fields["parent"]

    def clean_aliases(self) -> tuple[str, ...]:
        return _names(self.cleaned_data["aliases"])

    def draft(self) -> UnitDraft:
        return UnitDraft(**{"parent": None, **self.cleaned_data})


class UnitFactsForm(forms.Form):
    """What of a unit has no history."""

    level = forms.ChoiceField(label=_("Level"), choices=list(LEVEL_LABELS.items()))
    category = forms.CharField(
        label=_("Category"), max_length=40, required=False, help_text=_("For comparing like with like.")
    )
    sort = forms.IntegerField(label=_("Order"), min_value=0, max_value=999_999_999)


class RenameForm(forms.Form):
    """New names from a day on."""

    name = forms.CharField(label=_("Official name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=60, required=False)
    aliases = forms.CharField(
        label=_("Aliases"),
        max_length=600,
        required=False,
        help_text=_("Other names papers use, separated by semicolons."),
    )
    on = DayField(
        label=_("Takes effect on"),
        since=OLDEST,
        help_text=_("The former names stay in the history up to the day before."),
    )

    def clean_aliases(self) -> tuple[str, ...]:
        return _names(self.cleaned_data["aliases"])


class MoveForm(AccessForm):
    """Another superior unit."""

    parent = UnitField(label=_("New superior unit"))


class MergeForm(AccessForm):
    """The unit that takes this one over."""

    into = UnitField(label=_("Merge into"))
    on = DayField(label=_("Takes effect on"), since=OLDEST)


class SplitForm(forms.Form):
    """Up to two units at once that come out of one."""

    code_1 = forms.CharField(label=_("Code of the first new unit"), max_length=40, validators=[valid_code])
    name_1 = forms.CharField(label=_("Name of the first new unit"), max_length=120)
    code_2 = forms.CharField(
        label=_("Code of the second new unit"), max_length=40, validators=[valid_code], required=False
    )
    name_2 = forms.CharField(label=_("Name of the second new unit"), max_length=120, required=False)
    keep = forms.BooleanField(label=_("The old unit goes on beside them"), required=False)
    on = DayField(label=_("Takes effect on"), since=OLDEST)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if bool(data.get("code_2")) != bool(data.get("name_2")):
            self.add_error("name_2", _("Give both the code and the name of the second unit, or neither."))
        if data.get("code_2") and data["code_2"] == data.get("code_1"):
            self.add_error("code_2", _("The two units need different codes."))
        return data

    def drafts(self, unit: Unit) -> list[UnitDraft]:
        data = self.cleaned_data
        return [
            UnitDraft(
                code=data[f"code_{n}"], name=data[f"name_{n}"], level=unit.level, category=unit.category,
                parent=unit.parent, valid_from=data["on"],
            )
            for n in (1, 2)
            if data[f"code_{n}"]
        ]  # fmt: skip


class CloseForm(forms.Form):
    """The last day of a unit or a post."""

    last_day = DayField(label=_("Last day"), since=OLDEST)


class PostForm(AccessForm):
    """A post for a known person."""

    unit = UnitField(label=_("Unit"))
    role = forms.ChoiceField(label=_("Kind of post"), choices=list(ROLE_LABELS.items()))
    title = forms.CharField(label=_("Job title"), max_length=60, required=False)
    from_date = DayField(label=_("Held from"), since=OLDEST)
    to_date = DayField(label=_("Held until"), since=OLDEST, required=False)

    def clean_to_date(self) -> date | None:
        start, end = self.cleaned_data.get("from_date"), self.cleaned_data["to_date"]
        if start and end and end < start:
            raise forms.ValidationError(_("A post ends on its first day or later."))
        return end  # type: ignore[no-any-return]

    def post(self) -> PostDraft:
        names = ("unit", "role", "title", "from_date", "to_date")
        return PostDraft(**{name: self.cleaned_data[name] for name in names})


class PersonForm(PostForm):
    """A new account with its first post."""

    username = forms.CharField(
        label=_("Account"), max_length=60, validators=[valid_code], help_text=_("What the person signs in with.")
    )
    name = forms.CharField(label=_("Full name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    field_order = ["username", "name", "email", "unit", "role", "title", "from_date", "to_date"]


class HolderForm(PostForm):
    """A post in a given unit for a person by account or name."""

    person = forms.CharField(
        label=_("Person"), max_length=60, help_text=_("Account or full name; add the person first if there is none.")
    )
    field_order = ["person", "unit", "role", "title", "from_date", "to_date"]

    def clean_person(self) -> Person:
        text = self.cleaned_data["person"].strip()
        people = list_people(self.access)
        found = list(people.filter(username__iexact=text)) or list(people.filter(name=text)[:2])
        if not found:
            raise forms.ValidationError(_("Nobody here has this account or name."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several people have this name. Type the account."))
        return found[0]


class PersonFactsForm(forms.Form):
    """What of a person may be corrected."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class TokenForm(forms.Form):
    """A key to the API."""

    name = forms.CharField(label=_("What it is for"), max_length=60)


class SheetForm(forms.Form):
    """A table to preview."""

    kind = forms.ChoiceField(label=_("What it lists"), choices=list(Sheet.KINDS.items()), widget=forms.RadioSelect)
    file = forms.FileField(label=_("File (.xlsx or .csv)"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_MB * 1024 * 1024:
            raise forms.ValidationError(_("The file is larger than %(n)s MB.") % {"n": settings.UPLOAD_MAX_MB})
        return file


def attempt(form: forms.Form, action: Callable[[], object]) -> bool:
    """Do the action; a refusal becomes the form's error, and nothing that was typed is lost."""
    try:
        action()
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True

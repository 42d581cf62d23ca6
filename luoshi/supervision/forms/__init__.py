"""Forms of this room, by what they are for."""

from luoshi.supervision.forms.checking import ReopenForm, SubmitForm, VerifyForm, words
from luoshi.supervision.forms.extending import DecideForm, ExtendForm

__all__ = ["DecideForm", "ExtendForm", "ReopenForm", "SubmitForm", "VerifyForm", "words"]

"""Refusals: what an action may not do, said so that the reader knows what to do instead."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """An action declined. `sentence` is shown to the user and says what to do; `status` is the HTTP status."""

    status = 409
    sentence: str | Promise = _("This cannot be done now.")

    def __init__(self, sentence: str | Promise | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(str(self.sentence))


class NotAllowed(Refusal):
    """The person may see the object but may not do this to it."""

    status = 403
    sentence = _("You do not hold a post that may do this. Ask the supervision office.")


class EditConflict(Refusal):
    """Somebody else saved the object after this person opened it."""

    status = 409
    sentence = _("Somebody else changed this while you were working on it. Compare below, then save again.")

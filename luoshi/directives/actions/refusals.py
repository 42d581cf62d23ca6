"""What the reviewing of directives may refuse, and how it says so."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.core.errors import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from luoshi.directives.models import Directive


class PaperUnreadable(Refusal):
    """The file cannot be read as a directive; `code` is the reader's own word for why."""

    status = 422

    def __init__(self, sentence: "StrOrPromise", *, code: str) -> None:
        self.code = code
        super().__init__(sentence)


class AlreadyRegistered(Refusal):
    """The very same file was registered before."""

    def __init__(self, directive: "Directive") -> None:
        self.directive = directive
        super().__init__(
            _("This very file is registered already as “%(title)s”. Open that one, or register it again on purpose.")
            % {"title": directive.title[:80]}
        )


class ReviewClosed(Refusal):
    """The directive is confirmed or withdrawn."""

    sentence = gettext_lazy("This directive is no longer in review. Open the page again to see how it stands.")


class AlreadyDecided(Refusal):
    """Rereading would throw decisions away."""

    sentence = gettext_lazy(
        "Something here was decided, corrected or added by hand already, and reading the paper again would lose it. "
        "To start afresh, withdraw this directive and register the paper once more."
    )


class AdoptedAlready(Refusal):
    """An existing task answers the proposal."""

    sentence = gettext_lazy("An existing task answers this proposal. Take that back first (u).")


class NotAllDecided(Refusal):
    """Proposals still wait for a decision."""

    def __init__(self, count: int) -> None:
        super().__init__(
            _("%(count)s proposals are not decided yet. Accept, drop or set them aside first.") % {"count": count}
        )


class NothingToUndo(Refusal):
    """The proposal has no step that could be taken back."""

    sentence = gettext_lazy("There is nothing to take back here.")


class UndoTooLate(Refusal):
    """What the step made was changed since."""

    sentence = gettext_lazy(
        "The other part was changed since, so this step cannot be taken back. Merge or edit instead."
    )


class CannotSplit(Refusal):
    """The words cannot be divided there."""

    sentence = gettext_lazy("This proposal cannot be divided there. Choose a place between two sentences.")


class NothingToMerge(Refusal):
    """No undecided proposal follows."""

    sentence = gettext_lazy(
        "The proposal after this one is decided already, or there is none. Take its decision back first."
    )


class NameNotWaiting(Refusal):
    """No proposal of the directive waits for this name."""

    sentence = gettext_lazy("This name is matched already. Open the page again to see how it stands.")


class TooManyClauses(Refusal):
    """A paper that nobody could review."""

    status = 422
    sentence = gettext_lazy(
        "This paper has more than 5,000 clauses, more than anybody could review. Split it and register the parts."
    )


class IntakeEnded(Refusal):
    """The paper is read, refused or cancelled already."""

    sentence = gettext_lazy("The reading of this paper has ended. Open the page again to see how it stands.")


class NothingQuoted(Refusal):
    """A task added by hand must stand on words of the paper."""

    status = 422
    sentence = gettext_lazy("These words do not stand in the paper. Mark words of the source text and try again.")


class NothingToCheck(Refusal):
    """Every field of the proposal is sure."""

    sentence = gettext_lazy("Every field of this proposal is sure already. Accept it, or edit what is wrong.")

"""Reading reports and what to look at in them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from luoshi.progress.models import Feedback
from luoshi.progress.queries.evidence import with_evidence
from luoshi.progress.rules.hints import Hint
from luoshi.tasks.models import Task
from luoshi.tasks.rules.states import State

if TYPE_CHECKING:
    from django.utils.functional import Promise

HINT_SENTENCES: dict[Hint, Promise | str] = {
    Hint.EMPTY_WORDS: gettext_lazy("No number, date or place: what could a reader check?"),
    Hint.SAME_AS_LAST: gettext_lazy("These are the words of your last report. What is new since then?"),
    Hint.NO_VALUE: gettext_lazy(
        "%(typed)s is typed, but no value against the target of %(target)s. Type the value reached, or say why not."
    ),
    Hint.VALUE_BELOW_TARGET: gettext_lazy(
        "100%% is typed, but the value reached is %(value)s of %(target)s: %(counts)s will count."
    ),
    Hint.PERCENT_FELL: gettext_lazy("The percentage is lower than last time. Say why, if it was corrected."),
    Hint.PERCENT_JUMPED: gettext_lazy("More than 50 points since the last report. Is that so?"),
    Hint.NO_CAUSE: gettext_lazy("A problem without a cause: choosing one brings help to the right desk."),
    Hint.ASK_OF_NOBODY: gettext_lazy("You ask for something: of which unit? It will be told."),
    Hint.NO_NEXT_STEP: gettext_lazy("The work goes on, but no next step is given."),
}


def list_feedback(task: Task) -> QuerySet[Feedback]:
    """The reports on a task, newest first, with what a page shows of them."""
    reports = Feedback.objects.filter(task=task).select_related("unit", "by", "asked_unit")
    return reports.prefetch_related(with_evidence()).order_by("-at", "-id")


def get_last_feedback(task: Task, *, unit_id: int) -> Feedback | None:
    """The unit's own latest report on the task, or on one that was merged into it."""
    reports = Feedback.objects.filter(unit=unit_id).order_by("-at", "-id")
    own = reports.filter(task=task).first()
    return own or reports.filter(task__parent=task, task__state=State.MERGED.value).first()

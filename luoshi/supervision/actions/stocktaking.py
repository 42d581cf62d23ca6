"""盘点会: making its pack, and recording decisions so that each becomes a task, an answer or a note at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.core.policy import get_policy
from luoshi.orgs.models import Person, Unit
from luoshi.supervision.actions.coordination import answer_coordination
from luoshi.supervision.models import Coordination, Ruling, Stocktake
from luoshi.supervision.queries.stocktaking import choose_tasks, make_pack, snapshot
from luoshi.supervision.rules.stocktaking import RulingFault, Why, fault_of_ruling, reorder
from luoshi.tasks.actions import create_task, dispatch_tasks
from luoshi.tasks.models import Task
from luoshi.tasks.rules.duties import DutyRow
from luoshi.tasks.rules.ladder import guess_kind
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.states import DutyRole, Tier


class BadRuling(Refusal):
    """Something is missing in the decision."""

    status = 422
    SENTENCES: Mapping[RulingFault, str | Promise] = {
        RulingFault.NO_WORDS: gettext_lazy("Write what was decided."),
        RulingFault.NO_UNIT: gettext_lazy("Name the unit that carries it out; a decision of nobody is a wish."),
        RulingFault.NO_DATE: gettext_lazy("Give the day by which it is done."),
        RulingFault.PAST: gettext_lazy("This day has already passed. Give one that is still to come."),
        RulingFault.NO_QUESTION: gettext_lazy("Choose which open question this decides."),
    }

    def __init__(self, fault: RulingFault) -> None:
        super().__init__(self.SENTENCES[fault])


class StocktakeEnded(Refusal):
    """What is ended is not written on any more."""

    sentence = gettext_lazy("This stocktake has ended. Make a new one for what is decided now.")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision that was recorded; `held` says why its task waits as a draft, if it does."""

    ruling: Ruling
    held: str = ""


def make_stocktake(
    unit: Unit, *, title: str, date: date, leader: Person | None, by: Person, now: datetime
) -> Stocktake:
    """Make the pack of a stocktake: the few tasks that the rule chooses, as they stand today."""
    today = timezone.localtime(now).date()
    policy = get_policy()
    pack = snapshot(make_pack(choose_tasks(unit, today=today, policy=policy)), today=today, policy=policy)
    with transaction.atomic():
        made = Stocktake.objects.create(
            unit=unit, title=title.strip(), date=date, leader=leader, pack=pack, made_by=by, made_at=now
        )
        record_entry(
            "make_stocktake", by=by, now=now, subject=made, unit_path=unit.path or "",
            tasks=[row["id"] for row in pack["tasks"]], date=date, leader=leader,
        )  # fmt: skip
    return made


def edit_pack(
    stocktake: Stocktake, *, kept: Sequence[int], added: Sequence[int] = (), by: Person, now: datetime
) -> None:
    """Keep these tasks in this order and add others, at most twelve; each is taken as it stands now.

    Raises StocktakeEnded, EditConflict.
    """
    rows = {int(row["id"]): row for row in stocktake.pack["tasks"]}
    order = reorder(list(rows), kept=kept, added=added)
    today = timezone.localtime(now).date()
    chosen = {"tasks": [rows.get(pk, {"id": pk, "why": Why.CHOSEN.value}) for pk in order]}
    pack = snapshot(chosen, today=today, policy=get_policy())
    before = stocktake.pack
    with transaction.atomic():
        locked = Stocktake.objects.select_for_update(no_key=True).get(pk=stocktake.pk)
        _refuse_ended(locked)
        if locked.pack != before:
            raise EditConflict
        Stocktake.objects.filter(pk=stocktake.pk).update(pack=pack)
        stocktake.pack = pack
        record_entry(
            "edit_stocktake", by=by, now=now, subject=stocktake, unit_path=stocktake.unit.path or "",
            before={"tasks": list(rows)}, after={"tasks": order},
        )  # fmt: skip


def _refuse_ended(stocktake: Stocktake) -> None:
    if stocktake.ended_at is not None:
        raise StocktakeEnded


def rule_stocktake(
    stocktake: Stocktake, *, kind: str, text: str, by: Person, now: datetime, about: Task | None = None,
    unit: Unit | None = None, due_date: date | None = None, coordination: Coordination | None = None,
    dispatch: bool = True,
) -> Recorded:  # fmt: skip
    """Record a decision: a task for a unit by a day, the answer to an open question, or a note.

    A task goes out at once where `dispatch` and the linter allow it; else it waits as a draft and `held` says why.
    Raises BadRuling, StocktakeEnded, AnsweredBefore, TooManyCritical.
    """
    today = timezone.localtime(now).date()
    fault = fault_of_ruling(
        kind, text=text, unit_id=unit.pk if unit else None, due=due_date,
        question_id=coordination.pk if coordination else None, today=today,
    )  # fmt: skip
    if fault:
        raise BadRuling(fault)
    _refuse_ended(stocktake)
    task, held = None, ""
    with transaction.atomic():
        if kind == "task" and unit is not None:
            task = _make_task(stocktake, text=text, unit=unit, due=due_date, about=about, by=by, now=now)
            held = _send(task, by=by, now=now) if dispatch else ""
        if kind == "answer" and coordination is not None:
            answer_coordination(coordination, answer=text, by=by, now=now)
        ruling = Ruling.objects.create(
            stocktake=stocktake, kind=kind, about=about, text=text.strip(), unit=unit if task else None,
            due_date=due_date if task else None, task=task, coordination=coordination if kind == "answer" else None,
            by=by, at=now,
        )  # fmt: skip
        record_entry(
            "rule_stocktake", by=by, now=now, subject=stocktake, unit_path=stocktake.unit.path or "", kind=kind,
            ruling=ruling.pk, reason=ruling.text[:500], task=task, about=about, leader=stocktake.leader,
        )  # fmt: skip
    return Recorded(ruling, held)


def _make_task(
    stocktake: Stocktake, *, text: str, unit: Unit, due: date | None, about: Task | None, by: Person, now: datetime
) -> Task:
    """What was decided as a task of the unit whose stocktake it is; its own words are its standard."""
    words = text.strip()
    return create_task(
        stocktake.unit, by=by, now=now, duties=[DutyRow(DutyRole.LEAD.value, unit.pk, str(unit))],
        title=words.splitlines()[0].rstrip("。；;")[:300], requirement=words, standard=words,
        kind=guess_kind(words).value, matter=Matter.MEETING.value, due_date=due, asked_by=stocktake.leader,
        tier=max(about.tier, Tier.KEY.value) if about else Tier.KEY.value,
        sponsor=about.sponsor if about else None,
    )  # fmt: skip


def _send(task: Task, *, by: Person, now: datetime) -> str:
    """Dispatch it; why it stays a draft, where it does."""
    try:
        with transaction.atomic():
            dispatch_tasks([task], by=by, now=now)
    except Refusal as refusal:
        task.refresh_from_db()
        return str(refusal.sentence)
    return ""


def end_stocktake(stocktake: Stocktake, *, by: Person, now: datetime) -> None:
    """The meeting is over. Raises StocktakeEnded."""
    with transaction.atomic():
        if not Stocktake.objects.filter(pk=stocktake.pk, ended_at__isnull=True).update(ended_at=now):
            raise StocktakeEnded
        stocktake.ended_at = now
        record_entry(
            "end_stocktake", by=by, now=now, subject=stocktake, unit_path=stocktake.unit.path or "",
            rulings=Ruling.objects.filter(stocktake=stocktake).count(),
        )  # fmt: skip

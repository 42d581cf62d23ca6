"""Which step of a ladder of chasing is due (domain handbook §1.3): level by level, until the unit acts.

1. A step falls due by its own trigger (so many days after a date), or by its grace: so many days without action after
   the step before was sent. Of several things owed the gravest counts (the highest step), of several steps that wait
   for the same thing the lowest comes first; one step a day at most.
2. Grace runs only while something is owed. A reminder before the due date does not climb before that date.
3. Nothing is due while the work is submitted, paused, or waits for an answer that the unit asked for.
4. After an action the unit is left in peace for the ladder's quiet days; then a new chase starts at the bottom again,
   or one step above where the last one began, if that began there or higher and ended within `recurs_days`.
5. Urgent work starts at the step that says so (三明: 直接进入橙色、红色).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from luoshi.core.rules.workdays import Calendar


class Instrument(StrEnum):
    """提醒, 蓝/橙/红色督办单, 催办单, 督办函, 挂牌督办, 整改通知书, 约谈, 通报, 移交."""

    REMINDER = "reminder"
    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"
    CHASE = "chase"
    LETTER = "letter"
    LISTED = "listed"
    RECTIFY = "rectify"
    TALK = "talk"
    CIRCULAR = "circular"
    REFERRAL = "referral"


class Trigger(StrEnum):
    """What a step's days are counted from."""

    NEAR = "near"
    OVERDUE = "overdue"
    UNACKNOWLEDGED = "unacknowledged"
    SILENT = "silent"
    RED = "red"
    BEHIND = "behind"
    UNANSWERED = "unanswered"


class Approver(StrEnum):
    """Whose yes an instrument needs before it goes out."""

    NOBODY = ""
    OFFICE = "office"
    LEADER = "leader"
    HEAD = "head"


class Told(StrEnum):
    """Who is told of a step, beside the superiors so many levels up."""

    HANDLER = "handler"
    HEAD = "head"
    SPONSOR = "sponsor"
    OFFICE = "office"


class StepState(StrEnum):
    """Where a step of a chase stands."""

    AWAITING = "awaiting"
    SENT = "sent"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class RungFacts:
    """One step of a ladder. Without `grace` it is never reached by silence alone."""

    number: int
    instrument: str
    trigger: str
    days: int = 0
    grace: int | None = None
    in_workdays: bool = True
    tells: tuple[str, ...] = (Told.HANDLER.value,)
    levels_up: int = 0
    approver: str = Approver.NOBODY.value
    starts_urgency: int | None = None


@dataclass(frozen=True, slots=True)
class LadderFacts:
    """The steps of a ladder in order, and how long a unit that acted is left in peace."""

    rungs: tuple[RungFacts, ...]
    quiet_days: int = 5
    recurs_days: int = 30


@dataclass(frozen=True, slots=True)
class Owed:
    """What a unit owes of a task. A date that does not apply is None.

    `receipt_date`: by when receipt should have been acknowledged, None once it was. `silent_date`: when the earliest
    report that is missing was due. `red_date`, `behind_date`: since when the light is red, or yellow and worse.
    `is_still`: submitted, paused, or waiting for an answer to what the unit asked. `acted_date`: the last action; a
    report that says nothing which can be checked is none.
    """

    due_date: date | None = None
    receipt_date: date | None = None
    silent_date: date | None = None
    red_date: date | None = None
    behind_date: date | None = None
    urgency: int = 3
    is_still: bool = False
    acted_date: date | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A chase under way: the step that was sent last (0: none yet), when, and by when it asked for action."""

    rung: int
    rung_date: date
    new_limit: date | None = None
    is_awaiting: bool = False


@dataclass(frozen=True, slots=True)
class LastSpell:
    """The chase before: the step at which it began, and the day on which the unit's action ended it."""

    start_rung: int
    stopped_date: date


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due, and the day on which it fell due."""

    rung: RungFacts
    due_date: date


def due_step(
    ladder: LadderFacts,
    owed: Owed,
    *,
    today: date,
    calendar: Calendar,
    spell: Spell | None = None,
    last: LastSpell | None = None,
) -> Due | None:
    """The step that is due today, None when there is none."""
    if owed.is_still or not ladder.rungs:
        return None
    if spell is None:
        return _first_step(ladder, owed, last, today=today, calendar=calendar)
    if spell.is_awaiting or spell.rung_date >= today:
        return None
    return _next_step(ladder, owed, spell, today=today, calendar=calendar)


def next_step(ladder: LadderFacts, owed: Owed, spell: Spell, *, calendar: Calendar, days: int = 60) -> Due | None:
    """What comes next and on which day, if the unit does nothing: looked for within so many days."""
    for n in range(1, days + 1):
        day = spell.rung_date + timedelta(days=n)
        found = due_step(ladder, owed, today=day, calendar=calendar, spell=spell)
        if found:
            return Due(found.rung, day)
    return None


def is_settled(ladder: LadderFacts, owed: Owed, *, today: date, calendar: Calendar) -> bool:
    """Is nothing owed any more by which this chase could have started? Then it ends without an action."""
    if is_owing(owed, today=today):
        return False
    near = [r for r in ladder.rungs if r.trigger == Trigger.NEAR]
    return not any(_holds(rung, owed, today=today, calendar=calendar) for rung in near)


def is_owing(owed: Owed, *, today: date) -> bool:
    """Is something late, silent or behind, beyond a date that only comes near?"""
    return _owing_since(owed, today=today) is not None


def climb(ladder: LadderFacts, number: int) -> RungFacts | None:
    """The next step above that silence leads to."""
    return next((r for r in ladder.rungs if r.number > number and r.grace is not None), None)


def _first_step(
    ladder: LadderFacts, owed: Owed, last: LastSpell | None, *, today: date, calendar: Calendar
) -> Due | None:
    """Where a new chase starts: at the gravest thing owed, higher for urgent work and on recurrence."""
    quiet = ladder.quiet_days
    found = _gravest(ladder, owed, above=0, today=today, calendar=calendar, quiet_days=quiet)
    if found is None or found.rung.trigger == Trigger.NEAR:
        return found
    return Due(_lift(ladder, found.rung, owed, last, since=found.due_date), found.due_date)


def _gravest(
    ladder: LadderFacts, owed: Owed, *, above: int, today: date, calendar: Calendar, quiet_days: int | None = None
) -> Due | None:
    """Of the steps above one that are due by their own trigger, the lowest of each trigger; of these the highest."""
    lowest: dict[str, Due] = {}
    for rung in ladder.rungs:
        if rung.number > above and rung.trigger not in lowest and _holds(rung, owed, today=today, calendar=calendar):
            day = _trigger_day(rung, owed, calendar=calendar, quiet_days=quiet_days)
            if day is not None and day <= today:
                lowest[rung.trigger] = Due(rung, day)
    return max(lowest.values(), key=lambda due: due.rung.number, default=None)


def _lift(ladder: LadderFacts, rung: RungFacts, owed: Owed, last: LastSpell | None, *, since: date) -> RungFacts:
    """The step at which a chase starts that would by itself start here."""
    if last and last.start_rung >= rung.number and (since - last.stopped_date).days <= ladder.recurs_days:
        rung = climb(ladder, last.start_rung) or rung
    urgent = [r for r in ladder.rungs if r.starts_urgency is not None and owed.urgency <= r.starts_urgency]
    return max([rung, *urgent[-1:]], key=lambda r: r.number)


def _next_step(ladder: LadderFacts, owed: Owed, spell: Spell, *, today: date, calendar: Calendar) -> Due | None:
    """The step above the one reached that is due, by its trigger or by grace."""
    found = [_gravest(ladder, owed, above=spell.rung, today=today, calendar=calendar)]
    above = climb(ladder, spell.rung)
    day = _grace_day(above, owed, spell, today=today, calendar=calendar) if above else None
    if above is not None and day is not None and day <= today:
        found.append(Due(above, day))
    due = max((d for d in found if d is not None), key=lambda d: d.rung.number, default=None)
    return Due(due.rung, max(due.due_date, spell.rung_date)) if due else None


def _grace_day(rung: RungFacts, owed: Owed, spell: Spell, *, today: date, calendar: Calendar) -> date | None:
    """When silence leads to this step: its grace after the step before, the limit that set, and what is owed."""
    since = _owing_since(owed, today=today)
    if since is None or rung.grace is None or not spell.rung:
        return None
    start = max(spell.rung_date, since, spell.new_limit or spell.rung_date)
    return _add(start, rung.grace, rung=rung, calendar=calendar)


def _owing_since(owed: Owed, *, today: date) -> date | None:
    """The earliest date that has passed with something still owed."""
    day = timedelta(days=1)
    dates = [owed.due_date, owed.receipt_date, owed.silent_date]
    dates += [d - day for d in (owed.red_date, owed.behind_date) if d]
    return min((d for d in dates if d is not None and d < today), default=None)


def _origin(rung: RungFacts, owed: Owed) -> date | None:
    """The date that a step's days are counted from."""
    return {
        Trigger.NEAR.value: owed.due_date,
        Trigger.OVERDUE.value: owed.due_date,
        Trigger.UNACKNOWLEDGED.value: owed.receipt_date,
        Trigger.SILENT.value: owed.silent_date,
        Trigger.RED.value: owed.red_date,
        Trigger.BEHIND.value: owed.behind_date,
    }.get(rung.trigger)


def _holds(rung: RungFacts, owed: Owed, *, today: date, calendar: Calendar) -> bool:
    """Has the trigger's day come, and is it not over? A near date is no longer near once it has passed."""
    day = _trigger_day(rung, owed, calendar=calendar)
    if day is None or day > today:
        return False
    return rung.trigger != Trigger.NEAR or (owed.due_date is not None and today <= owed.due_date)


def _trigger_day(rung: RungFacts, owed: Owed, *, calendar: Calendar, quiet_days: int | None = None) -> date | None:
    """The day on which a step falls due by its own trigger; with quiet days, not soon after an action on it."""
    origin = _origin(rung, owed)
    if origin is None:
        return None
    near = rung.trigger == Trigger.NEAR
    day = _add(origin, -rung.days if near else rung.days, rung=rung, calendar=calendar)
    acted = owed.acted_date
    if quiet_days is None or acted is None or acted < _answerable_from(rung, origin, day):
        return day
    return max(day, calendar.add_workdays(acted, quiet_days))


def _answerable_from(rung: RungFacts, origin: date, day: date) -> date:
    """From which day on an action answers what the step chases: what was done by the date itself does not."""
    if rung.trigger == Trigger.NEAR:
        return day
    return origin if rung.trigger in (Trigger.RED, Trigger.BEHIND) else origin + timedelta(days=1)


def _add(start: date, days: int, *, rung: RungFacts, calendar: Calendar) -> date:
    """So many days after (or before) a date, by the step's way of counting."""
    if not rung.in_workdays:
        return start + timedelta(days=days)
    if days >= 0:
        return calendar.add_workdays(start, days)
    day = start
    while days < 0:
        day -= timedelta(days=1)
        days += calendar.is_workday(day)
    return day


def in_order(rungs: Sequence[RungFacts]) -> tuple[RungFacts, ...]:
    """The steps by their number."""
    return tuple(sorted(rungs, key=lambda rung: rung.number))

"""The days of objection and review (art. 17), of recusal, of looking back: dates in, dates out.

The object may ask for a review within 30 days of receiving the conclusion; the government decides within 30 days of
receiving the request, and who took part in the conclusion keeps out. The day of receipt does not count; an objection
whose last day is free may still come on the next working day. The reviewer's own days are not lengthened so.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from luoshi.core.rules.workdays import Calendar

OBJECTION_DAYS = 30
REVIEW_DAYS = 30


class TooLate(StrEnum):
    """Why an objection is not taken."""

    NOT_FED_BACK = "not_fed_back"
    NOT_RECEIVED = "not_received"
    OVER = "over"
    ALREADY = "already"
    REVIEWED = "reviewed"


def objection_until(received: date, calendar: Calendar) -> date:
    """The last day of objecting: 30 days after receipt, moved on to the next working day (art. 17)."""
    day = received + timedelta(days=OBJECTION_DAYS)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def review_until(filed: date) -> date:
    """The day by which the review is decided: 30 days after the objection came (art. 17)."""
    return filed + timedelta(days=REVIEW_DAYS)


def fault_of_objection(
    *, state: str, received: date | None, until: date | None, has_one: bool, on: date, is_reviewed: bool = False
) -> TooLate | None:
    """Why the object cannot object on this day; what a review decided is final."""
    if has_one:
        return TooLate.ALREADY
    if is_reviewed:
        return TooLate.REVIEWED
    if state != "issued":
        return TooLate.NOT_FED_BACK
    if received is None or until is None:
        return TooLate.NOT_RECEIVED
    return TooLate.OVER if on > until else None


def bars_review(person_id: int, *, took_part: Collection[int]) -> bool:
    """Did the person take part in the conclusion: author, signer, inspector, objector? (art. 17: 应当回避)"""
    return person_id in took_part


@dataclass(frozen=True, slots=True)
class Held:
    """A post that somebody holds or held."""

    path: str
    to_date: date | None


def recusal_of(object_path: str, *, posts: Iterable[Held], declared: Collection[str], today: date, years: int) -> str:
    """Why an inspector keeps away from an object: declared, works there or below, or did within the years; or ''."""
    if any(object_path.startswith(path) for path in declared):
        return "declared"
    there = [post for post in posts if post.path.startswith(object_path)]
    if any(post.to_date is None or post.to_date >= today for post in there):
        return "own_unit"
    since = months_before(today, 12 * years)
    return "former_unit" if any(p.to_date is not None and p.to_date >= since for p in there) else ""


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the month's last."""
    month = day.year * 12 + day.month - 1 - months
    year, place = divmod(month, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, place + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError

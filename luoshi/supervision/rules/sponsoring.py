"""只挂帅不出征: a leader in charge of red work who does nothing about it for some time (domain handbook §5.2)."""

from datetime import date


def is_idle(*, red_date: date | None, acted_date: date | None, today: date, days: int) -> bool:
    """Is the work red, and did its sponsor do nothing for so many days since it turned red or since the last act?"""
    if red_date is None:
        return False
    since = max(red_date, acted_date) if acted_date else red_date
    return (today - since).days >= days

"""The only place that reads the clock; entry points call it and hand the time down."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware."""
    return timezone.now()


def today() -> date:
    """Today's date in the configured time zone (Beijing time by default)."""
    return timezone.localdate()

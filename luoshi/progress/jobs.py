"""What this room does by itself at its time."""

from datetime import datetime

from luoshi.progress.actions.months import keep_months
from luoshi.progress.actions.turns import close_turns


def close_windows(at: datetime) -> None:
    """Shortly after midnight: the windows of yesterday close."""
    close_turns(now=at)


def freeze_months(at: datetime) -> None:
    """Shortly after midnight: months that ended keep their lights, and red months are noted that were caught up."""
    keep_months(at)

"""What this room does by itself at its time."""

from datetime import datetime

from luoshi.progress.actions.turns import close_turns


def close_windows(at: datetime) -> None:
    """Shortly after midnight: the windows of yesterday close."""
    close_turns(now=at)

"""Messages in the box, and how they leave the site."""

from luoshi.notices.models.box import Notice, Suggestion
from luoshi.notices.models.channels import (
    CHANNEL_LABELS,
    GROUP_LABELS,
    HOW_LABELS,
    STATE_LABELS,
    Delivery,
    GroupWish,
    Robot,
    Wish,
)

__all__ = [
    "CHANNEL_LABELS", "GROUP_LABELS", "HOW_LABELS", "STATE_LABELS", "Delivery", "GroupWish", "Notice", "Robot",
    "Suggestion", "Wish",
]  # fmt: skip

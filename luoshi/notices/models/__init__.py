"""Messages in the box, and how they leave the site."""

from luoshi.notices.models.box import UNTOLD, Notice, Suggestion
from luoshi.notices.models.channels import (
    CHANNEL_LABELS,
    GROUP_LABELS,
    HOW_LABELS,
    STATE_LABELS,
    TROUBLE_TEXTS,
    Delivery,
    GroupWish,
    Robot,
    Wish,
)

__all__ = [
    "CHANNEL_LABELS",
    "GROUP_LABELS",
    "HOW_LABELS",
    "STATE_LABELS",
    "TROUBLE_TEXTS",
    "UNTOLD",
    "Delivery",
    "GroupWish",
    "Notice",
    "Robot",
    "Suggestion",
    "Wish",
]  # fmt: skip

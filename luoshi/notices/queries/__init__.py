"""Reading one's messages, deliveries, robots and the suggestion box."""

from luoshi.notices.queries.box import (
    count_unread,
    get_suggestion_for,
    list_notices,
    list_suggestions,
    may_answer,
)

__all__ = ["count_unread", "get_suggestion_for", "list_notices", "list_suggestions", "may_answer"]

"""Delivering messages in the box and out of the site; what people wish; robots; the suggestion box."""

from luoshi.notices.actions.suggesting import SuggestionAnswered, answer_suggestion, make_suggestion
from luoshi.notices.actions.telling import (
    KEPT,
    notify,
    notify_each,
    read_notices,
    say,
    say_by,
    take_back,
    write_in,
)

__all__ = [
    "KEPT", "SuggestionAnswered", "answer_suggestion", "make_suggestion", "notify", "notify_each", "read_notices",
    "say", "say_by", "take_back", "write_in",
]  # fmt: skip

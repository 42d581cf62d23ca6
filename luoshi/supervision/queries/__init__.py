"""Reading supervision: submissions, extensions, and the queues of those who check and decide."""

from luoshi.supervision.queries.extending import count_extensions, get_extension_for, list_extensions
from luoshi.supervision.queries.gate import get_open_submission, list_submissions, may_verify_as_office
from luoshi.supervision.queries.queue import TABS, Row, count_queue, list_queue, list_verifications

__all__ = [
    "TABS",
    "Row",
    "count_extensions",
    "count_queue",
    "get_extension_for",
    "get_open_submission",
    "list_extensions",
    "list_queue",
    "list_submissions",
    "list_verifications",
    "may_verify_as_office",
]

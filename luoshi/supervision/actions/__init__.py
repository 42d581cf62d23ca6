"""Writing supervision: submission, verification, closure, reopening, extensions."""

from luoshi.supervision.actions.extensions import (
    AlreadyAsked,
    AlreadyDecided,
    BadDate,
    decide_extension,
    request_extension,
)
from luoshi.supervision.actions.verifying import (
    DoerMayNotVerify,
    MissingWords,
    PartsStillOpen,
    close_task,
    reopen_task,
    submit_task,
    verify_submission,
)

__all__ = [
    "AlreadyAsked",
    "AlreadyDecided",
    "BadDate",
    "DoerMayNotVerify",
    "MissingWords",
    "PartsStillOpen",
    "close_task",
    "decide_extension",
    "reopen_task",
    "request_extension",
    "submit_task",
    "verify_submission",
]

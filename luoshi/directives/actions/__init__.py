"""What people do with directives: register, review, shape and confirm."""

from luoshi.directives.actions.decisions import (
    accept_proposal,
    accept_sure,
    can_undo,
    drop_proposal,
    mark_clause,
    mark_information,
    mark_rest,
    ready,
    undo_step,
)
from luoshi.directives.actions.intake import (
    PASTED,
    Source,
    edit_directive,
    mark_confirmed,
    register_directive,
    reread_directive,
    withdraw_directive,
)
from luoshi.directives.actions.reading import read_text
from luoshi.directives.actions.refusals import (
    AlreadyDecided,
    AlreadyRegistered,
    CannotSplit,
    NameNotWaiting,
    NotAllDecided,
    NothingToMerge,
    NothingToUndo,
    PaperUnreadable,
    ReviewClosed,
    TooManyClauses,
    UndoTooLate,
)
from luoshi.directives.actions.shaping import edit_proposal, merge_proposals, name_unit, split_proposal
from luoshi.directives.actions.storing import unit_row

__all__ = [
    "PASTED",
    "AlreadyDecided",
    "AlreadyRegistered",
    "CannotSplit",
    "NameNotWaiting",
    "NotAllDecided",
    "NothingToMerge",
    "NothingToUndo",
    "PaperUnreadable",
    "ReviewClosed",
    "Source",
    "TooManyClauses",
    "UndoTooLate",
    "accept_proposal",
    "accept_sure",
    "can_undo",
    "drop_proposal",
    "edit_directive",
    "edit_proposal",
    "mark_clause",
    "mark_confirmed",
    "mark_information",
    "mark_rest",
    "merge_proposals",
    "name_unit",
    "read_text",
    "ready",
    "register_directive",
    "reread_directive",
    "split_proposal",
    "undo_step",
    "unit_row",
    "withdraw_directive",
]

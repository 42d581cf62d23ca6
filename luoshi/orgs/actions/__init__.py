"""Changing units, people, posts and keys."""

from luoshi.orgs.actions.figures import NoFigures, set_figures, write_figures
from luoshi.orgs.actions.people import (
    PostDraft,
    create_api_token,
    create_person,
    edit_person,
    end_post,
    give_post,
    issue_passwords,
    note_token_use,
    revoke_api_token,
)
from luoshi.orgs.actions.sheets import apply_sheet, upload_sheet
from luoshi.orgs.actions.units import (
    UnitDraft,
    add_alias,
    close_unit,
    create_unit,
    edit_unit,
    merge_units,
    move_unit,
    rename_unit,
    split_unit,
)

__all__ = [
    "NoFigures",
    "PostDraft",
    "UnitDraft",
    "add_alias",
    "apply_sheet",
    "close_unit",
    "create_api_token",
    "create_person",
    "create_unit",
    "edit_person",
    "edit_unit",
    "end_post",
    "give_post",
    "issue_passwords",
    "merge_units",
    "move_unit",
    "note_token_use",
    "rename_unit",
    "revoke_api_token",
    "set_figures",
    "split_unit",
    "upload_sheet",
    "write_figures",
]

"""Writing of the ledger: saved views, and workbooks that come back."""

from luoshi.ledger.actions.saving import MAX_OWN_VIEWS, TooManyViews, delete_view, save_view

__all__ = ["MAX_OWN_VIEWS", "TooManyViews", "delete_view", "save_view"]

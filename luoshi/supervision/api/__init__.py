"""Supervision over the API; the same gates and actions as the pages."""

from ninja import Router

from luoshi.supervision.api import chasing

router = Router()
router.add_router("", chasing.router)

__all__ = ["chasing", "router"]

"""Supervision over the API; the same gates and actions as the pages."""

from ninja import Router

from luoshi.supervision.api import chasing, coordination, letters

router = Router()
router.add_router("", chasing.router)
router.add_router("", coordination.router)
router.add_router("", letters.router)

__all__ = ["chasing", "coordination", "letters", "router"]

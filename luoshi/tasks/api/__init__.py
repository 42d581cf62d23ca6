"""Tasks over the API; the same gate and the same actions as the pages."""

from luoshi.tasks.api import cascading, changing, clocks, fanning, ledger, linting, placing
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut, router

router.add_router("", cascading.router)
router.add_router("", fanning.router)
router.add_router("", clocks.router)
router.add_router("", linting.router)

__all__ = ["ApiRequest", "RefusalOut", "changing", "clocks", "fanning", "ledger", "placing", "router"]

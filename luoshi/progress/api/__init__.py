"""Progress over the API: reports, and the readings of indicators; the same gates and actions as the pages."""

from luoshi.progress.api import evidence, feedback, following, indicators, reporting
from luoshi.progress.api.feedback import router

router.add_router("", indicators.router)
router.add_router("", evidence.router)
router.add_router("", following.router)
router.add_router("", reporting.router)

__all__ = ["evidence", "feedback", "following", "indicators", "reporting", "router"]

"""Progress over the API: reports, and the readings of indicators; the same gates and actions as the pages."""

from luoshi.progress.api import feedback, indicators
from luoshi.progress.api.feedback import router

router.add_router("", indicators.router)

__all__ = ["feedback", "indicators", "router"]

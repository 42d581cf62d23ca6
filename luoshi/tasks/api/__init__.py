"""Tasks over the API; the same gate and the same actions as the pages."""

from luoshi.tasks.api import ledger
from luoshi.tasks.api.ledger import ApiRequest, RefusalOut, router

__all__ = ["ApiRequest", "RefusalOut", "ledger", "router"]

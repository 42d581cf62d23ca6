"""The ledger over the API: own columns, what is found, and what differs between two days."""

from luoshi.ledger.api import columns, finding
from luoshi.ledger.api.columns import router

router.add_router("", finding.router)

__all__ = ["columns", "finding", "router"]

"""The ledger over the API: own columns, what is found, what differs between two days, and workbooks."""

from luoshi.ledger.api import columns, finding, workbooks
from luoshi.ledger.api.columns import router

router.add_router("", finding.router)
router.add_router("", workbooks.router)

__all__ = ["columns", "finding", "router", "workbooks"]

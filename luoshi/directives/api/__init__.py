"""Directives over the API: register, read, review; the same gate and the same actions as the pages."""

from luoshi.directives.api import gains, papers, review
from luoshi.directives.api.schemas import router

__all__ = ["gains", "papers", "review", "router"]

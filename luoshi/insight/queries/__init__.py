"""Reading what a person should do now, why, and the few numbers beside it."""

from luoshi.insight.queries.counts import Figure, list_figures
from luoshi.insight.queries.needle import get_needle, list_doers
from luoshi.insight.queries.sentences import NEED_WORDS, explain_reasons

__all__ = ["NEED_WORDS", "Figure", "explain_reasons", "get_needle", "list_doers", "list_figures"]

"""Owns the journal, the working-day calendar, refusals, paging and the page shell; not the domain."""

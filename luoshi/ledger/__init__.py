"""Owns the 台账: the task page, tree and table, filters, saved views and export; not any fact about the work."""

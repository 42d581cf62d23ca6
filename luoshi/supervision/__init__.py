"""Owns verification, closure, reopening and extensions; not scoring."""

"""Owns the year matrix: work laid out in time; not the facts it lays out."""

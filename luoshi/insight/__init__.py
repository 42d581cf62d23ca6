"""Owns the needle: one ranked list a person; read only."""

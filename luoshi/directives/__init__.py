"""Owns documents, their clauses, the duty grammar and proposals awaiting confirmation; not what happens after."""

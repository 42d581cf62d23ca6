"""Owns the tree of units, people, posts, and who may see and do what; not tasks."""

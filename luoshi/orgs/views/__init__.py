"""Pages of units, people, tables and one's own account."""

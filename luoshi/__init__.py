"""Luoshi (落实): what leadership decides gets done, down a hierarchy of organisations."""

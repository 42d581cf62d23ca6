"""Owns delivering a message to a person; not deciding whom to chase."""

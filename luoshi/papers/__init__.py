"""Owns reading and writing official paper of every kind; not the meaning of what it says. No Django here."""

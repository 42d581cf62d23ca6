"""Kinds of messages, quiet hours, when to try again, how each channel signs and what its answers mean."""

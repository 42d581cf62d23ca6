"""Owns feedback, evidence, roll-up of progress and lights; not acting on them."""

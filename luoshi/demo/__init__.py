"""The demo: 青禾县, a county that exists nowhere, seeded so that every page shows life.

It owns invented units, people, posts and papers; no fact of the product depends on it.
"""

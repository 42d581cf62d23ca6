"""Eight months of a county's work, lived through the rooms' own actions, each at its own moment."""

from luoshi.demo.history.living import live_through, story_start

__all__ = ["live_through", "story_start"]

"""Reading lights, feedback and the trajectory of a task."""

from luoshi.progress.queries.lights import LIGHT_WORDS, ShownLight, explain_light, list_lights, with_light

__all__ = ["LIGHT_WORDS", "ShownLight", "explain_light", "list_lights", "with_light"]

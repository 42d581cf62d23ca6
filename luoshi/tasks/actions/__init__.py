"""Writing tasks: one function is one use case, one transaction and one journal entry."""

from luoshi.tasks.actions.moving import UnlawfulStep, move_task

__all__ = ["UnlawfulStep", "move_task"]

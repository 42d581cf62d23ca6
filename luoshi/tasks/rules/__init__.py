"""Pure rules of tasks: the ladder, states and lawful steps, access, cascade and the soft-task linter."""

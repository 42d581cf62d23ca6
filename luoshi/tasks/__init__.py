"""Owns tasks, duties, the ladder, cascade, milestones, cadence and the soft-task linter; not what was done."""

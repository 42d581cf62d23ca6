"""Inspections (督查): plan, draw, visit, finding, conclusion, objection, rectification; not the chasing of tasks."""

"""Inspections (督查): plan, sampling, visits, findings, conclusion, objection, rectification; not the chasing of tasks."""

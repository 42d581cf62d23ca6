"""Inspections (督查): plan, sampling, site visits, findings, conclusion, objection and rectification; not the chasing of tasks."""

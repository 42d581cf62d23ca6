"""Pure rules of progress: lights, reporting periods, roll-up and hints on a report."""

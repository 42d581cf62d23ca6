"""Workbooks that leave and come back: their columns, what their cells mean, and what each row would do."""

"""Benchmarks: each runs the work and its floor in the same run and prints the ratio. `make bench`."""

"""Timing work against its floor: in turn, so that a drift of the machine's speed hits both."""

import json
import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare(name: str, ours: Callable[[], object], floor: Callable[[], object], *, runs: int = 25) -> None:
    """Print the medians of both in milliseconds, after one warm-up each."""
    ours()
    floor()
    pairs = [(seconds(ours), seconds(floor)) for _ in range(runs)]
    show(name, *(statistics.median(column) * 1000 for column in zip(*pairs, strict=True)), unit="ms")


def show(name: str, ours: float, floor: float, *, unit: str) -> None:
    """One result for the parent process to print."""
    print(json.dumps({"name": name, "ours": ours, "floor": floor, "unit": unit}), flush=True)

"""Timing work against its floor: in turn, so that a drift of the machine's speed hits both."""

import json
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self


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


class Memory:
    """The memory of this process that no file stands behind, twenty times a second."""

    def __enter__(self) -> Self:
        self.before = self.peak = self._own()
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            self.peak = max(self.peak, self._own())

    def _own(self) -> float:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024

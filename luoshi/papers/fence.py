"""Reads a paper in a process of its own, within bounds of time and memory: a hostile file harms only that process."""

import base64
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from luoshi.papers.facts import TABLE, Limits, Paper, Progress, from_plain
from luoshi.papers.office import find_office
from luoshi.papers.reading import DEFAULT, kind_in, silent
from luoshi.papers.refusals import REASONS, UnreadablePaper
from luoshi.papers.spool import Grid, Spool
from luoshi.papers.writing import Checked, Fault, Known

Taken = Callable[[dict[str, Any], bytes], None]
logger = logging.getLogger(__name__)

UNFENCED = {"docx", "txt", "csv", ""}  # "" is refused by name alone
WRITES_FILES = {"doc": 64}  # megabytes; the other readers write only complaints
COMPLAINTS = 1
OFFICE_WRITES = 64  # megabytes: a profile, and what is made
SECONDS = 60.0
DRAWING_SECONDS = 20.0
MEGABYTES = 1500
MOST_ANSWERED = 400_000_000
CHUNK = 1 << 20
ANSWERS = frozenset({"paper", "picture", "grids", "checked", "pdf"})
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LUOSHI_OFFICE")
ROOT = Path(__file__).resolve().parents[2]


def _drop(_block: dict[str, Any], _line: bytes) -> None:
    """Nobody asked for sheets."""


def read_fenced(
    data: bytes,
    *,
    name: str,
    limits: Limits = DEFAULT,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    told: Progress = silent,
) -> Paper:
    """As read_paper, in a child process that is killed when it takes too long, when `told` raises, or with this one.

    Raises UnreadablePaper: what the reader refused, or too_hard.
    """
    answer = _ask(data, _task(data, name, limits, seconds, megabytes), seconds, told)
    return from_plain(answer["paper"])


def draw_fenced(
    data: bytes, *, name: str, number: int, limits: Limits = DEFAULT, seconds: float = DRAWING_SECONDS,
    megabytes: int = MEGABYTES,
) -> tuple[bytes, str]:  # fmt: skip
    """The picture of a page and its content type, drawn in a child process. Raises UnreadablePaper."""
    task = {**_task(data, name, limits, seconds, megabytes), "draw": number}
    answer = _ask(data, task, seconds, silent)
    return base64.b64decode(answer["picture"]), answer["type"]


@contextmanager
def read_grids_fenced(
    data: bytes, *, name: str, limits: Limits = TABLE, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Iterator[list[Grid]]:
    """The sheets of a workbook cell by cell, read in a child process and kept in a file. Raises UnreadablePaper."""
    task = {**_task(data, name, limits, seconds, megabytes), "grids": True}
    with Spool() as spool:
        _ask(data, task, seconds, silent, spool.take)
        yield spool.grids


def check_template_fenced(
    data: bytes, *, known: Known, required: Iterable[str], seconds: float = DRAWING_SECONDS, megabytes: int = MEGABYTES
) -> Checked:
    """As check_template, in a child process. Raises UnreadablePaper."""
    if not data.startswith(b"PK"):
        raise UnreadablePaper("wrong_content")
    fields = {"single": sorted(known.single), "rows": {name: sorted(cells) for name, cells in known.rows.items()}}
    task = {**_task(b"", "template.docx", DEFAULT, seconds, megabytes), "check": fields, "required": list(required)}
    answer = _ask(data, task, seconds, silent)["checked"]
    return Checked(tuple(answer["names"]), tuple(Fault(**fault) for fault in answer["faults"]))


def make_pdf_fenced(data: bytes, *, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> bytes:
    """A Word file as PDF, made by LibreOffice in a child process. Raises UnreadablePaper, needs_office without one."""
    if find_office() is None:
        raise UnreadablePaper("needs_office")
    task = {**_task(b"", "letter.docx", DEFAULT, seconds, megabytes), "pdf": True, "written_megabytes": OFFICE_WRITES}
    return base64.b64decode(_ask(data, task, seconds, silent)["pdf"])


def _ask(
    data: bytes,
    task: dict[str, object],
    seconds: float,
    told: Progress,
    taken: Taken = _drop,
) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(json.dumps(task).encode() + b"\n" + data)
        given.seek(0)
        with _child(given, complaints) as child:
            answer = _answer(child, deadline, told, taken)
        if answer.keys() & ANSWERS:
            return answer
        if "refused" not in answer:
            _log(complaints, str(task["name"]), child.returncode)
    code = answer.get("refused", "too_hard")
    raise UnreadablePaper(code if code in REASONS else "too_hard")


def _task(data: bytes, name: str, limits: Limits, seconds: float, megabytes: int) -> dict[str, object]:
    kind = kind_in(data, name=name) if data else ""
    return {
        "name": name,
        "limits": asdict(limits),
        "megabytes": megabytes,
        "processor_seconds": int(seconds * (os.cpu_count() or 1)) + 1,
        "written_megabytes": WRITES_FILES.get(kind, COMPLAINTS),
        "parent": os.getpid(),
    }


@contextmanager
def _child(given: IO[bytes], complaints: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The reading process, in a group of its own that does not outlive the block."""
    child = subprocess.Popen(
        [sys.executable, "-B", "-P", "-m", "luoshi.papers"],
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env=_environment(),
        start_new_session=True,
    )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def _environment() -> dict[str, str]:
    """No secrets of the site for a process that reads strangers' files; few threads, each of which reserves memory."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def _answer(child: subprocess.Popen[bytes], deadline: float, told: Progress, taken: Taken) -> dict[str, Any]:
    """The child's last line; empty when it ended or was out of time without one."""
    for line in _lines(child, deadline):
        answer: dict[str, Any] = json.loads(line)
        if "sheet" in answer:
            taken(answer, line)
        elif "page" in answer:
            told(answer["page"], answer["of"])
        else:
            return answer
    return {}


def _lines(child: subprocess.Popen[bytes], deadline: float) -> Iterator[bytes]:
    assert child.stdout is not None
    waiting, length = [b""], 0
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0 and length < MOST_ANSWERED:
            if not selector.select(left):
                return
            chunk = os.read(child.stdout.fileno(), CHUNK)
            if not chunk:
                return
            length += len(chunk)
            *ended, rest = chunk.split(b"\n")
            for piece in ended:
                yield b"".join([*waiting, piece])
                waiting.clear()
            waiting.append(rest)


def _log(complaints: IO[bytes], name: str, code: int) -> None:
    """What the child said on standard error, for whoever runs the site."""
    complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - 4000))
    said = complaints.read().decode(errors="replace").strip()
    if said or code:
        logger.warning("Reading %r ended with code %s. %s", name, code, said)

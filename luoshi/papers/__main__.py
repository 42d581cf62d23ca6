"""`python -m luoshi.papers`: reads a paper, or draws a page of it, within bounds; answers in lines of JSON."""

import base64
import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

PR_SET_PDEATHSIG = 1
NICENESS = 5


def main() -> int:
    """The first line of standard input is the task, the rest the file; the last line of output is the answer."""
    answers = _only_answers()
    task = json.loads(sys.stdin.buffer.readline())
    bound(task)
    from luoshi.papers.refusals import UnreadablePaper

    def tell(answer: dict[str, object]) -> None:
        line = json.dumps(answer, separators=(",", ":")).encode() + b"\n"
        while line:  # a pipe takes what it has room for
            line = line[os.write(answers, line) :]

    def told(page: int, of: int) -> None:
        os.write(answers, json.dumps({"page": page, "of": of}).encode() + b"\n")

    try:
        if task.get("grids"):
            _hand_on(task, tell)
        answer = {"grids": True} if task.get("grids") else _answer(task, told)
        with os.fdopen(answers, "wb") as stream:
            stream.write(json.dumps(answer, separators=(",", ":")).encode() + b"\n")
    except UnreadablePaper as refusal:
        tell({"refused": refusal.code})
    except Exception as error:
        traceback.print_exc()
        tell({"refused": "too_hard" if _lacks_memory(error) else "broken"})
    return 0


def _lacks_memory(error: BaseException) -> bool:
    """Whether memory ran out; libraries in C say so in words of their own, or cannot be loaded for want of it."""
    said = str(error).lower()
    return isinstance(error, (MemoryError, ImportError)) or "alloc" in said or "memory" in said


def _answer(task: dict[str, Any], told: Callable[[int, int], None]) -> dict[str, Any]:
    """What the task asks for: a picture, the tags of a template, a PDF, or the paper."""
    if task.get("draw"):
        return _drawn(task)
    if "check" in task:
        return _checked(task)
    return _printed() if task.get("pdf") else _read(task, told)


def _read(task: dict[str, Any], told: Callable[[int, int], None]) -> dict[str, Any]:
    from luoshi.papers.facts import Limits, as_plain
    from luoshi.papers.reading import read_paper

    limits = Limits(**task["limits"])
    return {"paper": as_plain(read_paper(sys.stdin.buffer.read(), name=task["name"], limits=limits, told=told))}


def _hand_on(task: dict[str, Any], tell: Callable[[dict[str, object]], None]) -> None:
    """The sheets of a workbook, some rows at a time."""
    from luoshi.papers.facts import Limits
    from luoshi.papers.grids import read_blocks

    data = sys.stdin.buffer.read()
    for block in read_blocks(data, name=task["name"], limits=Limits(**task["limits"])):
        tell(block)


def _drawn(task: dict[str, Any]) -> dict[str, Any]:
    from luoshi.papers.drawing import draw_page
    from luoshi.papers.facts import Limits

    data, limits = sys.stdin.buffer.read(), Limits(**task["limits"])
    picture, content_type = draw_page(data, name=task["name"], number=task["draw"], limits=limits)
    return {"picture": base64.b64encode(picture).decode(), "type": content_type}


def _checked(task: dict[str, Any]) -> dict[str, Any]:
    from dataclasses import asdict

    from luoshi.papers.writing import Known, check_template

    fields = task["check"]
    known = Known(frozenset(fields["single"]), {name: frozenset(cells) for name, cells in fields["rows"].items()})
    return {"checked": asdict(check_template(sys.stdin.buffer.read(), known=known, required=task["required"]))}


def _printed() -> dict[str, Any]:
    from luoshi.papers.office import PDF, convert_paper, find_office

    data, office = sys.stdin.buffer.read(), find_office() or ""
    return {"pdf": base64.b64encode(convert_paper(data, ending="docx", to=PDF, office=office)).decode()}


def _only_answers() -> int:
    """A descriptor for the answers; what libraries print goes to standard error instead."""
    answers = os.dup(1)
    os.dup2(2, 1)
    return answers


def bound(task: dict[str, int]) -> None:
    """Bound this process: memory, processor time, files written, no core dumps; and die with the parent."""
    megabyte = 1024 * 1024
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, task["processor_seconds"])
    _limit(resource.RLIMIT_FSIZE, task["written_megabytes"] * megabyte)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, task["megabytes"] * megabyte)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != task["parent"]:
            sys.exit(1)
    with contextlib.suppress(OSError):
        os.nice(NICENESS)


def _limit(what: int, most: int) -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main())

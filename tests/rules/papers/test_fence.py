"""The fence: papers are read in a process of their own that is bounded, told to stop, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from luoshi.papers.fence import UNFENCED, read_fenced
from luoshi.papers.kinds import kind_of
from luoshi.papers.reading import Limits, UnreadablePaper, read_paper
from tests.factories.scans import SIDES, as_jpeg, draw_page, wrap

WORDS = "关于做好工作的通知\n一、落实责任"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory and /proc are Linux's")


def scan() -> bytes:
    return as_jpeg(draw_page(wrap("一、落实责任。（责任单位：市财政局）")).crop((0, 200, SIDES[0], 600)))


def long_scan() -> bytes:
    """A page that takes some seconds."""
    return as_jpeg(draw_page([line for _ in range(11) for line in wrap("一、落实责任，加强督查督办，年内完成任务。")]))


def children(of: int | None = None) -> list[int]:
    """The reading processes that this process, or another, has running."""
    parent = of or os.getpid()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent
            if mine and b"luoshi.papers" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def refused(data: bytes, *, name: str = "scan.jpg", seconds: float = 60, megabytes: int = 1500) -> str:
    with pytest.raises(UnreadablePaper) as caught:
        read_fenced(data, name=name, seconds=seconds, megabytes=megabytes)
    return caught.value.code


def test_paper_read_in_the_fence_is_the_same_paper() -> None:
    assert read_fenced(WORDS.encode(), name="a.txt") == read_paper(WORDS.encode(), name="a.txt")


def test_scan_is_read_within_the_default_memory_and_told_of() -> None:
    told: list[tuple[int, int]] = []
    paper = read_fenced(scan(), name="scan.jpg", told=lambda done, of: told.append((done, of)))
    assert paper.text == "一、落实责任。（责任单位：市财政局）"
    assert paper.paragraphs[0].runs[0].page == 1
    assert told == [(1, 1)]


def test_refusal_of_the_reader_comes_through() -> None:
    assert refused(scan()[:2000]) == "broken"
    assert refused(b"plain words") == "wrong_content"
    assert refused(b"") == "empty"


def test_limits_hold_inside_the_fence() -> None:
    with pytest.raises(UnreadablePaper) as caught:
        read_fenced(scan(), name="scan.jpg", limits=Limits(max_pixels=1000))
    assert caught.value.code == "too_many_pixels"


@on_linux
def test_paper_that_takes_too_long_is_given_up_and_its_process_ended() -> None:
    started = time.monotonic()
    assert refused(long_scan(), seconds=0.5) == "too_hard"
    assert time.monotonic() - started < 5
    assert children() == []


@on_linux
@pytest.mark.parametrize("megabytes", [60, 300, 700])
def test_paper_that_takes_too_much_memory_is_refused(megabytes: int) -> None:
    assert refused(scan(), megabytes=megabytes) == "too_hard"


@on_linux
def test_listener_that_raises_stops_the_reading() -> None:
    def stop(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_fenced(scan(), name="scan.jpg", told=stop)
    assert children() == []


@on_linux
def test_reading_process_knows_no_secrets_and_may_write_and_dump_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def look(_done: int, _of: int) -> None:
        folder = Path("/proc") / str(children()[0])
        seen.extend([(folder / "environ").read_text(), (folder / "limits").read_text()])

    monkeypatch.setenv("LUOSHI_SECRET_KEY", "not-for-the-reader")
    monkeypatch.setenv("DATABASE_URL", "postgres://hidden")
    read_fenced(scan(), name="scan.jpg", megabytes=1600, told=look)
    environment, limits = seen
    assert "hidden" not in environment
    assert "not-for-the-reader" not in environment
    bounds = {line[:25].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert bounds["Max core file size"] == "0"
    assert bounds["Max file size"] == str(1024 * 1024)
    assert bounds["Max address space"] == str(1600 * 1024 * 1024)


@on_linux
def test_reading_process_dies_with_its_parent(tmp_path: Path) -> None:
    (tmp_path / "scan.jpg").write_bytes(long_scan())
    program = (
        "import sys; from luoshi.papers.fence import read_fenced; "
        "read_fenced(open(sys.argv[1], 'rb').read(), name='scan.jpg')"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "scan.jpg")], cwd=os.getcwd())
    deadline = time.monotonic() + 20
    while not (reading := children(parent.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while any(is_running(pid) for pid in reading) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert reading
    assert not any(is_running(pid) for pid in reading)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


@pytest.mark.parametrize("name", ["a.pdf", "a.OFD", "a.png", "a.tiff", "a.doc", "a.wps", "a.xlsx", "a.xls", "a.html"])
def test_risky_kinds_need_the_fence(name: str) -> None:
    assert kind_of(name) not in UNFENCED


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.csv", "unknown", "a.exe"])
def test_plain_kinds_need_no_fence(name: str) -> None:
    assert kind_of(name) in UNFENCED


def test_readers_load_nothing_heavy_before_a_paper_asks_for_it() -> None:
    program = (
        "import sys, luoshi.papers.__main__, luoshi.papers.fence, luoshi.papers.scan; "
        "luoshi.papers.scan.is_available(); "
        "print([name for name in ('django', 'numpy', 'cv2', 'onnxruntime', 'rapidocr') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"

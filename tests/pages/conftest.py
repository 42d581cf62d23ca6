"""Journeys: the program as a user runs it, on the demo county, in a real Chromium."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PASSWORD = "qinghe-2026"
OURS = {"DATABASE_URL", "LUOSHI_VAR_DIR", "DJANGO_SETTINGS_MODULE"}  # set anew for the program under test
PATIENCE = 10_000  # milliseconds
EXPECTED = ("status of 4", "net::ERR_CONNECTION_REFUSED")  # refusals, and a line that a journey cuts on purpose
FLAGS = [
    "--no-sandbox",
    "--lang=zh-CN",
    "--disable-lcd-text",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The steps of a journey stay together; the walk through the pages is shared out among the processes."""
    for item in items:
        module = item.nodeid.partition("::")[0]
        if not module.endswith("test_pages.py"):
            item.add_marker(pytest.mark.xdist_group(module))


@dataclass(frozen=True)
class Server:
    """The program serving the demo county from a database of its own."""

    url: str
    var: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `luoshi …` on the same database."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=environment(self.var), capture_output=True, text=True, check=False,
        )  # fmt: skip


def environment(var: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in OURS}
    return {**kept, "LUOSHI_VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var / 'luoshi.sqlite3'}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plant(var: Path) -> None:
    """Make a database with the demo county."""
    server = Server(url="", var=var)
    for command in (["migrate", "-v0"], ["demo", "--once"]):
        done = server.run(*command)
        assert done.returncode == 0, done.stderr[-3000:]


@contextmanager
def serving(var: Path, *, port: int = 0) -> Iterator[Server]:
    """The program at work on that database."""
    port = port or free_port()
    with (var / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port), "--workers", "1"],
            env=environment(var), cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
    found = Server(url=f"http://127.0.0.1:{port}", var=var)
    try:
        wait_for(found.url + "/accounts/login/")
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def demo_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo county, made once."""
    var = tmp_path_factory.mktemp("demo")
    plant(var)
    return var


@pytest.fixture(scope="module")
def server(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program on a copy of the demo county, so that one module's journeys do not disturb another's."""
    var = tmp_path_factory.mktemp("served")
    shutil.copytree(demo_var, var, dirs_exist_ok=True)
    with serving(var) as found:
        yield found


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = find_browser()
    assert executable, "run `make browser` first"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def sign_in(server: Server, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`sign_in("townclerk", width=390)` gives a page signed in through the real form; console errors fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(username: str, *, width: int = 1366, height: int = 768, locale: str = "zh-CN") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=locale, base_url=server.url, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda m: complaints.append(f"{page.url}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: complaints.append(f"{page.url}: {e}"))
        page.goto("/accounts/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("nav.loop")
        return page

    yield enter
    for context in contexts:
        context.close()
    serious = [c for c in complaints if not any(expected in c for expected in EXPECTED)]
    assert not serious, serious


@pytest.fixture(scope="module")
def landmarks(server: Server) -> dict[str, int]:
    """Where things stand in the demo county, by name."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pages.landmarks"],
        env=environment(server.var), cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, int] = json.loads(done.stdout)
    return found


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """The accessibility violations that axe finds on a page, one line each."""

    def check(page: Page) -> list[str]:
        page.evaluate(AXE)
        found = json.loads(page.evaluate("async () => JSON.stringify((await axe.run(document)).violations)"))
        return [f"{v['id']} {v['help']}: {n['target']} {n['html'][:160]}" for v in found for n in v["nodes"]]

    return check

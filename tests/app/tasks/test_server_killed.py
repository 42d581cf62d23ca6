"""kill -9 of the server itself, while a person's browser waits for a cascade to 5,000 units, leaves all or nothing."""

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode

import pytest

from tests.app.conftest import OwnDatabase
from tests.app.tasks.test_cascade_survives_kill import GIVING, check_whole, look

pytestmark = pytest.mark.one_database  # the kill of the acting process is tried on both
MOMENTS = (0.5, 0.9)  # of the time that a whole cascade takes over HTTP
TOKEN = "t" * 32
SESSION = """
import django; django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from luoshi.orgs.models import Person, Post, Unit
import datetime, json
from luoshi.tasks.models import Task
office = Person.objects.get(username="office")
Post.objects.create(person=office, unit=Unit.objects.get(code="QH"), role="office", from_date=datetime.date(2020, 1, 1))
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(office.pk), "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = office.get_session_auth_hash()
session.create()
print(json.dumps([session.session_key, dict(Task.objects.filter(parent=None).values_list("code", "pk"))]))
"""


class Server:
    """gunicorn with one worker on a database of its own, in a process group that one signal ends."""

    def __init__(self, database: OwnDatabase, session: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.session = session
        command = ("-m", "gunicorn", "--no-control-socket", "--timeout", "300", "-b", self.address, "config.wsgi")
        self.process: subprocess.Popen[str] = database.start(*command)

    def wait(self) -> None:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://{self.address}/accounts/login/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def cascade(self, pk: int) -> bool:
        """Post the form as a browser does; whether the server said that it is done."""
        body = urlencode({"level": "village", "confirm": "1", "csrfmiddlewaretoken": TOKEN}).encode()
        request = urllib.request.Request(f"http://{self.address}/tasks/{pk}/cascade/", data=body)
        request.add_header("Cookie", f"sessionid={self.session}; csrftoken={TOKEN}")
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return bool(answer.url.rstrip("/").endswith(str(pk)))
        except (OSError, urllib.error.HTTPError):
            return False

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def test_server_killed_in_a_cascade_leaves_all_or_nothing(own_database: OwnDatabase) -> None:
    own_database.run(*GIVING, "seed", str(len(MOMENTS) + 1))
    session, pks = json.loads(own_database.run("-c", SESSION))
    codes = sorted(pks)
    whole = Server(own_database, session)
    whole.wait()
    began = time.monotonic()
    assert whole.cascade(pks[codes[0]])
    spent = time.monotonic() - began
    whole.kill()
    given = check_whole(look(own_database))
    assert given == 1
    for code, moment in zip(codes[1:], MOMENTS, strict=True):
        server, said = Server(own_database, session), []
        server.wait()
        asking = threading.Thread(target=lambda s=server, c=code, kept=said: kept.append(s.cascade(pks[c])))
        asking.start()
        time.sleep(spent * moment)
        server.kill()
        asking.join()
        found = check_whole(look(own_database))
        assert given + said[0] <= found <= given + 1
        given = found
    assert given < len(codes), "no kill came in time"

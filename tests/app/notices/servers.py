"""Small servers on real sockets that behave like a robot platform and like a mail server."""

import base64
import hashlib
import hmac
import json
import socketserver
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "5f3c"


@dataclass
class Platform:
    """A platform's gate: checks key, signature, keyword and speed as the real one does, and keeps what it took.

    `script` holds answers that are given first, whatever is sent: a status, a status with headers, "slow" or "close".
    """

    channel: str
    secret: str = ""
    keyword: str = ""
    script: deque[Any] = field(default_factory=deque)
    taken: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    asked: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    limit: int = 20
    port: int = 0

    @property
    def url(self) -> str:
        path = {
            "dingtalk": f"/robot/send?access_token={KEY}", "wecom": f"/cgi-bin/webhook/send?key={KEY}",
            "feishu": f"/open-apis/bot/v2/hook/{KEY}", "webhook": "/hook",
        }[self.channel]  # fmt: skip
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        """What the platform says to a message."""
        return getattr(self, f"_{self.channel}")(urlsplit(path), headers, body)

    def _dingtalk(self, path: Any, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        query = {name: values[0] for name, values in parse_qs(path.query).items()}
        if query.get("access_token") != KEY:
            return 200, {"errcode": 300005, "errmsg": "token is not exist"}
        if self.secret:
            stamp = query.get("timestamp", "0")
            wanted = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
            if query.get("sign") != base64.b64encode(wanted).decode() or len(stamp) != 13:
                return 200, {"errcode": 310000, "errmsg": "sign not match"}
        data = json.loads(body)
        if self.keyword not in data["text"]["content"]:
            return 200, {"errcode": 310000, "errmsg": "keywords not in content"}
        return self._take(data, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})

    def _wecom(self, path: Any, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        if parse_qs(path.query).get("key") != [KEY]:
            return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
        data = json.loads(body)
        if len(data["text"]["content"].encode()) > 2048:
            return 200, {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}
        return self._take(data, {"errcode": 45009, "errmsg": "api freq out of limit"})

    def _feishu(self, path: Any, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        data = json.loads(body)
        if not path.path.endswith(KEY):
            return 200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        key = f"{data.get('timestamp')}\n{self.secret}".encode()
        if self.secret and data.get("sign") != base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode():
            return 200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        if self.keyword not in data["content"]["text"]:
            return 200, {"code": 19024, "msg": "Key Words Not Found"}
        return self._take(data, {"code": 11232, "msg": "frequency limited"}, ok={"code": 0, "msg": "success"})

    def _webhook(self, path: Any, headers: Any, body: bytes) -> tuple[int, dict[str, Any]]:
        id, stamp = headers["webhook-id"], headers["webhook-timestamp"]
        signed = hmac.new(self.secret.encode(), f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        if headers["webhook-signature"] != "v1," + base64.b64encode(signed).decode():
            return 401, {"error": "signature"}
        if id not in self.ids:  # as the standard asks of a receiver
            self.ids.append(id)
            self.taken.append(json.loads(body))
        return 204, {}

    def _take(self, data: dict[str, Any], slow: dict[str, Any], ok: Any = None) -> tuple[int, dict[str, Any]]:
        if len(self.taken) >= self.limit:
            return 200, slow
        self.taken.append(data)
        return 200, ok or {"errcode": 0, "errmsg": "ok"}

    @property
    def texts(self) -> list[str]:
        return [(item.get("text") or item["content"]).get("content") or item["content"]["text"] for item in self.taken]


@contextmanager
def serve_platform(platform: Platform) -> Iterator[Platform]:
    """Serve a platform on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            platform.asked += 1
            script = platform.script.popleft() if platform.script else None
            if script == "slow":
                platform.answer(self.path, self.headers, body)
                platform.arrived.set()
                time.sleep(3)
                return
            if script == "close":
                self.connection.close()
                return
            status, headers = script if isinstance(script, tuple) else (script, {})
            data: dict[str, Any] = {}
            if status is None:
                status, data = platform.answer(self.path, self.headers, body)
            self._reply(status, headers, data)

        def _reply(self, status: int, headers: dict[str, str], data: dict[str, Any]) -> None:
            body = json.dumps(data).encode() if status != 204 else b""
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            platform.arrived.set()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    platform.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class MailServer:
    """What a mail server took; `script` holds the answers to the next RCPT commands, "close" breaks the connection."""

    script: deque[str] = field(default_factory=deque)
    refused: set[str] = field(default_factory=set)
    letters: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    needs_login: bool = False

    @property
    def to(self) -> list[str]:
        return [str(letter["To"]) for letter in self.letters]


class MailHandler(socketserver.StreamRequestHandler):
    """Obeys the commands of one connection."""

    mail: MailServer
    lock = threading.Lock()

    def handle(self) -> None:
        self.mail.connections += 1
        self.say("220 mail.example ESMTP")
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            if not self.obey(verb.upper(), rest):
                break

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def obey(self, verb: str, rest: str) -> bool:
        if verb == "EHLO":
            self.say("250-mail.example")
            self.say("250 8BITMIME")
        elif verb == "MAIL" and self.mail.needs_login:
            self.say("530 5.7.0 Authentication required")
        elif verb == "RCPT":
            return self.recipient(rest.partition("<")[2].partition(">")[0])
        elif verb == "DATA":
            self.say("354 go on")
            self.keep()
            self.say("250 2.0.0 queued")
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 ok")
        return True

    def recipient(self, address: str) -> bool:
        with self.lock:
            word = self.mail.script.popleft() if self.mail.script else ""
        if word == "close":
            return False
        self.say("550 5.1.1 no such user" if address in self.mail.refused else word or "250 ok")
        return True

    def keep(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        with self.lock:
            found = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.mail.letters.append(found)


@contextmanager
def serve_mail(mail: MailServer) -> Iterator[MailServer]:
    """Serve SMTP on a port of this machine."""

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address, daemon_threads = True, True

    server = Server(("127.0.0.1", 0), type("Handler", (MailHandler,), {"mail": mail}))
    mail.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield mail
    finally:
        server.shutdown()
        server.server_close()

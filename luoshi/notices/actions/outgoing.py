"""Speaking to an address outside: resolved once, checked, and spoken to at exactly that address."""

import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address

import httpx
from django.conf import settings

from luoshi.notices.queries.wishes import get_allowed
from luoshi.notices.rules.addresses import IP, Target, may_reach, read_target
from luoshi.notices.rules.answers import Trouble

LONGEST_ANSWER = 64 * 1024
PATIENCE = 3  # times the seconds of one step: an answer that drips is cut off


class Unreachable(Exception):
    """Nothing was written yet: the address is not to be spoken to, unknown, or does not answer."""

    def __init__(self, trouble: Trouble, words: str = "") -> None:
        super().__init__(words)
        self.trouble, self.words = trouble, words[:150]


class NoAnswer(Exception):
    """It was written, and no answer came: whether it was taken is not known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, read no further than LONGEST_ANSWER."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(url: str) -> tuple[Target, IP]:
    """The parts of an address and the one IP to speak to. Raises Unreachable, also when one of several is inside."""
    target = read_target(url)
    if target is None:
        raise Unreachable(Trouble.ADDRESS, url[:60])
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(Trouble.UNKNOWN_HOST, f"{target.host}: {error}") from None
    ips = [ip_address(str(address[4][0]).partition("%")[0]) for address in found]
    allowed = get_allowed()
    if not ips or not all(may_reach(target, ip, allowed=allowed) for ip in ips):
        raise Unreachable(Trouble.ADDRESS, target.named)
    return target, ips[0]


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Post once: no redirects, no proxy, no other address than the one that was checked. Unreachable, NoAnswer."""
    target, ip = resolve(url)
    seconds = settings.NOTICES["OUTGOING_SECONDS"]
    client = httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False, verify=_trust())
    sent = {**headers, "Host": target.named, "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Luoshi", "Accept": "application/json", "Accept-Encoding": "identity"}  # fmt: skip
    given_up = threading.Timer(seconds * PATIENCE, client.close)
    given_up.daemon = True
    given_up.start()
    try:
        request = client.build_request(
            "POST", target.at(ip), content=body, headers=sent, extensions={"sni_hostname": target.host}
        )
        return _exchange(client, request)
    finally:
        given_up.cancel()
        client.close()


@cache
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _exchange(client: httpx.Client, request: httpx.Request) -> Reply:
    try:
        response = client.send(request, stream=True)
        received = b""
        for chunk in response.iter_raw():
            received += chunk
            if len(received) > LONGEST_ANSWER:
                break
        response.close()
        return Reply(response.status_code, dict(response.headers), received[:LONGEST_ANSWER])
    except httpx.ConnectTimeout as error:
        raise Unreachable(Trouble.SILENT, str(error)) from None
    except httpx.ConnectError as error:
        raise Unreachable(Trouble.CERTIFICATE if _is_about_certificate(error) else Trouble.SILENT, str(error)) from None
    except (httpx.HTTPError, httpx.InvalidURL, RuntimeError, OSError) as error:
        raise NoAnswer(type(error).__name__) from None


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False

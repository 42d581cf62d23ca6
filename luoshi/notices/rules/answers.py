"""What the answer of a channel means: taken, later, or not before somebody mends something."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

from luoshi.notices.rules.kinds import Channel

MINUTE = timedelta(minutes=1)
TEN_MINUTES = timedelta(minutes=10)


class Verdict(StrEnum):
    """What to do with the delivery."""

    TAKEN = "taken"
    LATER = "later"
    STOP = "stop"


class Trouble(StrEnum):
    """Why something was not taken, by what is to be done about it."""

    SIGNATURE = "signature"
    KEYWORD = "keyword"
    SENDER_IP = "sender_ip"
    GONE = "gone"
    MALFORMED = "malformed"
    FORBIDDEN = "forbidden"
    REDIRECT = "redirect"
    ADDRESS = "address"
    CERTIFICATE = "certificate"
    UNKNOWN_HOST = "unknown_host"
    SILENT = "silent"
    BUSY = "busy"
    TOO_FAST = "too_fast"
    STRANGE = "strange"
    MAILBOX = "mailbox"
    MAIL_LOGIN = "mail_login"
    MAIL_OFF = "mail_off"
    NO_TRACE = "no_trace"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, the trouble if there is one, the other side's own words, and the wait that it asked for."""

    verdict: Verdict
    trouble: str = ""
    words: str = ""
    wait: timedelta | None = None


TAKEN = Answer(Verdict.TAKEN)
DINGTALK_STOPS = {
    300001: Trouble.MALFORMED, 300005: Trouble.GONE, 400013: Trouble.GONE, 400101: Trouble.GONE, 400102: Trouble.GONE,
    400105: Trouble.MALFORMED, 40035: Trouble.MALFORMED, 43004: Trouble.MALFORMED, 460101: Trouble.MALFORMED,
    430101: Trouble.FORBIDDEN, 430102: Trouble.FORBIDDEN, 430103: Trouble.FORBIDDEN, 430104: Trouble.FORBIDDEN,
}  # fmt: skip
DINGTALK_WAITS = {130101, 410100}
WECOM_STOPS = {
    93000: Trouble.GONE, 93008: Trouble.GONE, 40008: Trouble.MALFORMED, 40058: Trouble.MALFORMED,
    44004: Trouble.MALFORMED, 45002: Trouble.MALFORMED,
}  # fmt: skip
WECOM_WAITS = {45009, 45033}
FEISHU_STOPS = {
    19001: Trouble.GONE, 19002: Trouble.MALFORMED, 19021: Trouble.SIGNATURE, 19022: Trouble.SENDER_IP,
    19024: Trouble.KEYWORD,
}  # fmt: skip
FEISHU_WAITS = {11232, 11233, 11247}
HTTP_STOPS = {
    400: Trouble.MALFORMED, 401: Trouble.SIGNATURE, 403: Trouble.FORBIDDEN, 404: Trouble.GONE, 405: Trouble.GONE,
    410: Trouble.GONE, 413: Trouble.MALFORMED, 415: Trouble.MALFORMED, 422: Trouble.MALFORMED,
}  # fmt: skip


def read_answer(channel: str, *, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """What an HTTP answer means. Of the three platforms only the code inside a 200 tells whether it was taken."""
    wait = read_retry_after(headers.get("retry-after", ""), now=now)
    data = _object(body)
    words = str(data.get("errmsg") or data.get("msg") or data.get("StatusMessage") or "")[:150]
    if channel == Channel.DINGTALK and data.get("punish"):  # its gate answers before the robot does
        return _slow(words, wait or _seconds(data.get("wait")) or TEN_MINUTES)
    if status == 429:
        return _slow(words, wait or MINUTE)
    if 300 <= status < 400:
        return Answer(Verdict.STOP, Trouble.REDIRECT, f"HTTP {status}")
    if status in HTTP_STOPS and channel == Channel.WEBHOOK:
        return Answer(Verdict.STOP, HTTP_STOPS[status], f"HTTP {status}")
    if status == 200 and channel != Channel.WEBHOOK:
        return _read_code(channel, data, words)
    if 200 <= status < 300:
        return TAKEN
    return Answer(Verdict.LATER, Trouble.BUSY, f"HTTP {status} {words}".strip(), wait)


def _read_code(channel: str, data: Mapping[str, Any], words: str) -> Answer:
    code = data.get("errcode", data.get("code", data.get("StatusCode")))
    if not isinstance(code, int) or isinstance(code, bool):
        return Answer(Verdict.LATER, Trouble.STRANGE, words)
    if code == 0:
        return TAKEN
    words = f"{code} {words}"
    read = {Channel.DINGTALK: _dingtalk, Channel.WECOM: _wecom, Channel.FEISHU: _feishu}[Channel(channel)]
    return read(code, words)


def _dingtalk(code: int, words: str) -> Answer:
    if code == 310000:
        low = words.lower()
        trouble = Trouble.KEYWORD if "keyword" in low else Trouble.SENDER_IP if " ip" in low else Trouble.SIGNATURE
        return Answer(Verdict.STOP, trouble, words)
    if code in DINGTALK_WAITS:
        return _slow(words, TEN_MINUTES)  # a robot that was too fast is silenced for ten minutes
    return _by_table(code, words, DINGTALK_STOPS)


def _wecom(code: int, words: str) -> Answer:
    return _slow(words, MINUTE) if code in WECOM_WAITS else _by_table(code, words, WECOM_STOPS)


def _feishu(code: int, words: str) -> Answer:
    if code in FEISHU_WAITS or (code == 9499 and "too many" in words.lower()):
        return _slow(words, MINUTE)
    return _by_table(code, words, {**FEISHU_STOPS, 9499: Trouble.MALFORMED})


def _by_table(code: int, words: str, stops: Mapping[int, Trouble]) -> Answer:
    if code in stops:
        return Answer(Verdict.STOP, stops[code], words)
    return Answer(Verdict.LATER, Trouble.BUSY, words)


def _slow(words: str, wait: timedelta) -> Answer:
    return Answer(Verdict.LATER, Trouble.TOO_FAST, words, wait)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(value: object) -> timedelta | None:
    return timedelta(seconds=value) if isinstance(value, int) and 0 < value < 10**6 else None


def read_retry_after(text: str, *, now: datetime) -> timedelta | None:
    """The wait that a Retry-After asks for, in seconds or as a date; None for none that can be read."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 7:
        return timedelta(seconds=int(text))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - now, timedelta(0))


def read_smtp(code: int, words: str) -> Answer:
    """What a mail server's answer to one letter means: 4xx later, 5xx not to this mailbox."""
    said = f"{code} {words}"[:150]
    if code in (530, 534, 535, 538):
        return Answer(Verdict.LATER, Trouble.MAIL_LOGIN, said)
    if 500 <= code < 600 and code not in (500, 502, 503):
        return Answer(Verdict.STOP, Trouble.MAILBOX, said)
    return Answer(Verdict.LATER, Trouble.BUSY, said)

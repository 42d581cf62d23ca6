"""How each channel signs what it is sent, and the form that it takes."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from luoshi.notices.rules.kinds import Channel

LONGEST: dict[str, int] = {  # bytes of text that each platform takes, less a little
    Channel.DINGTALK: 18_000,
    Channel.WECOM: 2_000,
    Channel.FEISHU: 18_000,
    Channel.WEBHOOK: 100_000,
}
WEBHOOK_SECRET = "whsec_"  # noqa: S105 - the mark that such secrets begin with


def sign_dingtalk(secret: str, *, millis: int) -> str:
    """Base64 of HMAC-SHA256 over "timestamp, newline, secret" with the secret as key."""
    return _digest(secret.encode(), f"{millis}\n{secret}".encode())


def sign_feishu(secret: str, *, seconds: int) -> str:
    """Base64 of HMAC-SHA256 over nothing, with "timestamp, newline, secret" as key."""
    return _digest(f"{seconds}\n{secret}".encode(), b"")


def sign_webhook(secret: str, *, id: str, seconds: int, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 over id, timestamp and body, joined by dots."""
    return "v1," + _digest(webhook_key(secret), f"{id}.{seconds}.".encode() + body)


def webhook_key(secret: str) -> bytes:
    """The bytes that sign: what `whsec_` names in base64, else the text itself."""
    if secret.startswith(WEBHOOK_SECRET):
        try:
            return base64.b64decode(secret.removeprefix(WEBHOOK_SECRET), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _digest(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def with_query(url: str, **more: str) -> str:
    """The address with more in its query; what it had stays."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in more]
    return urlunsplit(parts._replace(query=urlencode([*query, *more.items()])))


def fit(text: str, *, limit: int) -> str:
    """The text in at most `limit` bytes, whole lines where that is possible."""
    data = text.encode()
    if len(data) <= limit:
        return text
    cut = data[: limit - 3].decode(errors="ignore")
    head, newline, _rest = cut.rpartition("\n")
    return (head if newline and len(head) > len(cut) // 2 else cut) + "…"


def body_for(channel: str, *, text: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is posted, before it is signed."""
    if channel == Channel.WEBHOOK:
        return dict(payload)
    said = fit(text, limit=LONGEST[channel])
    if channel == Channel.FEISHU:
        return {"msg_type": "text", "content": {"text": said}}
    return {"msgtype": "text", "text": {"content": said}}


def as_bytes(body: Mapping[str, Any]) -> bytes:
    """The body as it is signed and sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

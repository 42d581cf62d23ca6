"""Words that the database keeps unreadable: robots' addresses and secrets, keys of the second factor.

A copy of the database alone, such as a backup, then opens no group chat and passes for nobody. The seal is Fernet's
(AES-128-CBC with HMAC-SHA256), its key made from LUOSHI_SECRET_KEY.
"""

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

MARK = "gAAAA"  # every sealed text begins so: its version and the upper half of its time


@cache
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"luoshi.sealing" + key.encode()).digest()))


def seal(text: str) -> str:
    """The text sealed; an empty one stays empty."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode("ascii") if text else ""


def unseal(text: str) -> str:
    """The text that was sealed; one that never was, as it is; empty where the site's key is another one now."""
    if not text.startswith(MARK):
        return text
    try:
        return _box(settings.SECRET_KEY).decrypt(text.encode()).decode()
    except InvalidToken:
        return ""


if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    Text = models.TextField


class SealedField(Text):
    """Text that is sealed in the database alone. It cannot be searched for; two seals of one text differ."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if isinstance(value, str) else value

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> Any:
        return unseal(value) if isinstance(value, str) else value

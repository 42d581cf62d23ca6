"""Walking every address as every member of the cast, and saying in one word what happened."""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.app.world import World

NOT_OURS = ("admin", "account", "mfa")  # Django's and allauth's own pages, tested where we changed them
CAST = (
    "leader sponsor office officeclerk observer depthead deptclerk otherclerk townhead townclerk outsider baishi admin"
).split()
# Rights are Python and ask both databases the same: on the second one walk those who between them open every page.
WALKERS = (
    CAST
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else ["office", "deptclerk", "townhead", "admin"]
)


def names() -> list[str]:
    """Every address of ours by name, in the order of the URL configuration."""
    return list(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or space
            if inner.startswith(NOT_OURS) or str(pattern.pattern).startswith(("accounts/", "admin/", "api/")):
                continue
            yield from _names(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}:{pattern.name}"


def outcome(client: Client, world: World, name: str, method: str) -> str:
    """may · 403 (seen, not permitted) · 404 (not visible) · 405 (no such method) · login. Nothing stays changed."""
    url = reverse(name, kwargs=world.of(name) or None)
    with transaction.atomic():
        response = client.post(url, world.posted(name)) if method == "POST" else client.get(url)
        transaction.set_rollback(True)
    code = response.status_code
    if code in (403, 404, 405):
        return str(code)
    if code in (301, 302) and response["Location"].startswith("/accounts/login/"):
        return "login"
    assert code < 500, (name, method, code)
    return "may"

"""Turns a refusal that a view let through into a readable page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from luoshi.core.errors import Refusal


class RefusalMiddleware:
    """A Refusal becomes a page (or an HTMX fragment) that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """A NUL cannot be stored or searched for (PostgreSQL refuses it): said here, once for every page."""
        given = (request.GET, request.POST) if request.method == "POST" else (request.GET,)
        if not any("\0" in text for query in given for _key, texts in query.lists() for text in texts):
            return None
        sentence = _("The address or the form holds a character that no text contains. Remove it and try again.")
        return render(request, "core/refusal.html", {"sentence": sentence}, status=400)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "core/refusal.html", {"sentence": exception.sentence}, status=exception.status)

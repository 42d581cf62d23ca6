"""Turns a refusal that a view let through into a readable page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from luoshi.core.errors import Refusal


class RefusalMiddleware:
    """A Refusal becomes a page (or an HTMX fragment) that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return render(request, "core/refusal.html", {"sentence": exception.sentence}, status=exception.status)

"""Every page needs a signed-in person, and every request knows that person's access."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from luoshi.core.clock import today
from luoshi.orgs.models import Person
from luoshi.orgs.queries import get_access
from luoshi.orgs.rules import Access


class SignedRequest(HttpRequest):
    """A request after sign-in, as views see it."""

    user: Person
    access: Access
    htmx: HtmxDetails


class SignInMiddleware(LoginRequiredMiddleware):
    """All views need sign-in unless marked otherwise; the API answers for itself with its tokens."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        if request.path.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class AccessMiddleware:
    """Puts `request.access` there: the posts held today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            cast(SignedRequest, request).access = get_access(request.user, today=today())
        return self.get_response(request)

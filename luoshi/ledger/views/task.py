"""The task page."""

from django.http import HttpResponse

from luoshi.orgs.middleware import SignedRequest


def task(request: SignedRequest, id: int) -> HttpResponse:
    return HttpResponse("")

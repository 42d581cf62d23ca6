"""Forms of organisation and sign-in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the organisation, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

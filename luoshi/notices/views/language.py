"""The choice of language, in the head of each page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from luoshi.notices.actions.wishing import choose_language
from luoshi.orgs.models import Person


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Show pages in the chosen language from now on, write to whoever is signed in in it, and go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Person):
        choose_language(request.user, language=code)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=31536000, samesite="Lax", secure=settings.HTTPS, httponly=True
    )
    return response

"""The journal page and the choice of language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from luoshi.core.pagination import paginate
from luoshi.core.queries import list_entries


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """What was done, by whom, when, within the units that the reader oversees."""
    access = request.access  # type: ignore[attr-defined]
    entries = list_entries(paths=None if access.admin else access.paths, text=request.GET.get("q", "")[:100])
    page = paginate(entries, number=request.GET.get("page", "1"))
    return render(request, "core/journal.html", {"page": page, "q": request.GET.get("q", "")})


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language in a cookie and go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    code = request.POST.get("language", "")
    if check_for_language(code):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=31536000, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    return response

"""The journal page, the working-day calendar and the choice of language."""

from datetime import date

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core import clock
from luoshi.core.actions import NoSuchDay, SameAsPlainWeek, clear_calendar_day, set_calendar_day
from luoshi.core.errors import NotAllowed
from luoshi.core.forms import FIRST_YEAR, LAST_YEAR, ClearForm, DayForm
from luoshi.core.pagination import paginate
from luoshi.core.queries import list_calendar_days, list_entries

CALENDAR_ROLES = ("office", "head")


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """What was done, by whom, when, within the units that the reader oversees."""
    access = request.access  # type: ignore[attr-defined]
    entries = list_entries(paths=None if access.admin else access.paths, text=request.GET.get("q", "")[:100])
    page = paginate(entries, number=request.GET.get("page", "1"))
    return render(request, "core/journal.html", {"page": page, "q": request.GET.get("q", "")})


@require_http_methods(["GET", "POST"])
def calendar_days(request: HttpRequest) -> HttpResponse:
    """The days of a year that differ from the plain week; offices of a government or company enter them."""
    may, day = _keeps_calendar(request), clock.today()
    if request.method == "POST" and not may:
        raise NotAllowed
    form = DayForm(request.POST or None, initial={"is_workday": "0"})
    if form.is_valid():
        try:
            set_calendar_day(**form.cleaned_data, by=_person(request), now=clock.now())
        except SameAsPlainWeek as refusal:
            form.add_error("is_workday", str(refusal.sentence))
        else:
            return _to_year(form.cleaned_data["day"])
    year = _year(request.GET.get("year", ""), today=day)
    words = {"form": form, "may": may, "year": year, "days": list_calendar_days(year), "first": FIRST_YEAR}
    return render(request, "core/days.html", {**words, "last": LAST_YEAR}, status=422 if form.errors else 200)


@require_POST
def remove_calendar_day(request: HttpRequest) -> HttpResponse:
    """Let a day follow the plain week again."""
    if not _keeps_calendar(request):
        raise NotAllowed
    form = ClearForm(request.POST)
    if not form.is_valid():
        raise NoSuchDay
    clear_calendar_day(form.cleaned_data["day"], by=_person(request), now=clock.now())
    return _to_year(form.cleaned_data["day"])


def _keeps_calendar(request: HttpRequest) -> bool:
    """Is this an administrator, or the office or head of a government or company itself?"""
    access = request.access  # type: ignore[attr-defined]
    return access.admin or any(s.role in CALENDAR_ROLES and s.path == s.home for s in access.seats)


def _person(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


def _to_year(day: date) -> HttpResponse:
    return redirect(f"{reverse('core:calendar_days')}?year={day.year}")


def _year(text: str, *, today: date) -> int:
    known = text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR
    return int(text) if known else today.year


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

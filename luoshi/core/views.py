"""The journal page, the working-day calendar, and what happens by itself."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core import clock
from luoshi.core.actions import (
    NoSuchDay,
    NothingRead,
    SameAsPlainWeek,
    clear_calendar_day,
    run_again,
    set_calendar_day,
    set_calendar_list,
)
from luoshi.core.clockwork import list_routines
from luoshi.core.errors import NotAllowed
from luoshi.core.forms import FIRST_YEAR, LAST_YEAR, ClearForm, DayForm, HolidaysForm
from luoshi.core.pagination import paginate
from luoshi.core.queries import (
    get_calendar,
    get_timekeeper,
    list_calendar_days,
    list_entries,
    list_routine_lines,
    list_unknown_years,
    may_keep_calendar,
)
from luoshi.core.rules.holidays import HolidayLine, read_holidays


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
    day = clock.today()
    if request.method == "POST" and not _keeps_calendar(request):
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
    return _show_days(request, year=year, form=form, status=422 if form.errors else 200)


@require_POST
def paste_holidays(request: HttpRequest) -> HttpResponse:
    """Read the official notice of a year; its days are shown first, and entered when that is confirmed."""
    if not _keeps_calendar(request):
        raise NotAllowed
    year, form = _year(request.GET.get("year", ""), today=clock.today()), HolidaysForm(request.POST)
    read = read_holidays(form.cleaned_data["text"], year=year) if form.is_valid() else ()
    if form.is_valid() and not read:
        form.add_error("text", str(NothingRead.sentence))
    if form.is_valid() and form.cleaned_data["confirm"]:
        set_calendar_list(read, by=_person(request), now=clock.now())
        return _to_year(date(year, 1, 1))
    return _show_days(request, year=year, notice=form, read=read, status=422 if form.errors else 200)


def _show_days(
    request: HttpRequest, *, year: int, form: DayForm | None = None, notice: HolidaysForm | None = None,
    read: Sequence[HolidayLine] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    words = {
        "form": form or DayForm(initial={"is_workday": "0"}),
        "notice": notice or HolidaysForm(),
        "read": read,
        "may": _keeps_calendar(request),
        "year": year,
        "days": list_calendar_days(year),
        "known": get_calendar(date(year, 1, 1), date(year, 12, 31)).knows(year),
        "first": FIRST_YEAR,
        "last": LAST_YEAR,
    }
    return render(request, "core/days.html", words, status=status)


@require_GET
def routines(request: HttpRequest) -> HttpResponse:
    """What happens by itself, when it last did and what is late; for administrators, and offices and heads on top."""
    if not _keeps_calendar(request):
        raise NotAllowed
    now = clock.now()
    words = {
        "lines": list_routine_lines(list_routines(), now=now),
        "keeper": get_timekeeper(now=now),
        "unknown_years": list_unknown_years(clock.today()),
    }
    return render(request, "core/routines.html", words)


@require_POST
def try_again(request: HttpRequest, id: int) -> HttpResponse:
    """Let a run that was given up be tried again."""
    if not _keeps_calendar(request):
        raise NotAllowed
    run_again(id, by=_person(request), now=clock.now())
    return redirect("core:routines")


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
    return may_keep_calendar(request.access)  # type: ignore[attr-defined]


def _person(request: HttpRequest) -> AbstractBaseUser:
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


def _to_year(day: date) -> HttpResponse:
    return redirect(f"{reverse('core:calendar_days')}?year={day.year}")


def _year(text: str, *, today: date) -> int:
    known = text.isascii() and text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR
    return int(text) if known else today.year

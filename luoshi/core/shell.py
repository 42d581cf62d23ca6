"""The page shell: the Jinja2 environment with translation, and what every page knows."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from jinja2 import Environment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAVIGATION: "tuple[tuple[str, StrOrPromise, str], ...]" = (  # the loop, in its order: room, name, first page
    ("insight", _("Needle"), "insight:needle"),
    ("directives", _("Directives"), "directives:list"),
    ("ledger", _("Ledger"), "ledger:list"),
    ("schedule", _("Calendar"), "schedule:year"),
    ("supervision", _("Supervision"), "supervision:queue"),
    ("letters", _("Letters"), "letters:list"),
    ("orgs", _("Organisation"), "orgs:units"),
    ("core", _("Journal"), "core:journal"),
)
Counter = Callable[[HttpRequest], int]
_counters: dict[str, Counter] = {}
_verbs: dict[str, "StrOrPromise"] = {}


def add_counter(name: str, counter: Counter) -> None:
    """A number that every page's frame shows (unread notices); rooms add theirs in apps.py. It is asked for lazily."""
    _counters[name] = counter


def add_verbs(labels: Mapping[str, "StrOrPromise"]) -> None:
    """How the journal's page names what was done; rooms add theirs in apps.py."""
    _verbs.update(labels)


def verb_label(verb: str) -> str:
    """What an entry's verb is called in the reader's language."""
    return str(_verbs.get(verb, verb))


def navigation() -> list[tuple[str, str, str]]:
    """The rooms of the loop that this installation has, with the name and the path of their first pages."""
    return [(room, str(label), target) for room, label, name in NAVIGATION if (target := url(name))]


def environment(**options: Any) -> Environment:
    """Django's Jinja2 environment with gettext, URLs and the formats of dates and quantities."""
    env = Environment(  # noqa: S701 - Django passes autoescape=True in options
        **{**options, "extensions": ["jinja2.ext.i18n", "jinja2.ext.loopcontrols"]}
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    env.globals.update(static=static, url=url, lang=translation.get_language, query=query, verb_label=verb_label)
    env.globals.update(navigation=navigation)
    env.filters.update(day=day, moment=moment, quantity=quantity, percent=percent, period=period)
    env.policies["ext.i18n.trimmed"] = True
    return env


def context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: the site, who reads it, where it stands, and the counters."""
    match = request.resolver_match
    token = get_token(request)
    return {
        "csrf_token": token,  # once for all forms of the page: Django would draw it anew for each
        "csrf_input": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token),
        "site_name": settings.LUOSHI_SITE_NAME,
        "user": getattr(request, "user", None),
        "access": getattr(request, "access", None),
        "here": match.app_name if match else "",
        "counters": {name: (lambda c=counter: c(request)) for name, counter in _counters.items()},
    }


def url(name: str, *args: object, **kwargs: object) -> str:
    """The path of a named page; empty for a page that this installation does not have."""
    if not args and not kwargs:
        return _path(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


@cache
def _path(name: str, urlconf: str, _prefix: str) -> str:
    """The path of a page that is one for all, looked up once: every page's frame holds some thirty of them."""
    try:
        return reverse(name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def query(request: HttpRequest, **changes: object) -> str:
    """The request's query string with some parameters changed; None or "" removes one."""
    params = request.GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            params.pop(key, None)
        else:
            params[key] = str(value)
    return "?" + params.urlencode()


def day(value: date | None, *, short: bool = False) -> str:
    """A date as ISO text, without the year when `short`; a dash for none."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.strftime("%m-%d") if short else value.isoformat()


def moment(value: datetime | None) -> str:
    """A moment in Beijing time to the minute."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


def period(key: str) -> str:
    """A reporting period as people say it: weeks, quarters and halves in words; months and years stay as they are."""
    year, _dash, part = key.partition("-")
    kind, number = part[:1], part[1:].lstrip("0")
    if kind == "W":
        return gettext("week %(n)s of %(year)s") % {"n": number, "year": year}
    if kind == "Q":
        return gettext("quarter %(n)s of %(year)s") % {"n": number, "year": year}
    if kind == "H":
        words = gettext("first half of %(year)s") if number == "1" else gettext("second half of %(year)s")
        return words % {"year": year}
    return key


def quantity(value: Decimal | int | None, places: int | None = None) -> str:
    """A quantity without trailing zeros and with thousands apart; a dash for missing, 0 for zero.

    With `places` it is rounded to so many, half up, as on paper.
    """
    if value is None:
        return "—"
    number = Decimal(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{number.normalize():f}" if number else "0"
    whole, _point, fraction = text.partition(".")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "") if whole.lstrip("-") else text


def percent(value: Decimal | None) -> str:
    """A percentage to at most one decimal; a dash for missing, 0% for zero."""
    if value is None:
        return "—"
    return f"{round(Decimal(value), 1).normalize() + 0:f}%"

"""Pages of what one wishes to hear, of the robots of a unit, and of what was delivered."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.core.clock import now, today
from luoshi.core.errors import Refusal
from luoshi.core.pagination import paginate
from luoshi.notices.actions.robots import add_robot, edit_robot, mute_robot, remove_robot, try_robot
from luoshi.notices.actions.sending import send_again
from luoshi.notices.actions.wishing import set_wishes
from luoshi.notices.forms import RobotForm, StepForm, WishForm
from luoshi.notices.forms.channels import ROBOT_FIELDS
from luoshi.notices.jobs import send_deliveries
from luoshi.notices.models import STATE_LABELS, TROUBLE_TEXTS, Robot
from luoshi.notices.queries.deliveries import (
    check_keeps_robots,
    count_by_state,
    get_delivery_for,
    get_robot_for,
    list_last_deliveries,
    list_own_deliveries,
    list_robot_units,
    list_robots,
    list_unit_deliveries,
    may_keep,
    may_see_units,
)
from luoshi.notices.queries.wishes import Wishes, get_wishes, is_mail_on
from luoshi.orgs.middleware import SignedRequest
from luoshi.orgs.models import Person
from luoshi.orgs.rules import administers_any


@require_http_methods(["GET", "POST"])
def wishes(request: SignedRequest) -> HttpResponse:
    """How I am told."""
    held = get_wishes(request.user)
    form = WishForm(request.POST or None, initial=_initial(request.user, held))
    status = 200
    if request.method == "POST" and form.is_valid():
        given = {n: v for n, v in form.cleaned_data.items() if not n.startswith("how_")}
        try:
            set_wishes(request.user, **given, groups=form.groups(), by=request.user, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, _("Kept. You are told as you wished from now on."))
            return redirect("notices:wishes")
    context = {
        "form": form, "held": held, "mail_on": is_mail_on(), "keeps_robots": administers_any(request.access),
        "site_quiet": settings.NOTICES["QUIET_HOURS"], "trouble": TROUBLE_TEXTS["mailbox"],
    }  # fmt: skip
    return render(request, "notices/wishes.html", context, status=422 if form.errors and status == 200 else status)


def _initial(person: Person, held: Wishes) -> dict[str, Any]:
    own = getattr(person, "wish", None)
    shown = {f"how_{group}": how for group, how in held.groups.items()}
    return shown | {
        "email": person.email, "digest_at": own and own.digest_at and own.digest_at.isoformat("minutes"),
        "quiet_from": own and own.quiet_from, "quiet_until": own and own.quiet_until,
        "wants_urgent": bool(own and own.wants_urgent), "language": own.language if own else "",
        "version": held.version,
    }  # fmt: skip


@require_GET
def robots(request: SignedRequest) -> HttpResponse:
    """The robots of the units that I keep."""
    check_keeps_robots(request.access)
    page = paginate(list_robots(request.access), number=request.GET.get("page", 1))
    return render(request, "notices/robots.html", {"page": page, "troubles": TROUBLE_TEXTS})


@require_http_methods(["GET", "POST"])
def robot_new(request: SignedRequest) -> HttpResponse:
    """Add a robot."""
    check_keeps_robots(request.access)
    units = list_robot_units(request.access, today=today()).order_by("path")
    form = RobotForm(request.POST or None, units=units, of_site=request.access.admin)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ROBOT_FIELDS}
        try:
            robot = add_robot(form.cleaned_data["unit"], fields=fields, by=request.user, now=now())
        except Refusal as refusal:
            form.add_error("address", str(refusal.sentence))
        else:
            messages.success(request, _("Added. Send a test message to see whether it arrives."))
            return redirect("notices:robot", robot.pk)
    return render(request, "notices/robot_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def robot(request: SignedRequest, id: int) -> HttpResponse:
    """One robot: its settings, and what it delivered last."""
    found = get_robot_for(request.access, id=id)
    initial = {name: getattr(found, name) for name in ROBOT_FIELDS if name not in ("address", "secret")}
    form = RobotForm(request.POST or None, robot=found, initial=initial | {"version": found.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            edit_robot(
                found, fields=form.fields_given(), version=form.cleaned_data["version"], by=request.user, now=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
            status = refusal.status
        else:
            messages.success(request, _("Saved."))
            return redirect("notices:robot", id)
    context = {
        "form": form, "robot": found, "host": _host(found), "deliveries": list_last_deliveries(found),
        "troubles": TROUBLE_TEXTS,
    }  # fmt: skip
    return render(request, "notices/robot.html", context, status=422 if form.errors and status == 200 else status)


def _host(robot: Robot) -> str:
    """The host of the address: the rest of it is as good as a password."""
    return robot.address.partition("://")[2].partition("/")[0]


@require_POST
def robot_step(request: SignedRequest, id: int) -> HttpResponse:
    """Mute it, let it speak again, remove it, or let it say a test message."""
    found = get_robot_for(request.access, id=id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return redirect("notices:robot", id)
    step, version = form.cleaned_data["do"], form.cleaned_data["version"]
    try:
        if step == "test":
            try_robot(found, by=request.user, now=now())
            transaction.on_commit(send_deliveries.enqueue)
            messages.success(request, _("The test message is on its way. Reload this page to see what came of it."))
        elif step == "remove":
            remove_robot(found, version=version, by=request.user, now=now())
            messages.success(request, _("Removed. Its address and secret are forgotten."))
            return redirect("notices:robots")
        else:
            mute_robot(found, is_muted=step == "mute", version=version, by=request.user, now=now())
            messages.success(request, _("Muted.") if step == "mute" else _("It speaks again from now on."))
    except Refusal as refusal:
        messages.warning(request, str(refusal.sentence))
    return redirect("notices:robot", id)


@require_GET
def deliveries(request: SignedRequest) -> HttpResponse:
    """What left the site: to me, or on a day to the units of my office."""
    office = may_see_units(request.access)
    of_units = office and request.GET.get("of") == "units"
    day = parse_day(request.GET.get("day", ""))
    found = list_unit_deliveries(request.access, day=day) if of_units else list_own_deliveries(request.access)
    counts = count_by_state(found) if of_units else {}
    state = request.GET.get("state", "")
    if state in STATE_LABELS:
        found = found.filter(state=state)
    page = paginate(found, number=request.GET.get("page", 1))
    rows = [
        (d, d.person_id == request.user.pk or bool(d.robot and may_keep(request.access, d.robot))) for d in page.rows
    ]
    context = {
        "page": page, "rows": rows, "office": office, "of_units": of_units, "day": day, "counts": counts,
        "state": state, "states": STATE_LABELS, "troubles": TROUBLE_TEXTS, "mail_on": is_mail_on(),
    }  # fmt: skip
    return render(request, "notices/deliveries.html", context)


def parse_day(text: str) -> Any:
    """The day that was asked for; today for none that can be read."""
    try:
        return parse_date(text) or today()
    except ValueError:
        return today()


@require_POST
def delivery_again(request: SignedRequest, id: int) -> HttpResponse:
    """Send a delivery that was not taken once more."""
    found = get_delivery_for(request.access, id=id)
    if send_again(found, now=now()):
        transaction.on_commit(send_deliveries.enqueue)
        messages.success(request, _("It is sent once more."))
    else:
        messages.warning(
            request, _("There is nothing to send once more here: it was delivered, waits, or was dropped.")
        )
    return redirect("notices:robot", found.robot_id) if found.robot_id else redirect("notices:deliveries")

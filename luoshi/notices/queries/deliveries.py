"""What was delivered, to whom and when; the robots that one may keep."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from luoshi.core.errors import NotAllowed
from luoshi.notices.models import Delivery, Robot
from luoshi.orgs.models import Unit
from luoshi.orgs.rules import Access, Role, administers_any, may_administer, path_range

LAST = 20


def list_own_deliveries(access: Access) -> QuerySet[Delivery]:
    """What was sent to the person, the newest first."""
    return Delivery.objects.filter(person=access.person_id).select_related("person")


def may_see_units(access: Access) -> bool:
    """Does the person work in an office that sees what reached its units?"""
    return access.admin or any(seat.role == Role.OFFICE for seat in access.seats)


def list_unit_deliveries(access: Access, *, day: date) -> QuerySet[Delivery]:
    """What was sent on a day to the people and robots of the units that one's office sees."""
    seen = Q(pk__in=[])
    for seat in access.seats:
        if seat.role == Role.OFFICE:
            seen |= Q(unit_path__range=path_range(seat.path))
    found = Delivery.objects.filter(day=day)
    return (found if access.admin else found.filter(seen)).select_related("person", "robot__unit")


def count_by_state(found: QuerySet[Delivery]) -> dict[str, int]:
    """How many of these deliveries are in each state."""
    rows: QuerySet[Delivery, Any] = found.order_by().values_list("state").annotate(n=Count("pk")).order_by("state")
    return dict(rows)


def get_delivery_for(access: Access, *, id: int) -> Delivery:
    """The delivery, when the person may send it again: their own, or that of a robot they keep; else 404."""
    found = Delivery.objects.filter(pk=id).select_related("robot__unit").first()
    if found is None or not (found.person_id == access.person_id or (found.robot and may_keep(access, found.robot))):
        raise Http404
    return found


def list_robots(access: Access) -> QuerySet[Robot]:
    """The robots that the person may keep."""
    inside = Q(pk__in=[])
    for seat in access.seats:
        if seat.role in (Role.OFFICE, Role.HEAD):
            inside |= Q(unit__path__range=path_range(seat.path))
    found = Robot.objects.filter(removed_at__isnull=True)
    return (found if access.admin else found.filter(inside)).select_related("unit")


def list_robot_units(access: Access, *, today: date) -> QuerySet[Unit]:
    """The units to which the person may add a robot."""
    units = Unit.objects.valid_on(today)
    if access.admin:
        return units
    return units.within(*(seat.path for seat in access.seats if seat.role in (Role.OFFICE, Role.HEAD)))


def may_keep(access: Access, robot: Robot) -> bool:
    """May the person change this robot? Head or office of its unit or of one above."""
    return may_administer(access, robot.unit.path or "") if robot.unit else access.admin


def check_keeps_robots(access: Access) -> None:
    """Raises NotAllowed for whoever keeps no unit."""
    if not administers_any(access):
        raise NotAllowed


def get_robot_for(access: Access, *, id: int) -> Robot:
    """The robot, when the person may keep it; else 404."""
    robot = list_robots(access).filter(pk=id).first()
    if robot is None:
        raise Http404
    return robot


def list_last_deliveries(robot: Robot) -> list[Delivery]:
    """The latest deliveries of a robot."""
    return list(Delivery.objects.filter(robot=robot).order_by("-created_at", "-pk")[:LAST])

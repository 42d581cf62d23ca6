"""Robots of group chats and webhooks: kept by the office of their unit, and what is posted to them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.core.actions import record_entry
from luoshi.core.errors import EditConflict, Refusal
from luoshi.notices.actions.outgoing import Unreachable, post, resolve
from luoshi.notices.models import Delivery, Robot
from luoshi.notices.rules.answers import Answer, Trouble, read_answer
from luoshi.notices.rules.kinds import Channel, State
from luoshi.notices.rules.signing import as_bytes, body_for, sign_dingtalk, sign_feishu, sign_webhook, with_query
from luoshi.orgs.models import Person, Unit


class AddressNotAllowed(Refusal):
    """The address is inside, or is none."""

    status = 422
    sentence = _(
        "This address may not be reached from here: it is not a public http(s) address. The administrator may allow it "
        "in LUOSHI_OUTGOING_ALLOW."
    )


class RobotGone(Refusal):
    """The robot was removed."""

    sentence = _("This robot was removed. Add it again if it is needed.")


def check_address(address: str) -> None:
    """Refuse an address that would not be spoken to; a host that is not known now may be later. AddressNotAllowed."""
    try:
        resolve(address)
    except Unreachable as error:
        if error.trouble == Trouble.ADDRESS:
            raise AddressNotAllowed from None


def add_robot(unit: Unit | None, *, fields: Mapping[str, Any], by: Person, now: datetime) -> Robot:
    """Add a robot to a unit, or to the whole site. Raises AddressNotAllowed."""
    check_address(fields["address"])
    with transaction.atomic():
        robot = Robot.objects.create(unit=unit, created_at=now, told_until=now, **fields)
        record_entry("add_robot", by=by, now=now, subject=robot, unit_path=_path(robot), after=_said(fields))
    return robot


def edit_robot(robot: Robot, *, fields: Mapping[str, Any], version: int, by: Person, now: datetime) -> None:
    """Change a robot; its trouble counts as mended. Raises AddressNotAllowed, EditConflict, RobotGone."""
    if fields.get("address", robot.address) != robot.address:
        check_address(fields["address"])
    before = {name: getattr(robot, name) for name in fields}
    with transaction.atomic():
        _change(robot, version=version, trouble="", trouble_words="", rests_until=None, **fields)
        record_entry(
            "edit_robot", by=by, now=now, subject=robot, unit_path=_path(robot), before=_said(before),
            after=_said(fields),
        )  # fmt: skip


def mute_robot(robot: Robot, *, is_muted: bool, version: int, by: Person, now: datetime) -> None:
    """Let a robot be silent, or speak again; what came meanwhile is not made up for. EditConflict, RobotGone."""
    with transaction.atomic():
        _change(robot, version=version, is_muted=is_muted, told_until=now)
        verb = "mute_robot" if is_muted else "unmute_robot"
        record_entry(verb, by=by, now=now, subject=robot, unit_path=_path(robot))


def remove_robot(robot: Robot, *, version: int, by: Person, now: datetime) -> None:
    """Remove a robot: its address and secret are forgotten, its deliveries stay. EditConflict, RobotGone."""
    with transaction.atomic():
        _change(robot, version=version, removed_at=now, address="", secret="")
        Delivery.objects.filter(robot=robot, state=State.WAITING.value).update(state=State.STOPPED.value)
        record_entry("remove_robot", by=by, now=now, subject=robot, unit_path=_path(robot))


def try_robot(robot: Robot, *, by: Person, now: datetime) -> Delivery:
    """Put a test message into the outbox; whoever calls sends it. Raises RobotGone."""
    if robot.removed_at:
        raise RobotGone
    return Delivery.objects.create(
        robot=robot, channel=robot.channel, address=robot.name, unit_path=_path(robot), is_test=True,
        key=f"test:r{robot.pk}:{by.pk}:{now.timestamp()}", day=timezone.localtime(now).date(), upto=now,
        created_at=now, next_at=now,
    )  # fmt: skip


def _change(robot: Robot, *, version: int, **fields: Any) -> None:
    found = Robot.objects.filter(pk=robot.pk, version=version, removed_at__isnull=True)
    if not found.update(version=F("version") + 1, **fields):
        raise RobotGone if Robot.objects.filter(pk=robot.pk, removed_at__isnull=False).exists() else EditConflict


def _path(robot: Robot) -> str:
    return (robot.unit.path or "") if robot.unit else ""


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps: that address and secret were set, never what they are."""
    hidden = {name: "•••" if fields[name] else "" for name in ("address", "secret") if name in fields}
    return {**fields, **hidden}


def speak(robot: Robot, delivery: Delivery, *, now: datetime) -> Answer:
    """Post a delivery, signed as the channel wants it. Raises Unreachable, NoAnswer."""
    body = body_for(robot.channel, text=delivery.text, payload=delivery.payload)
    address, headers, seconds = robot.address, {"Idempotency-Key": delivery.key}, int(now.timestamp())
    if robot.channel == Channel.DINGTALK and robot.secret:
        millis = seconds * 1000
        address = with_query(address, timestamp=str(millis), sign=sign_dingtalk(robot.secret, millis=millis))
    elif robot.channel == Channel.FEISHU and robot.secret:
        body |= {"timestamp": str(seconds), "sign": sign_feishu(robot.secret, seconds=seconds)}
    data = as_bytes(body)
    if robot.channel == Channel.WEBHOOK:
        headers |= {"webhook-id": delivery.key, "webhook-timestamp": str(seconds)}
        if robot.secret:
            headers["webhook-signature"] = sign_webhook(robot.secret, id=delivery.key, seconds=seconds, body=data)
    reply = post(address, body=data, headers=headers)
    return read_answer(robot.channel, status=reply.status, headers=reply.headers, body=reply.body, now=now)

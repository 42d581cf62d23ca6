"""Robots over real sockets: signed, paced, tried again, stopped with a remedy, and never twice after a crash."""

import socket
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from luoshi.notices.actions import notify
from luoshi.notices.actions.making import make_digests, make_prompt
from luoshi.notices.actions.outgoing import Unreachable, resolve
from luoshi.notices.actions.robots import try_robot
from luoshi.notices.actions.sending import send_again, send_some
from luoshi.notices.models import Delivery, Robot
from luoshi.orgs.models import Post
from tests.app.notices.servers import Platform
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db
CHANNELS = ["dingtalk", "wecom", "feishu", "webhook"]
SECRETS = {"dingtalk": "SEC0f", "wecom": "", "feishu": "s3cret", "webhook": "0123456789abcdef"}
Serve = Callable[..., Platform]
Make = Callable[..., Robot]


def send_all(now: Any) -> None:
    while send_some(now):
        pass


def urgent(cast: Cast, *names: str, text: str = "防汛值守", at: Any = None, **given: Any) -> None:
    given = {"kind": "chase", "url": "/tasks/1/", **given}
    notify([cast[name] for name in names], text=text, now=at or cast.now, urgent=True, **given)


@pytest.mark.parametrize("channel", CHANNELS)
def test_urgent_words_reach_each_platform_signed(cast: Cast, platform: Serve, make_robot: Make, channel: str) -> None:
    server = platform(channel, secret=SECRETS[channel], keyword="落实" if channel != "webhook" else "")
    robot = make_robot(server)
    urgent(cast, "depthead", "deptclerk")
    urgent(cast, "depthead", text="又一件", url="/tasks/2/")
    assert make_prompt(cast.now) == 1
    assert make_prompt(cast.now + timedelta(minutes=1)) == 0
    send_all(cast.now)
    sent = Delivery.objects.get(state="delivered")
    assert (sent.robot, sent.attempts, sent.people) == (robot, 1, 2)
    assert len(server.taken) == 1
    text = server.taken[0]["data"]["text"] if channel == "webhook" else server.texts[0]
    assert "防汛值守" in text
    assert "又一件" in text
    assert "https://luoshi.example/tasks/1/" in text


@pytest.mark.parametrize("channel", ["dingtalk", "feishu", "webhook"])
def test_a_wrong_secret_stops_the_robot_and_says_the_remedy(
    cast: Cast, platform: Serve, make_robot: Make, signed_in: Any, channel: str
) -> None:
    server = platform(channel, secret="right")
    robot = make_robot(server, secret="wrong")
    urgent(cast, "depthead")
    make_prompt(cast.now)
    send_all(cast.now)
    robot.refresh_from_db()
    assert (robot.trouble, Delivery.objects.get().state, server.taken) == ("signature", "refused", [])
    urgent(cast, "depthead", text="另一件")
    assert make_prompt(cast.now) == 0
    page = signed_in("depthead").get(f"/notices/robots/{robot.pk}/").content.decode()
    assert "请从机器人设置里重新复制密钥" in page
    assert "wrong" not in page
    form = {"name": "工作群", "channel": channel, "address": "", "secret": "right", "tells_urgent": "on", "version": 1}
    assert signed_in("depthead").post(f"/notices/robots/{robot.pk}/", form).status_code == 302
    robot.refresh_from_db()
    try_robot(robot, by=cast["depthead"], now=cast.now)
    send_all(cast.now)
    assert len(server.taken) == 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_errors_of_the_server_are_tried_again(cast: Cast, platform: Serve, make_robot: Make, channel: str) -> None:
    server = platform(channel, secret=SECRETS[channel], script=deque([500, (429, {"Retry-After": "300"})]))
    make_robot(server)
    urgent(cast, "depthead")
    make_prompt(cast.now)
    send_all(cast.now)
    later = cast.now + timedelta(minutes=2)
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.trouble, waiting.attempts) == ("waiting", "busy", 1)
    send_all(later)
    waiting.refresh_from_db()
    assert (waiting.trouble, waiting.attempts) == ("too_fast", 2)
    assert waiting.next_at >= later + timedelta(minutes=5)
    send_all(later + timedelta(minutes=4))
    assert server.asked == 2
    send_all(later + timedelta(minutes=8))
    assert (server.asked, len(server.taken), Delivery.objects.get().state) == (3, 1, "delivered")


def test_a_platform_s_own_speed_limit_is_obeyed(cast: Cast, platform: Serve, make_robot: Make) -> None:
    server = platform("wecom", limit=3)
    robot = make_robot(server)
    for n in range(5):
        urgent(cast, "depthead", text=f"第{n}件", url=f"/tasks/{n}/")
        make_prompt(cast.now + timedelta(seconds=n))
    send_all(cast.now + timedelta(seconds=10))
    robot.refresh_from_db()
    assert (len(server.taken), server.asked) == (3, 4)  # the fifth does not even ask
    assert robot.rests_until == cast.now + timedelta(seconds=70)
    server.limit = 20
    send_all(cast.now + timedelta(minutes=3))
    assert len(server.taken) == 5


def test_no_robot_speaks_faster_than_its_platform_takes(cast: Cast, platform: Serve, make_robot: Make) -> None:
    server = platform("dingtalk", secret="SEC1")
    robot = make_robot(server)
    for n in range(30):
        sent = try_robot(robot, by=cast["depthead"], now=cast.now + timedelta(microseconds=n))
        Delivery.objects.filter(pk=sent.pk).update(next_at=cast.now)
    for second in range(0, 60, 6):
        send_all(cast.now + timedelta(seconds=second))
    assert 15 <= server.asked <= 20
    assert Delivery.objects.filter(state="waiting").count() == 30 - server.asked


def test_a_long_message_fits_what_the_platform_takes(cast: Cast, platform: Serve, make_robot: Make) -> None:
    server = platform("wecom")
    make_robot(server)
    for n in range(12):
        urgent(cast, "depthead", text=f"{n}" + "很长" * 120, url=f"/tasks/{n}/")
    make_prompt(cast.now)
    send_all(cast.now)
    assert len(server.texts[0].encode()) <= 2048
    assert server.texts[0].endswith("…")


def test_the_group_hears_one_digest_and_nothing_private(cast: Cast, platform: Serve, make_robot: Make) -> None:
    server = platform("feishu")
    make_robot(server)
    at = cast.now - timedelta(hours=3)
    notify([cast["depthead"], cast["deptclerk"]], kind="dispatch", text="修渠", url="/tasks/1/", now=at)
    notify([cast["depthead"]], kind="suggestion", text="您的建议", url="/notices/suggestions/", now=at)
    notify([cast["townclerk"]], kind="dispatch", text="别家的", url="/tasks/2/", now=at)
    assert make_digests(cast.now) == 1
    send_all(cast.now)
    assert server.asked == 0  # it keeps off the full hour
    send_all(cast.now + timedelta(minutes=6))
    assert ["修渠" in server.texts[0], "建议" in server.texts[0], "别家" in server.texts[0]] == [True, False, False]
    found = Delivery.objects.get()
    assert (found.people, found.notices) == (2, 1)
    assert make_digests(cast.now + timedelta(days=1)) == 0


def test_what_is_told_to_somebody_of_two_units_stays_out_of_both_chats(
    cast: Cast, platform: Serve, make_robot: Make
) -> None:
    server = platform("wecom")
    make_robot(server)
    Post.objects.create(person=cast["depthead"], unit=cast.unit("QH-SLJ"), role="head", from_date=cast.today)
    urgent(cast, "depthead", text="别的单位的")
    urgent(cast, "deptclerk", text="本单位的")
    notify([cast["depthead"]], kind="task", text="也是别的", url="/", now=cast.now - timedelta(hours=3))
    make_prompt(cast.now)
    make_digests(cast.now)
    send_all(cast.now + timedelta(minutes=6))
    assert ["本单位的" in server.texts[0], "别的" in "".join(server.texts)] == [True, False]


def test_quiet_hours_hold_for_groups(cast: Cast, platform: Serve, make_robot: Make) -> None:
    quiet, loud = platform("wecom"), platform("wecom")
    make_robot(quiet)
    make_robot(loud, may_disturb=True)
    night = cast.now + timedelta(hours=12)
    urgent(cast, "depthead", at=night)
    make_prompt(night)
    send_all(night)
    assert (len(quiet.taken), len(loud.taken)) == (0, 1)


def test_a_muted_robot_is_silent(cast: Cast, platform: Serve, make_robot: Make) -> None:
    server = platform("wecom")
    robot = make_robot(server)
    urgent(cast, "depthead")
    make_prompt(cast.now)
    Robot.objects.update(is_muted=True)
    send_all(cast.now)
    assert (server.asked, Delivery.objects.get().state) == (0, "stopped")
    assert robot.pk


@pytest.mark.parametrize(("channel", "state"), [("wecom", "uncertain"), ("webhook", "waiting")])
@pytest.mark.parametrize("how", ["slow", "close"])
def test_no_answer_is_tried_again_only_where_a_copy_is_known(
    cast: Cast, platform: Serve, make_robot: Make, *, channel: str, state: str, how: str
) -> None:
    server = platform(channel, secret=SECRETS[channel])
    server.script.append(how)
    make_robot(server)
    urgent(cast, "depthead")
    make_prompt(cast.now)
    send_all(cast.now)
    assert Delivery.objects.get().state == state
    send_all(cast.now + timedelta(minutes=5))
    assert len(server.taken) == (1 if how == "slow" or channel == "webhook" else 0)
    if state == "uncertain":
        assert send_again(Delivery.objects.get(), now=cast.now)
        send_all(cast.now + timedelta(minutes=10))
        assert Delivery.objects.get().state == "delivered"


def test_nothing_inside_is_reached(cast: Cast, platform: Serve, make_robot: Make, settings: Any) -> None:
    server = platform("wecom")
    robot = make_robot(server)
    settings.NOTICES = {**settings.NOTICES, "OUTGOING_ALLOW": []}
    urgent(cast, "depthead")
    make_prompt(cast.now)
    send_all(cast.now)
    robot.refresh_from_db()
    assert (server.asked, robot.trouble, Delivery.objects.get().state) == (0, "address", "refused")


def test_redirects_are_not_followed(cast: Cast, platform: Serve, make_robot: Make) -> None:
    aim, server = platform("wecom"), platform("wecom")
    server.script.append((302, {"Location": aim.url}))
    robot = make_robot(server)
    urgent(cast, "depthead")
    make_prompt(cast.now)
    send_all(cast.now)
    robot.refresh_from_db()
    assert (aim.asked, robot.trouble) == (0, "redirect")


def test_a_name_that_points_inside_is_refused_and_what_was_checked_is_spoken_to(
    cast: Cast, platform: Serve, make_robot: Make, settings: Any, monkeypatch: Any
) -> None:
    server = platform("wecom")
    asked: list[str] = []
    ips = {1: ["127.0.0.1"], 2: ["10.0.0.1"], 3: ["8.8.8.8", "192.168.0.1"]}
    real = socket.getaddrinfo

    def answer(host: Any, *given: Any, **more: Any) -> list[Any]:
        if host != "robots.example":
            return list(real(host, *given, **more))
        asked.append(host)
        return [found for ip in ips[len(asked)] for found in real(ip, *given, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    robot = make_robot(server, address=server.url.replace("127.0.0.1", "robots.example"))
    try_robot(robot, by=cast["depthead"], now=cast.now)
    send_all(cast.now)
    assert (asked, len(server.taken)) == (["robots.example"], 1)  # resolved once, and spoken to there
    for _inside in range(2):
        with pytest.raises(Unreachable):
            resolve("https://robots.example/")


def test_robot_whose_seal_the_site_cannot_open_says_so_and_is_silent(
    cast: Cast, platform: Serve, make_robot: Make, outside: Any
) -> None:
    server = platform("wecom")
    robot = make_robot(server)
    outside.SECRET_KEY = "another"
    urgent(cast, "depthead")
    make_prompt(cast.now)
    send_all(cast.now)
    robot.refresh_from_db()
    assert (robot.trouble, server.taken) == ("address", [])

"""Which addresses may be spoken to, and when a message may leave."""

from datetime import date, datetime, time
from ipaddress import ip_address

import pytest

from luoshi.core.rules.workdays import Calendar
from luoshi.notices.rules.addresses import Allowed, is_public, may_reach, read_allowed, read_target
from luoshi.notices.rules.quiet import Quiet, may_leave_at, read_hours

NIGHT = Quiet(time(20), time(8))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.cn/", "//example.cn/", "example.cn", "file:///etc/passwd", "http://user@example.cn/",
        "http://a:b@example.cn/", "http://exa mple.cn/", "http://example.cn\\@evil.cn/", "http://", "http://:80/",
        "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/", "http://example.cn:99999/",
        "https://ex_ample..cn/", "gopher://127.0.0.1:6379/_x", "http://[::1", "https://example.cn/\n", "",
        "https://example.cn/" + "a" * 600,
    ],
)  # fmt: skip
def test_what_is_not_plainly_an_http_address_is_none(url: str) -> None:
    assert read_target(url) is None


def test_an_address_is_taken_apart() -> None:
    found = read_target("https://Oapi.DingTalk.com/robot/send?access_token=x")
    assert found is not None
    assert (found.host, found.port, found.named) == ("oapi.dingtalk.com", 443, "oapi.dingtalk.com")
    assert found.at(ip_address("2400::1")) == "https://[2400::1]:443/robot/send?access_token=x"


@pytest.mark.parametrize(
    "ip",
    [
        "10.0.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "198.18.0.1", "240.0.0.1",
    ],
)  # fmt: skip
def test_inside_is_not_public(ip: str) -> None:
    assert not is_public(ip_address(ip))


def test_public_addresses_are_public() -> None:
    assert is_public(ip_address("8.8.8.8"))
    assert is_public(ip_address("2400:3200::1"))


def test_a_site_allows_hosts_and_networks() -> None:
    target = read_target("http://im.qinghe.example:9000/hook")
    assert target is not None
    inside = ip_address("10.1.2.3")
    assert not may_reach(target, inside, allowed=Allowed())
    assert may_reach(target, inside, allowed=read_allowed(["10.1.0.0/16"]))
    assert may_reach(target, inside, allowed=read_allowed(["*.qinghe.example"]))
    assert not may_reach(target, inside, allowed=read_allowed(["qinghe.example", "10.2.0.0/16"]))
    assert not may_reach(target, ip_address("8.8.8.8"), allowed=Allowed())  # a port for programs inside
    assert may_reach(target, ip_address("::ffff:10.1.2.3"), allowed=read_allowed(["10.1.0.0/16"]))


CALENDAR = Calendar(off={date(2026, 11, 24)}, worked={date(2026, 11, 28)})  # a free Tuesday, a worked Saturday
WHEN = [  # now, urgent, the quiet hours, when it may leave
    ("2026-11-23T10:00", False, NIGHT, "2026-11-23T10:00"),
    ("2026-11-23T07:59", False, NIGHT, "2026-11-23T08:00"),
    ("2026-11-23T20:00", False, NIGHT, "2026-11-25T08:00"),  # Tuesday is free
    ("2026-11-23T19:59", False, NIGHT, "2026-11-23T19:59"),
    ("2026-11-24T12:00", False, NIGHT, "2026-11-25T08:00"),
    ("2026-11-27T23:00", False, NIGHT, "2026-11-28T08:00"),
    ("2026-11-28T21:00", False, NIGHT, "2026-11-30T08:00"),
    ("2026-11-28T21:00", True, NIGHT, "2026-11-30T08:00"),
    ("2026-11-28T21:00", True, Quiet(time(20), time(8), lets_urgent=True), "2026-11-28T21:00"),
    ("2026-11-25T12:30", False, Quiet(time(12), time(14)), "2026-11-25T14:00"),
    ("2026-11-25T23:30", False, Quiet(time(0), time(0)), "2026-11-25T23:30"),
    ("2026-11-24T23:30", False, Quiet(time(0), time(0)), "2026-11-25T00:00"),
]


@pytest.mark.parametrize(("now", "urgent", "quiet", "leaves"), WHEN)
def test_messages_leave_outside_quiet_hours_on_working_days(now: str, urgent: bool, quiet: Quiet, leaves: str) -> None:
    found = may_leave_at(datetime.fromisoformat(now), quiet=quiet, calendar=CALENDAR, urgent=urgent)
    assert found == datetime.fromisoformat(leaves)


def test_hours_are_read() -> None:
    assert read_hours("20:00-08:00") == (time(20), time(8))
    with pytest.raises(ValueError, match="20:00"):
        read_hours("20:00")

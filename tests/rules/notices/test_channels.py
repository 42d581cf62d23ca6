"""How each channel signs, what its answers mean, and how fast a robot may speak."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.notices.rules.answers import Trouble, Verdict, read_answer, read_retry_after, read_smtp
from luoshi.notices.rules.kinds import KINDS, Channel, Group, group_of
from luoshi.notices.rules.retrying import PACES, take_turn, wait_after
from luoshi.notices.rules.signing import (
    LONGEST,
    as_bytes,
    body_for,
    fit,
    sign_dingtalk,
    sign_feishu,
    sign_webhook,
    with_query,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_each_kind_is_in_one_group() -> None:
    kinds = [kind for group in KINDS.values() for kind in group]
    assert len(kinds) == len(set(kinds))
    assert group_of("dispatch") == Group.GIVEN
    assert group_of("never heard of") == Group.OTHER


def test_signatures_are_what_the_platforms_compute() -> None:
    ding = hmac.new(b"SECabc", b"1700000000000\nSECabc", hashlib.sha256).digest()
    assert sign_dingtalk("SECabc", millis=1700000000000) == base64.b64encode(ding).decode()
    feishu = hmac.new(b"1700000000\nabc", b"", hashlib.sha256).digest()
    assert sign_feishu("abc", seconds=1700000000) == base64.b64encode(feishu).decode()


def test_webhook_signs_as_the_published_example_does() -> None:
    body = b'{"test": 2432232314}'
    signed = sign_webhook(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id="msg_p5jXN8AQM9LWM0D4loKWxJek", seconds=1614265330, body=body
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signature_is_escaped_in_the_address() -> None:
    url = with_query("https://oapi.example/robot/send?access_token=a%2Bb", timestamp="1", sign="a+b/c=")
    assert url == "https://oapi.example/robot/send?access_token=a%2Bb&timestamp=1&sign=a%2Bb%2Fc%3D"


@given(st.text(max_size=3000))
@settings(max_examples=60)
def test_a_text_is_cut_within_the_bytes_that_are_taken(text: str) -> None:
    said = fit(text, limit=LONGEST[Channel.WECOM])
    assert len(said.encode()) <= LONGEST[Channel.WECOM]
    assert said == text or said.endswith("…")


def test_bodies_have_the_form_of_their_platform() -> None:
    assert body_for("wecom", text="你好", payload={}) == {"msgtype": "text", "text": {"content": "你好"}}
    assert body_for("feishu", text="你好", payload={}) == {"msg_type": "text", "content": {"text": "你好"}}
    assert as_bytes(body_for("webhook", text="", payload={"类": 1})) == '{"类":1}'.encode()


ANSWERS = [
    ("dingtalk", 200, '{"errcode":0,"errmsg":"ok"}', "taken", ""),
    ("dingtalk", 200, '{"errcode":310000,"errmsg":"sign not match"}', "stop", "signature"),
    ("dingtalk", 200, '{"errcode":310000,"errmsg":"keywords not in content"}', "stop", "keyword"),
    ("dingtalk", 200, '{"errcode":310000,"errmsg":"ip 1.2.3.4 not in whitelist"}', "stop", "sender_ip"),
    ("dingtalk", 200, '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', "later", "too_fast"),
    ("dingtalk", 200, '{"errcode":300005,"errmsg":"token is not exist"}', "stop", "gone"),
    ("dingtalk", 302, '{"status":1111,"wait":5,"source":"x5","punish":"deny"}', "later", "too_fast"),
    ("dingtalk", 200, '{"errcode":-1,"errmsg":"系统繁忙"}', "later", "busy"),
    ("wecom", 200, '{"errcode":0,"errmsg":"ok"}', "taken", ""),
    ("wecom", 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', "later", "too_fast"),
    ("wecom", 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', "stop", "gone"),
    ("wecom", 200, '{"errcode":40058,"errmsg":"text.content exceed max length 2048"}', "stop", "malformed"),
    ("feishu", 200, '{"code":0,"msg":"success","data":{}}', "taken", ""),
    ("feishu", 200, '{"StatusCode":0,"StatusMessage":"success"}', "taken", ""),
    ("feishu", 200, '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}', "stop", "signature"),
    ("feishu", 200, '{"code":19022,"msg":"Ip Not Allowed"}', "stop", "sender_ip"),
    ("feishu", 200, '{"code":19024,"msg":"Key Words Not Found"}', "stop", "keyword"),
    ("feishu", 200, '{"code":11232,"msg":"frequency limited"}', "later", "too_fast"),
    ("feishu", 200, '{"code":9499,"msg":"too many request"}', "later", "too_fast"),
    ("feishu", 200, '{"code":9499,"msg":"Bad Request"}', "stop", "malformed"),
    ("feishu", 200, "<html>welcome</html>", "later", "strange"),
    ("feishu", 200, '{"code":true}', "later", "strange"),
    ("feishu", 502, "", "later", "busy"),
    ("webhook", 204, "", "taken", ""),
    ("webhook", 429, "", "later", "too_fast"),
    ("webhook", 500, "", "later", "busy"),
    ("webhook", 410, "", "stop", "gone"),
    ("webhook", 302, "", "stop", "redirect"),
    ("wecom", 404, "", "later", "busy"),
]


@pytest.mark.parametrize(("channel", "status", "body", "verdict", "trouble"), ANSWERS)
def test_answers_are_read(channel: str, status: int, body: str, verdict: str, trouble: str) -> None:
    found = read_answer(channel, status=status, headers={}, body=body.encode(), now=NOW)
    assert (found.verdict, found.trouble) == (verdict, trouble)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 02:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 01:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_that_is_asked_for_is_read(text: str, seconds: int | None) -> None:
    found = read_retry_after(text, now=NOW)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("code", "verdict", "trouble"),
    [(550, Verdict.STOP, Trouble.MAILBOX), (451, Verdict.LATER, Trouble.BUSY), (535, Verdict.LATER, Trouble.MAIL_LOGIN),
     (421, Verdict.LATER, Trouble.BUSY), (503, Verdict.LATER, Trouble.BUSY)],
)  # fmt: skip
def test_a_mail_server_refuses_a_mailbox_or_is_busy(code: int, verdict: Verdict, trouble: Trouble) -> None:
    found = read_smtp(code, "said so")
    assert (found.verdict, found.trouble) == (verdict, trouble)


@given(st.integers(1, 30), st.floats(0, 1), st.one_of(st.none(), st.integers(0, 10**6)))
@settings(max_examples=100)
def test_waits_grow_within_bounds_and_never_undercut_what_was_asked(n: int, dice: float, asked: int | None) -> None:
    wanted = None if asked is None else timedelta(seconds=asked)
    wait = wait_after(n, dice=dice, asked=wanted)
    assert timedelta(seconds=45) <= wait <= timedelta(hours=15)
    assert wanted is None or wait >= min(wanted, timedelta(hours=12))


@given(st.sampled_from([Channel.DINGTALK, Channel.WECOM, Channel.FEISHU]), st.lists(st.integers(0, 8000), max_size=120))
@settings(max_examples=60)
def test_no_minute_holds_more_than_the_platform_takes(channel: Channel, gaps: list[int]) -> None:
    limit = {Channel.DINGTALK: 20, Channel.WECOM: 20, Channel.FEISHU: 100}[channel]
    now, paced, spoken = NOW, None, []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        turn = take_turn(paced, now=now, pace=PACES[channel])
        if turn.wait_until is None:
            paced = turn.paced_at
            spoken.append(now)
        else:
            assert turn.wait_until > now
    for start in spoken:
        assert sum(start <= at < start + timedelta(minutes=1) for at in spoken) <= limit
        if channel == Channel.FEISHU:
            assert sum(start <= at < start + timedelta(seconds=1) for at in spoken) <= 5

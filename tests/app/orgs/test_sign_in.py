"""Signing in: what the page promises, throttling, the second step."""

import re

import pytest
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.test import Client

from luoshi.orgs.actions import issue_passwords
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def password(cast: Cast) -> str:
    [(_person, secret)] = issue_passwords([cast["townclerk"]], by=cast["office"], now=cast.now)
    return secret


def sign_in(client: Client, password: str, username: str = "townclerk", **more: str) -> object:
    return client.post(LOGIN, {"login": username, "password": password}, **more)  # type: ignore[arg-type]


def test_page_states_the_lawful_use_promises_without_inline_code(cast: Cast) -> None:
    for language, words in (
        ("zh-hans", ("不打卡", "国家秘密", "意见箱")),
        ("en", ("No check-in", "state secrets", "suggestion box")),
    ):
        response = Client(headers={"accept-language": language}).get(LOGIN)
        page = response.content.decode()
        assert all(word in page for word in words), language
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert 'href="/accounts/signup/"' not in page


def test_right_password_opens_and_wrong_one_does_not(cast: Cast, password: str) -> None:
    client = Client()
    assert sign_in(client, "wrong").status_code == 200  # type: ignore[attr-defined]
    assert client.get("/orgs/me/").status_code == 302
    assert sign_in(client, password).status_code == 302  # type: ignore[attr-defined]
    assert client.get("/orgs/me/").status_code == 200


def test_after_five_wrong_passwords_the_right_one_is_refused_too(cast: Cast, password: str) -> None:
    client = Client()
    answers = [sign_in(client, "wrong").status_code for _n in range(5)]  # type: ignore[attr-defined]
    assert answers[-1] == 429
    locked = sign_in(client, password)
    assert locked.status_code == 429  # type: ignore[attr-defined]
    assert "暂停" in locked.content.decode()  # type: ignore[attr-defined]
    assert client.get("/orgs/me/").status_code == 302
    assert sign_in(Client(), password, REMOTE_ADDR="10.9.8.7").status_code == 302  # type: ignore[attr-defined]


def test_lockout_of_one_account_leaves_the_others_open(cast: Cast, password: str) -> None:
    for _n in range(6):
        sign_in(Client(), "wrong", username="office")
    assert sign_in(Client(), password).status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path", ["/orgs/", "/orgs/people/", "/notices/", "/notices/suggestions/", "/orgs/me/", "/admin/"]
)
def test_nothing_is_shown_before_signing_in(cast: Cast, path: str) -> None:
    response = Client().get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)


def test_nobody_signs_up(cast: Cast) -> None:
    page = Client(headers={"accept-language": "en"}).get("/accounts/signup/").content.decode()
    assert "Accounts are made by the organisation" in page
    Client().post("/accounts/signup/", {"username": "x.y", "password1": "qwert-12345", "password2": "qwert-12345"})
    assert not type(cast["office"]).objects.filter(username="x.y").exists()


def confirmed(client: Client, path: str, *, password: str) -> str:
    """The page behind the question for the password."""
    asked = client.get(path, follow=True)
    assert "Confirm that it is you" in asked.content.decode()
    assert f'name="next" value="{path}"' in asked.content.decode()
    answer = client.post(asked.request["PATH_INFO"], {"password": password, "next": path}, follow=True)
    assert answer.request["PATH_INFO"] == path
    return answer.content.decode()


def code(secret: str) -> str:
    return str(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))).zfill(6)


def test_second_step_is_turned_on_asked_for_and_turned_off(cast: Cast, password: str) -> None:
    client = Client(headers={"accept-language": "en"})
    sign_in(client, password)
    page = confirmed(client, "/accounts/2fa/totp/activate/", password=password)
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret is not None
    assert "data:image/svg" in page
    assert client.post("/accounts/2fa/totp/activate/", {"code": code(secret[1])}).status_code == 302
    assert "The second step is on." in client.get("/accounts/2fa/").content.decode()
    codes = client.get("/accounts/2fa/recovery-codes/", follow=True).content.decode()
    recovery = re.findall(r"<li><code>([0-9a-f]+)</code></li>", codes)
    assert len(recovery) == 10

    other = Client(headers={"accept-language": "en"})
    assert sign_in(other, password).headers["Location"] == "/accounts/2fa/authenticate/"  # type: ignore[attr-defined]
    assert other.get("/orgs/me/").status_code == 302
    assert "Second step" in other.get("/accounts/2fa/authenticate/").content.decode()
    assert other.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert other.post("/accounts/2fa/authenticate/", {"code": recovery[0]}).status_code == 302
    assert other.get("/orgs/me/").status_code == 200
    assert "second step is off" not in other.get("/accounts/2fa/").content.decode()
    confirmed_page = client.post("/accounts/2fa/totp/deactivate/", follow=True)
    assert "The second step is off." in confirmed_page.content.decode()


def test_administration_is_entered_through_the_same_door(cast: Cast) -> None:
    assert Client().get("/admin/login/").headers["Location"].startswith(LOGIN)


def test_own_password_can_be_changed(cast: Cast, password: str) -> None:
    client = Client()
    sign_in(client, password)
    assert client.get("/accounts/password/change/").status_code == 200
    fresh = {"oldpassword": password, "password1": "liuhe-zhen-2026", "password2": "liuhe-zhen-2026"}
    assert client.post("/accounts/password/change/", fresh).status_code == 302
    assert sign_in(Client(), "liuhe-zhen-2026").status_code == 302  # type: ignore[attr-defined]

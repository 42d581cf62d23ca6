"""Words that a copy of the database alone does not give away."""

from typing import Any

import pytest
from django.db import connection

from luoshi.core.sealing import seal, unseal
from luoshi.notices.models import Robot
from luoshi.orgs.forms import SealingMfa
from tests.factories.orgs import Cast

ADDRESS = "https://qyapi.example/cgi-bin/webhook/send?key=693a91f6"


@pytest.mark.parametrize("text", ["", "JBSWY3DPEHPK3PXP", "密钥 “甲”", "x" * 500])
def test_what_is_sealed_is_read_again(text: str) -> None:
    assert unseal(seal(text)) == text
    assert not text or seal(text) != seal(text) != text


def test_what_was_never_sealed_is_read_as_it_is() -> None:
    assert unseal("JBSWY3DPEHPK3PXP") == "JBSWY3DPEHPK3PXP"


def test_another_key_reads_nothing(settings: Any) -> None:
    sealed = seal("SEC0f")
    settings.SECRET_KEY = "another"
    assert unseal(sealed) == ""


def test_robots_address_and_secret_are_not_in_the_database(cast: Cast) -> None:
    robot = Robot.objects.create(
        name="群", channel="wecom", address=ADDRESS, secret="SEC0f", created_at=cast.now, told_until=cast.now
    )
    Robot.objects.filter(pk=robot.pk).update(secret="SEC1a")
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret FROM notices_robot")
        kept = cursor.fetchone()
    assert not any(word in f"{kept}" for word in ("qyapi", "693a91f6", "SEC"))
    robot.refresh_from_db()
    assert (robot.address, robot.secret) == (ADDRESS, "SEC1a")


def test_keys_of_the_second_factor_are_sealed() -> None:
    adapter = SealingMfa()
    assert adapter.decrypt(adapter.encrypt("JBSWY3DPEHPK3PXP")) == "JBSWY3DPEHPK3PXP"
    assert "JBSWY3" not in adapter.encrypt("JBSWY3DPEHPK3PXP")

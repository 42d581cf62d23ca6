"""A process that dies while it sends, and many that send at once: to each receiver what it should hear, once."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from luoshi.notices.actions import notify
from luoshi.notices.actions.making import make_prompt
from luoshi.notices.actions.sending import send_some
from luoshi.notices.models import Delivery
from luoshi.notices.rules.retrying import ATTEMPTS
from tests.app.notices.conftest import robot_maker
from tests.app.notices.servers import MailServer, Platform
from tests.factories.orgs import Cast

Serve = Callable[..., Platform]


def send_all(now: Any) -> None:
    while send_some(now):
        pass


def _in_a_process(act: Callable[[], object]) -> int:
    """Do it in a child with a connection of its own; its number."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(0)
    return child


@pytest.mark.django_db
def test_what_a_dead_process_held_is_sent_again_but_not_for_ever(cast: Cast, mail: MailServer) -> None:
    def hold(key: str, attempts: int) -> None:
        Delivery.objects.create(
            person=cast["townclerk"], channel="mail", address=f"{key}@qinghe.example", key=key, day=cast.today,
            upto=cast.now, created_at=cast.now, next_at=cast.now, subject="汇总", text="……", state="sending",
            claimed_until=cast.now, attempts=attempts,
        )  # fmt: skip

    hold("first", 1)
    hold("last", ATTEMPTS)
    send_all(cast.now)
    assert mail.to == []
    send_all(cast.now + timedelta(minutes=1))
    assert mail.to == ["first@qinghe.example"]
    assert dict(Delivery.objects.values_list("key", "state")) == {"first": "delivered", "last": "given_up"}


@pytest.mark.parametrize("channel", ["webhook", "dingtalk"])
def test_killed_after_the_words_were_written(committed: Cast, platform: Serve, channel: str) -> None:
    server = platform(channel, secret="SEC0f")
    server.script.append("slow")
    cast = committed
    robot_maker(cast)(server)
    notify([cast["depthead"]], kind="chase", text="防汛值守", url="/tasks/1/", now=cast.now, urgent=True)
    make_prompt(cast.now)
    child = _in_a_process(lambda: send_some(cast.now))
    assert server.arrived.wait(20)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert Delivery.objects.get().state == "sending"
    send_all(cast.now + timedelta(minutes=5))
    assert server.asked == 1  # whoever holds it may still be at work
    send_all(cast.now + timedelta(minutes=11))
    state, asked = ("delivered", 2) if channel == "webhook" else ("uncertain", 1)
    assert (Delivery.objects.get().state, server.asked, len(server.taken)) == (state, asked, 1)


def test_many_workers_send_each_letter_once(committed: Cast, mail: MailServer) -> None:
    cast = committed
    for name in cast.people:
        cast[name].email = f"{name}@qinghe.example"
        cast[name].save(update_fields=["email"])
    rows = [
        Delivery(
            person=person, channel="mail", address=f"{n}.{person.email}", key=f"w{n}.{person.pk}", day=cast.today,
            upto=cast.now, created_at=cast.now, next_at=cast.now, subject="汇总", text="……",
        )
        for n in range(8) for person in cast.people.values()
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            send_all(cast.now)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert Counter(mail.to) == Counter(row.address for row in rows)
    assert Delivery.objects.filter(state="delivered").count() == len(rows)

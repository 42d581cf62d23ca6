"""Messages arrive once, stay bounded, and are one's own."""

from datetime import timedelta

import pytest

from luoshi.core.models import Entry
from luoshi.notices.actions import KEPT, notify, read_notices
from luoshi.notices.models import Notice
from luoshi.notices.queries import count_unread
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db


def send(cast: Cast, *names: str, text: str = "新任务", url: str = "/tasks/1/", days: int = 0) -> int:
    people = [cast[name] for name in names]
    return notify(people, kind="dispatch", text=text, url=url, now=cast.now + timedelta(days=days))


def test_each_person_gets_a_message_once(cast: Cast) -> None:
    assert send(cast, "townclerk", "townhead", "townclerk") == 2
    assert Notice.objects.count() == 2
    assert Entry.objects.count() == 0


def test_the_same_message_is_not_repeated_while_it_waits_unread(cast: Cast) -> None:
    send(cast, "townclerk")
    assert send(cast, "townclerk", "townhead") == 1
    assert send(cast, "townclerk", text="另一件") == 1
    read_notices(cast["townclerk"], now=cast.now)
    assert send(cast, "townclerk") == 1


def test_a_long_message_is_shortened_not_refused(cast: Cast) -> None:
    send(cast, "townclerk", text="长" * 400)
    assert len(Notice.objects.get().text) == 300


def test_read_messages_are_kept_a_year_and_unread_ones_longer(cast: Cast) -> None:
    send(cast, "townclerk", text="读过")
    read_notices(cast["townclerk"], now=cast.now)
    send(cast, "townclerk", text="没读")
    send(cast, "townclerk", text="新的", days=KEPT.days + 1)
    assert set(Notice.objects.values_list("text", flat=True)) == {"没读", "新的"}


def test_sending_to_many_costs_four_queries(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(4):  # type: ignore[operator]
        send(cast, *(name for name in cast.people))


def test_one_reads_and_marks_only_ones_own(cast: Cast, signed_in: object) -> None:
    send(cast, "townclerk", "townhead")
    mine, other = Notice.objects.get(person=cast["townclerk"]), Notice.objects.get(person=cast["townhead"])
    client = signed_in("townclerk")  # type: ignore[operator]
    client.post(f"/notices/{other.pk}/read/")
    assert count_unread(cast["townhead"].pk) == 1
    assert client.post(f"/notices/{mine.pk}/read/", {"open": "1"}).headers["Location"] == "/tasks/1/"
    assert count_unread(cast["townclerk"].pk) == 0


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_opening_a_message_stays_on_the_site(cast: Cast, signed_in: object, url: str) -> None:
    send(cast, "townclerk", url=url)
    response = signed_in("townclerk").post(f"/notices/{Notice.objects.get().pk}/read/", {"open": "1"})  # type: ignore[operator]
    assert response.headers["Location"] == "/notices/"


def test_page_counts_lists_and_empties(cast: Cast, signed_in: object, django_assert_max_num_queries: object) -> None:
    for number in range(60):
        send(cast, "townclerk", text=f"第{number}件")
    client = signed_in("townclerk")  # type: ignore[operator]
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        page = client.get("/notices/").content.decode()
    assert '<span class="count">60</span>' in page
    assert "第59件" in page
    assert "第0件" not in page
    client.post("/notices/read/")
    assert 'class="count"' not in client.get("/notices/").content.decode()
    assert "暂无消息" in client.get("/notices/?unread=1").content.decode()

"""One digest a person and day, by a real connection to a mail server; urgent messages at once; nothing in the night."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luoshi.core.models import CalendarDay
from luoshi.notices.actions import notify, notify_each, read_notices, take_back
from luoshi.notices.actions.making import make_digests, make_prompt
from luoshi.notices.actions.sending import send_some
from luoshi.notices.models import Delivery, GroupWish, Notice, Wish
from luoshi.notices.queries.wishes import add_discretion, add_opening
from tests.app.notices.servers import MailServer
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(cast: Cast) -> None:
    for name in ("townclerk", "townhead", "office"):
        cast[name].email = f"{name}@qinghe.example"
        cast[name].save(update_fields=["email"])


def send_all(now: datetime) -> None:
    while send_some(now):
        pass


def tell(cast: Cast, *names: str, text: str = "新任务：修渠", kind: str = "dispatch", **given: Any) -> None:
    people = [cast[name] for name in names]
    given = {"url": "/tasks/1/", "now": cast.now - timedelta(hours=3), **given}
    notify(people, kind=kind, text=text, **given)


def test_one_digest_says_all_that_is_unread(cast: Cast, mail: MailServer) -> None:
    tell(cast, "townclerk", "townhead", "deptclerk")
    tell(cast, "townclerk", text="请补报进度", kind="ask", url="/tasks/2/")
    tell(cast, "townclerk", text="读过了", url="/tasks/3/")
    Notice.objects.filter(text="读过了").update(read_at=cast.now)
    assert make_digests(cast.now) == 2
    assert make_digests(cast.now + timedelta(minutes=30)) == 0
    send_all(cast.now)
    assert sorted(mail.to) == ["townclerk@qinghe.example", "townhead@qinghe.example"]
    letter = next(found for found in mail.letters if "townclerk" in found["To"])
    body = letter.get_content()
    assert "何苗" in body
    assert "新任务：修渠" in body
    assert "https://luoshi.example/tasks/2/" in body
    assert "读过了" not in body
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "修渠" not in letter["Subject"]
    found = Delivery.objects.get(person=cast["townclerk"])
    assert (found.state, found.notices, found.delivered_at) == ("delivered", 2, cast.now)
    assert found.unit_path == cast.unit("QH-T01").path


def test_two_thousand_events_are_one_letter_by_task(cast: Cast, mail: MailServer) -> None:
    at = cast.now - timedelta(hours=3)
    notify_each([(cast["townclerk"].pk, f"第{n}条", f"/tasks/{n % 40}/") for n in range(2000)], kind="dispatch", now=at)
    assert make_digests(cast.now) == 1
    with CaptureQueriesContext(
        connection,
    ) as asked:
        send_all(cast.now)
    assert len(asked) < 60
    assert len(mail.letters) == 1
    body = mail.letters[0].get_content()
    assert "2000" in body
    assert body.count("https://luoshi.example/tasks/") == 5
    assert "35" in body


def test_nobody_hears_when_there_is_nothing_to_say(cast: Cast, mail: MailServer) -> None:
    assert make_digests(cast.now) == 0
    tell(cast, "townclerk")
    make_digests(cast.now)
    read_notices(cast["townclerk"], now=cast.now)
    send_all(cast.now)
    assert mail.letters == []
    assert Delivery.objects.get().state == "needless"


def test_no_digest_before_its_hour_or_on_a_day_off(cast: Cast, mail: MailServer) -> None:
    tell(cast, "townclerk", now=cast.now - timedelta(days=1))
    assert make_digests(cast.now - timedelta(hours=2)) == 0  # 08:00
    assert make_digests(cast.now - timedelta(days=1)) == 0  # Sunday
    CalendarDay.objects.create(day=cast.today, is_workday=False)
    assert make_digests(cast.now) == 0


def test_each_person_chooses_the_hour(cast: Cast, mail: MailServer) -> None:
    Wish.objects.create(person=cast["townclerk"], digest_at="14:00")
    tell(cast, "townclerk", "townhead")
    assert make_digests(cast.now) == 1
    assert make_digests(cast.now + timedelta(hours=4)) == 1
    assert Delivery.objects.filter(person=cast["townclerk"]).count() == 1


def test_what_comes_after_the_hour_waits_for_tomorrow(cast: Cast, mail: MailServer) -> None:
    tell(cast, "townclerk", now=cast.now - timedelta(minutes=5))  # 09:55, after 08:30
    assert make_digests(cast.now) == 0
    assert make_digests(cast.now + timedelta(days=1)) == 1


def test_a_digest_that_never_left_goes_up_in_the_next(cast: Cast, mail: MailServer) -> None:
    tell(cast, "townclerk", text="昨天的")
    make_digests(cast.now)
    tomorrow = cast.now + timedelta(days=1)
    tell(cast, "townclerk", text="今天的", url="/tasks/9/", now=tomorrow - timedelta(hours=3))
    make_digests(tomorrow)
    send_all(tomorrow)
    assert len(mail.letters) == 1
    assert "昨天的" in mail.letters[0].get_content()
    assert "今天的" in mail.letters[0].get_content()


def test_groups_at_once_or_on_the_site_only(cast: Cast, mail: MailServer) -> None:
    GroupWish.objects.create(person=cast["townclerk"], group="decide", how="now")
    GroupWish.objects.create(person=cast["townclerk"], group="given", how="site")
    tell(cast, "townclerk", text="请决定", kind="ask", now=cast.now)
    tell(cast, "townclerk", text="新任务")
    assert make_prompt(cast.now) == 1
    send_all(cast.now)
    assert ["请决定" in mail.letters[0].get_content(), "新任务" in mail.letters[0].get_content()] == [True, False]
    assert make_digests(cast.now + timedelta(days=1)) == 0


def test_at_once_is_one_letter_in_ten_minutes(cast: Cast, mail: MailServer) -> None:
    GroupWish.objects.create(person=cast["townclerk"], group="decide", how="now")
    for minute in range(25):
        at = cast.now + timedelta(minutes=minute)
        tell(cast, "townclerk", text=f"请决定{minute}", kind="ask", url=f"/tasks/{minute}/", now=at)
        make_prompt(at)
        send_all(at)
    assert len(mail.letters) == 3


def test_urgent_comes_at_once_but_not_in_quiet_hours(cast: Cast, mail: MailServer) -> None:
    night = cast.now + timedelta(hours=12)  # 22:00
    Wish.objects.create(person=cast["townhead"], wants_urgent=True)
    tell(cast, "townclerk", "townhead", text="防汛", kind="chase", now=night, urgent=True)
    assert make_prompt(night) == 2
    send_all(night)
    assert mail.to == ["townhead@qinghe.example"]
    waiting = Delivery.objects.get(person=cast["townclerk"])
    assert (waiting.state, waiting.attempts) == ("waiting", 0)
    assert waiting.next_at == night + timedelta(hours=10)  # 08:00
    tell(cast, "townclerk", text="又一件", kind="chase", url="/tasks/7/", now=night + timedelta(hours=1), urgent=True)
    assert make_prompt(night + timedelta(hours=1)) == 0  # goes with the letter that waits
    send_all(night + timedelta(hours=10))
    assert mail.to[1:] == ["townclerk@qinghe.example"]
    assert "又一件" in mail.letters[1].get_content()


def test_a_letter_is_tried_again_under_the_same_id(cast: Cast, mail: MailServer) -> None:
    tell(cast, "townclerk", "townhead", "office")
    make_digests(cast.now)
    mail.script.extend(["451 4.7.1 greylisted", "close"])
    send_all(cast.now)
    assert len(mail.letters) == 1
    waiting = list(Delivery.objects.filter(state="waiting"))
    assert sorted(d.trouble for d in waiting) == ["busy", "silent"]
    assert all(cast.now + timedelta(seconds=40) < d.next_at < cast.now + timedelta(seconds=80) for d in waiting)
    send_all(cast.now + timedelta(minutes=2))
    assert len(mail.letters) == 3
    assert len({letter["Message-ID"] for letter in mail.letters}) == 3


def test_a_refused_address_is_told_and_not_tried_again(cast: Cast, mail: MailServer, signed_in: Any) -> None:
    mail.refused.add("townclerk@qinghe.example")
    tell(cast, "townclerk", "townhead")
    make_digests(cast.now)
    send_all(cast.now)
    assert mail.to == ["townhead@qinghe.example"]
    refused = Delivery.objects.get(person=cast["townclerk"])
    assert (refused.state, refused.trouble) == ("refused", "mailbox")
    tell(cast, "townclerk", text="另一件", now=cast.now)
    assert make_digests(cast.now + timedelta(days=1)) == 0
    page = signed_in("townclerk").get("/notices/wishes/").content.decode()
    assert "townclerk@qinghe.example" in page
    assert 'role="alert"' in page


def test_a_mail_server_that_is_down_costs_one_attempt_for_all(cast: Cast, mail: MailServer, settings: Any) -> None:
    settings.EMAIL_PORT = 9  # nobody listens there
    tell(cast, "townclerk", "townhead")
    make_digests(cast.now)
    send_all(cast.now)
    assert set(Delivery.objects.values_list("state", "trouble", "attempts")) == {("waiting", "silent", 1)}
    assert mail.connections == 0


def test_without_a_mail_server_nothing_is_made(cast: Cast) -> None:
    tell(cast, "townclerk", urgent=True)
    assert make_digests(cast.now) + make_prompt(cast.now) == 0


def test_only_the_domains_of_the_organisation_get_letters(cast: Cast, mail: MailServer, settings: Any) -> None:
    settings.NOTICES = {**settings.NOTICES, "MAIL_DOMAINS": ["qinghe.example"]}
    cast["townhead"].email = "townhead@elsewhere.example"
    cast["townhead"].save(update_fields=["email"])
    tell(cast, "townclerk", "townhead")
    assert make_digests(cast.now) == 1


def test_counts_only_where_the_site_says_so(cast: Cast, mail: MailServer, settings: Any) -> None:
    settings.NOTICES = {**settings.NOTICES, "OUTSIDE_TEXTS": "counts"}
    tell(cast, "townclerk", text="绝密的名称")
    make_digests(cast.now)
    send_all(cast.now)
    assert "绝密" not in mail.letters[0].get_content()


def test_titles_of_internal_papers_stay_inside(cast: Cast, mail: MailServer, monkeypatch: Any) -> None:
    from luoshi.notices.queries import wishes

    monkeypatch.setattr(wishes, "_finders", [])
    add_discretion(lambda lines: {line for line in lines if line[1] == "/tasks/5/"})
    tell(cast, "townclerk", text="内部的名称", url="/tasks/5/")
    tell(cast, "townclerk", text="公开的名称", url="/tasks/6/")
    make_digests(cast.now)
    send_all(cast.now)
    body = mail.letters[0].get_content()
    assert ["内部的名称" in body, "公开的名称" in body, "/tasks/5/" in body] == [False, True, True]


def test_a_digest_begins_with_what_comes_first(cast: Cast, mail: MailServer, monkeypatch: Any) -> None:
    from luoshi.notices.queries import wishes

    monkeypatch.setattr(wishes, "_openings", [])
    add_opening(lambda person, now: [("先签收修渠", "/tasks/1/")])
    tell(cast, "townclerk")
    make_digests(cast.now)
    send_all(cast.now)
    assert "1. 先签收修渠\n   https://luoshi.example/tasks/1/" in mail.letters[0].get_content().replace("\r", "")


def test_letters_speak_the_language_of_their_reader(cast: Cast, mail: MailServer) -> None:
    Wish.objects.create(person=cast["townclerk"], language="en")
    tell(cast, "townclerk", "townhead")
    make_digests(cast.now)
    send_all(cast.now)
    bodies = {letter["To"].partition("@")[0]: letter.get_content() for letter in mail.letters}
    assert "messages have come" in bodies["townclerk"]
    assert "条消息" in bodies["townhead"]


def test_what_was_told_outside_is_not_silently_taken_back(cast: Cast, mail: MailServer) -> None:
    at = cast.now - timedelta(hours=3)
    tell(cast, "townclerk", "deptclerk", now=at)
    make_digests(cast.now)
    send_all(cast.now)
    people = [cast["townclerk"].pk, cast["deptclerk"].pk]
    told = take_back(
        people, kind="dispatch", sent_at=[at], urls=["/tasks/1/"], text="已收回", url="/tasks/1/", now=cast.now
    )
    assert told == 1
    assert list(Notice.objects.filter(kind="recall").values_list("person", flat=True)) == [cast["townclerk"].pk]


def test_digests_cost_the_same_for_many_people(cast: Cast, mail: MailServer) -> None:
    def make(day: int) -> int:
        tell(cast, *cast.people, text=f"第{day}天", now=cast.now + timedelta(days=day, hours=-3))
        with CaptureQueriesContext(connection) as asked:
            make_digests(cast.now + timedelta(days=day))
        return len(asked)

    few = make(0)
    for person in cast.people.values():
        person.email = f"{person.username}@qinghe.example"
        person.save(update_fields=["email"])
    Delivery.objects.update(state="stopped")
    assert make(1) == few
    assert Delivery.objects.filter(state="waiting").count() == len(cast.people)

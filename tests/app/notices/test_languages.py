"""Messages are written in the language of each who reads them, whoever acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy, ngettext_lazy

from luoshi.notices.actions import notify, notify_each, say
from luoshi.notices.actions.making import make_digests, make_prompt
from luoshi.notices.actions.sending import send_some
from luoshi.notices.models import Delivery, Notice, Wish
from luoshi.orgs.models import Unit
from luoshi.tasks.actions import cascade_tasks, dispatch_tasks
from tests.app.notices.servers import Platform
from tests.factories.orgs import Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db
DISPATCHED = gettext_lazy("Dispatched: %(title)s (due %(day)s)")


@pytest.fixture(autouse=True)
def english_reader(cast: Cast) -> None:
    Wish.objects.create(person=cast["deptclerk"], language="en")


def texts(cast: Cast, *names: str) -> list[str]:
    return [Notice.objects.get(person=cast[name]).text for name in names]


@pytest.mark.parametrize("actor", ["en", "zh-hans"])
def test_one_act_is_told_to_each_in_their_language(cast: Cast, actor: str) -> None:
    task = make_task(cast, "修渠", state="registered", standard="验收合格", dispatched_at=None)
    with translation.override(actor):
        dispatch_tasks([task], by=cast["office"], now=cast.now)
    chinese, english = texts(cast, "depthead", "deptclerk")
    with translation.override("zh-hans"):
        assert chinese == str(DISPATCHED) % {"title": "修渠", "day": task.due_date}
    assert english == f"Dispatched: 修渠 (due {task.due_date})"


@pytest.mark.parametrize("actor", ["en", "zh-hans"])
def test_a_task_given_to_a_group_is_told_to_each_in_their_language(cast: Cast, actor: str) -> None:
    Wish.objects.create(person=cast["townhead"], language="en")
    Wish.objects.create(person=cast["townclerk"], digest_at=None)
    task = make_task(cast, "防汛", standard="验收合格")
    towns = Unit.objects.filter(level="township", parent=cast.unit("QH"))
    with translation.override(actor):
        cascade_tasks([task], units=towns, owner=cast.unit("QH"), by=cast["office"], now=cast.now)
    english, chinese = texts(cast, "townhead", "townclerk")
    assert english == f"Dispatched: 防汛 (due {task.due_date})"
    assert "Dispatched" not in chinese
    assert "防汛" in chinese


def test_counted_words_and_words_of_ones_own_are_told_in_each_language(cast: Cast) -> None:
    words = ngettext_lazy(
        "%(n)s step of chasing waits for your approval.", "%(n)s steps of chasing wait for your approval.", 2
    )
    notify_each(
        [(cast[name].pk, say(words, n=2), "/") for name in ("depthead", "deptclerk")], kind="chase", now=cast.now
    )
    chinese, english = texts(cast, "depthead", "deptclerk")
    assert english == "2 steps of chasing wait for your approval."
    assert "2" in chinese
    assert "steps" not in chinese


def test_the_same_message_is_not_repeated_in_either_language(cast: Cast) -> None:
    people = [cast["depthead"], cast["deptclerk"]]

    def tell() -> int:
        return notify(people, kind="task", text=say(DISPATCHED, title="修渠", day="—"), url="/", now=cast.now)

    with translation.override("en"):
        assert tell() == 2
    assert tell() == 0


def test_a_storm_in_two_languages_costs_as_many_queries_as_in_one(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    text = say(DISPATCHED, title="修渠", day="—")
    storm = [(cast[name].pk, text, f"/tasks/{n}/") for n in range(40) for name in ("depthead", "deptclerk")]
    with django_assert_num_queries(2):
        assert notify_each(storm, kind="dispatch", now=cast.now) == 80


def test_the_language_chosen_in_the_head_of_a_page_is_that_of_messages(
    cast: Cast, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("depthead")
    for code in ("en", "zh-hans", "en", "xx", "de"):
        answer = client.post("/notices/language/", {"language": code, "next": "/tasks/"})
        assert answer.headers["Location"] == "/tasks/"
    assert Wish.objects.get(person=cast["depthead"]).language == "en"
    assert client.cookies["django_language"].value == "en"
    notify([cast["depthead"]], kind="task", text=say(DISPATCHED, title="修渠", day="—"), url="/", now=cast.now)
    assert texts(cast, "depthead") == ["Dispatched: 修渠 (due —)"]


def test_a_visitor_chooses_a_language_without_being_anybody(db: None) -> None:
    client = Client()
    assert client.post("/notices/language/", {"language": "en", "next": "//evil.example/"}).headers["Location"] == "/"
    assert client.cookies["django_language"].value == "en"
    assert not Wish.objects.filter(language="en").exclude(person__username="deptclerk").exists()


@pytest.mark.parametrize("readers", [("deptclerk", "depthead"), ("deptclerk",)])
def test_the_group_hears_one_thing_once_in_the_language_of_the_site(
    cast: Cast, platform: Callable[..., Platform], make_robot: Callable[..., Any], readers: tuple[str, ...]
) -> None:
    """Only where nobody was told in that language does it hear the other."""
    server = platform("wecom")
    make_robot(server)
    text = say(DISPATCHED, title="修渠", day="—")
    people, early = [cast[name] for name in readers], cast.now - timedelta(hours=3)
    notify(people, kind="dispatch", text=text, url="/tasks/1/", now=cast.now, urgent=True)
    notify(people, kind="dispatch", text=text, url="/tasks/2/", now=early)
    make_prompt(cast.now)
    make_digests(cast.now)
    while send_some(cast.now + timedelta(minutes=6)):
        pass
    assert server.asked == 2
    for said in server.texts:
        assert said.count("修渠") == 1
        assert ("Dispatched" in said) == (len(readers) == 1)
    assert set(Delivery.objects.exclude(state="needless").values_list("notices", flat=True)) == {1}

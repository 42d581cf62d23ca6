"""The suggestion box reaches the office of one's own government and is answered there."""

import pytest

from luoshi.core.models import Entry
from luoshi.notices.actions import SuggestionAnswered, answer_suggestion
from luoshi.notices.models import Notice, Suggestion
from luoshi.notices.queries import list_suggestions, may_answer
from tests.factories.orgs import Cast

pytestmark = pytest.mark.django_db
BOX = "/notices/suggestions/"


@pytest.fixture
def suggestion(cast: Cast, signed_in: object) -> Suggestion:
    signed_in("townclerk").post(BOX, {"text": "同一张表报了三次"})  # type: ignore[operator]
    return Suggestion.objects.get()


def test_suggestion_reaches_the_office_and_the_journal(cast: Cast, suggestion: Suggestion) -> None:
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"office", "officeclerk"}
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.unit_path) == ("make_suggestion", cast["townclerk"], cast.unit("QH").path)


def test_only_the_author_and_the_offices_above_read_it(cast: Cast, suggestion: Suggestion) -> None:
    readers = {name for name in cast.people if suggestion in list_suggestions(cast.access(name))}
    assert readers == {"townclerk", "office", "officeclerk", "admin"}
    assert {name for name in cast.people if may_answer(cast.access(name), suggestion)} == {"office", "officeclerk"}


def test_answer_comes_back_to_the_author_once(cast: Cast, suggestion: Suggestion, signed_in: object) -> None:
    signed_in("office").post(f"{BOX}{suggestion.pk}/answer/", {"answer": "自下月起只报一次"})  # type: ignore[operator]
    assert "自下月起只报一次" in signed_in("townclerk").get(BOX).content.decode()  # type: ignore[operator]
    assert Notice.objects.filter(person=cast["townclerk"]).count() == 1
    with pytest.raises(SuggestionAnswered):
        answer_suggestion(suggestion, answer="再答", by=cast["officeclerk"], now=cast.now)


@pytest.mark.parametrize(("who", "status"), [("townclerk", 403), ("townhead", 404), ("outsider", 404), ("admin", 403)])
def test_nobody_else_answers(cast: Cast, suggestion: Suggestion, signed_in: object, who: str, status: int) -> None:
    response = signed_in(who).post(f"{BOX}{suggestion.pk}/answer/", {"answer": "x"})  # type: ignore[operator]
    assert response.status_code == status
    suggestion.refresh_from_db()
    assert suggestion.answered_at is None


def test_a_suggestion_needs_words_and_shows_them_as_text(cast: Cast, signed_in: object) -> None:
    client = signed_in("townclerk")  # type: ignore[operator]
    assert client.post(BOX, {"text": ""}).status_code == 422
    client.post(BOX, {"text": "<script>alert(1)</script>"})
    assert "&lt;script&gt;" in client.get(BOX).content.decode()

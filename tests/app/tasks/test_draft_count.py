"""The number of drafts in the page frame is that of the list behind it."""

import pytest

from luoshi.tasks.queries import count_drafts_for, list_drafts_for
from tests.factories.orgs import Cast
from tests.factories.work import make_task

EVERYONE = ["leader", "sponsor", "office", "officeclerk", "observer", "depthead", "deptclerk", "townclerk", "admin"]


@pytest.mark.parametrize("who", EVERYONE)
def test_count_of_drafts_is_the_length_of_their_list(cast: Cast, who: str) -> None:
    for owner, state in (("QH", "draft"), ("QH", "registered"), ("QH-T01", "draft"), ("QH-T01", "dispatched")):
        make_task(cast, f"{owner} {state}", owner=owner, lead="QH-T01", state=state)
    access = cast.access(who)
    assert count_drafts_for(access) == list_drafts_for(access).count()

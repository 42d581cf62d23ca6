"""Whom a head might name: an order whose every step can be said."""

from datetime import date

import pytest

from luoshi.tasks.rules.handlers import Away, Candidate, Presence, is_alike, pairs_of, suggest

TODAY, UNTIL = date(2026, 11, 23), date(2026, 12, 20)
AWAY = (Away(date(2026, 11, 20), date(2026, 11, 30)),)
LATER = (Away(date(2026, 12, 10), date(2026, 12, 12)),)
AFTER = (Away(date(2026, 12, 25), date(2026, 12, 30)),)
OVER = (Away(date(2026, 11, 1), date(2026, 11, 22)),)

BEFORE = [
    ("who is here before who is away, whatever the record", {}, {"away": AWAY, "on_time": 9, "alike": 9}),
    ("away later before away today", {"away": LATER}, {"away": AWAY}),
    ("here before away later", {"open_now": 9}, {"away": LATER}),
    ("fewer late duties before a better record", {}, {"late_now": 1, "on_time": 9, "alike": 9}),
    ("a clearly lighter load before a better record", {"open_now": 2}, {"open_now": 3, "on_time": 9, "alike": 9}),
    ("within a step of load the record decides", {"open_now": 2, "on_time": 1, "alike": 1}, {"open_now": 0}),
    ("among equals the lighter load", {"open_now": 1}, {"open_now": 2}),
]


@pytest.mark.parametrize(("first", "second"), [row[1:] for row in BEFORE], ids=[row[0] for row in BEFORE])
def test_first_candidate_comes_before_the_second(first, second):
    one, other = Candidate(2, "乙", **first), Candidate(1, "甲", **second)
    for given in ([one, other], [other, one]):
        assert [c.person_id for c in suggest(given, today=TODAY, until=UNTIL)] == [2, 1]


@pytest.mark.parametrize(
    ("away", "presence"),
    [
        ((), Presence.HERE),
        (AWAY, Presence.AWAY),
        (LATER, Presence.LATER),
        (AFTER, Presence.HERE),
        (OVER, Presence.HERE),
    ],
)
def test_only_days_within_the_task_count_as_away(away, presence):
    assert Candidate(1, "甲", away=away).presence(today=TODAY, until=UNTIL) == presence


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("建成高标准农田2.5万亩", "柳河镇建成高标准农田9000亩", True),
        ("改造农村户厕800座", "改造农村户厕120座", True),
        ("改造农村户厕800座", "压减一般性支出5%", False),
        ("", "压减一般性支出", False),
    ],
)
def test_titles_are_alike_when_they_speak_of_the_same_matter(one, other, alike):
    assert is_alike(pairs_of(one), pairs_of(other)) is alike

"""The demo's letters: each kind of state is there to be seen."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from luoshi.core.queries import get_calendar
from luoshi.demo.actions import County
from luoshi.demo.history.diary import Diary
from luoshi.demo.history.lettering import expect_letters
from luoshi.demo.history.scene import Scene
from luoshi.letters.models import Letter, Template
from tests.factories.orgs import Cast
from tests.factories.work import make_task


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_demo_has_letters_issued_void_and_awaiting_approval(cast: Cast) -> None:
    for n in range(3):
        make_task(cast, f"实事{n}", standard="验收合格", percent="40", due=cast.today + timedelta(days=n))
    dice = random.Random(1)
    diary = Diary(
        now=cast.now, start=date(2026, 9, 1), year=2026, calendar=get_calendar(date(2026, 1, 1), date(2027, 12, 31)),
        dice=dice,
    )  # fmt: skip
    county = County(units=cast.units, people=cast.people)
    expect_letters(Scene(county=county, diary=diary, dice=dice))
    diary.live()
    found = set(Letter.objects.values_list("kind", "state"))
    assert found >= {("order", "issued"), ("reminder", "issued"), ("chase", "void"), ("circular", "draft")}
    numbers = sorted(letter.full_number for letter in Letter.objects.filter(kind="order"))
    assert numbers == [f"青政督〔2026〕{n}号" for n in (1, 2, 3)]
    assert Template.objects.get().unit == cast.unit("QH-NYJ")

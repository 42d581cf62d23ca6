"""Lives the county's months through, from the first paper to now."""

import random
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from luoshi.core.queries import get_calendar
from luoshi.demo.actions import County
from luoshi.demo.history import (
    adjusting,
    chasing,
    columns,
    coordinating,
    endings,
    giving,
    inspecting,
    intake,
    lettering,
    measuring,
    offline,
    proving,
    rhythm,
)
from luoshi.demo.history.diary import Diary
from luoshi.demo.history.following import expect_following
from luoshi.demo.history.scene import Scene
from luoshi.demo.history.telling import expect_telling
from luoshi.notices.models import Notice

MONTHS = 9
READ_AFTER = timedelta(days=4)
NEW_YEAR_UNTIL = 5  # before May a county still works on last year's papers


def live_through(county: County, *, now: datetime, months: int = MONTHS, seed: int = 1) -> int:
    """Let everything in the story's sheets happen up to `now`, in one transaction; how many acts.

    With fewer months the same papers come in later, and what lies before them does not happen.
    """
    dice = random.Random(seed)  # noqa: S311 - a steady stream, not a secret
    today = timezone.localtime(now).date()
    year, start = story_year(today), story_start(today, months=months)
    calendar = get_calendar(date(year, 1, 1), date(year + 1, 12, 31))
    diary = Diary(now=now, start=start, year=year, calendar=calendar, dice=dice)
    scene = Scene(county=county, diary=diary, dice=dice)
    with transaction.atomic(), translation.override("zh-hans"):
        rhythm.expect_rhythm(scene)
        intake.expect_papers(scene)
        measuring.expect_indicators(scene)
        giving.expect_giving(scene)
        giving.expect_asks(scene)
        endings.expect_extensions(scene)
        endings.expect_reopenings(scene)
        columns.expect_columns(scene)
        adjusting.expect_adjustments(scene)
        expect_following(scene)
        offline.expect_offline_work(scene)
        proving.expect_evidence(scene)
        inspecting.expect_inspections(scene)
        coordinating.expect_coordination(scene)
        chasing.expect_chasing(scene)
        lettering.expect_letters(scene)
        expect_telling(scene)
        acts = diary.live()
        Notice.objects.filter(at__lt=now - READ_AFTER).update(read_at=now - READ_AFTER)
    return acts


def story_year(today: date) -> int:
    """The year whose papers the county works on."""
    return today.year if today.month >= NEW_YEAR_UNTIL else today.year - 1


def story_start(today: date, *, months: int = MONTHS) -> date:
    """The first day of the story: so many months ago, but not before the year's papers are out."""
    return max(date(story_year(today), 3, 1), today - timedelta(days=round(months * 30.5)))

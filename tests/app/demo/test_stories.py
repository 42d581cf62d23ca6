"""The county's story, shorter, at another day, in another year, with another seed."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import transaction

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.core.queries import find_journal_faults
from luoshi.demo import county
from luoshi.demo.actions import load_county
from luoshi.demo.history import live_through, story_start
from luoshi.directives.models import Directive
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Feedback
from luoshi.progress.queries import with_light
from luoshi.tasks.models import Task

TODAY = date(2026, 11, 23)
MONTH = ("--months", "1", "--today", str(TODAY), "--seed", "3")
RED, YELLOW, GREEN, GREY = 1, 2, 3, 5

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def lights() -> set[int]:
    tasks = with_light(Task.objects.order_by(), today=TODAY, policy=get_policy())
    return set(tasks.values_list("light", flat=True))


def reports() -> list[object]:
    return list(Feedback.objects.order_by("pk").values_list("task__code", "at", "done"))


def test_the_command_lives_through_a_month_the_same_way_with_the_same_seed(capsys: pytest.CaptureFixture[str]) -> None:
    before = transaction.savepoint()
    call_command("demo", *MONTH)
    first = reports()
    transaction.savepoint_rollback(before)
    call_command("demo", *MONTH)
    assert reports() == first
    assert "townclerk" in capsys.readouterr().out
    assert find_journal_faults() == []
    assert recompute_standings(check=True) == []
    assert lights() >= {RED, YELLOW, GREEN, GREY}
    assert min(Feedback.objects.values_list("at", flat=True)).date() >= date(2026, 10, 23)


def test_a_day_in_june_knows_nothing_of_august() -> None:
    now = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
    live_through(load_county(now=datetime(2026, 3, 1, tzinfo=UTC)), now=now)
    assert Directive.objects.count() == 2
    assert not Entry.objects.filter(at__gt=now).exists()


def test_the_story_moves_to_the_year_it_is_told_in() -> None:
    assert story_start(date(2028, 11, 1), months=9) >= date(2028, 1, 1)
    text = county.paper("fengong.txt", year=2028).decode()
    assert "青禾县2028年重点工作任务分工方案" in text
    assert "2026" not in text
    assert "到2029年底" in text

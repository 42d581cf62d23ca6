"""Naming who handles a unit's part: suggested with reasons, chosen by a person, told to who is named."""

from datetime import date, timedelta

import pytest

from luoshi.core.models import Entry
from luoshi.core.policy import Policy
from luoshi.insight.queries import get_needle
from luoshi.notices.models import Notice
from luoshi.orgs.models import Absence, Person
from luoshi.tasks.actions.handling import NotOfTheUnit, name_handler
from luoshi.tasks.models import Duty, Task
from luoshi.tasks.queries.handling import get_suggestion, list_nameable
from tests.factories.orgs import Cast, make_person
from tests.factories.work import make_task


def duty_of(task: Task) -> Duty:
    return Duty.objects.select_related("task", "unit", "handler").get(task=task, role="lead")


@pytest.fixture
def second(cast: Cast) -> Person:
    """Another clerk of the bureau."""
    return make_person("second", "田野", unit=cast.unit("QH-NYJ"), role="handler", title="农田股股长")


def handle(cast: Cast, person: Person, title: str, *, state: str = "in_progress", **fields: object) -> None:
    task = make_task(cast, title, state=state, **fields)  # type: ignore[arg-type]
    Duty.objects.filter(task=task, role="lead").update(handler=person)


def test_suggestion_says_load_record_and_absence(cast: Cast, second: Person) -> None:
    handle(cast, cast["deptclerk"], "清理河道", due=date(2026, 11, 1))
    handle(cast, second, "改造户厕")
    done = {"state": "closed", "due": date(2026, 9, 30)}
    handle(cast, second, "建成高标准农田1.5万亩", **done, completed_at=cast.now - timedelta(days=60))
    handle(cast, second, "建成高标准农田0.8万亩", **done, completed_at=cast.now - timedelta(days=20))
    Absence.objects.create(person=cast["depthead"], from_date=cast.today, to_date=date(2026, 11, 30))
    task = make_task(cast, "建成高标准农田2.5万亩", kind="hard_target")
    found = get_suggestion(duty_of(task), today=cast.today).candidates
    assert [c.name for c in found] == ["田野", "丁禾", "孟田"]
    assert (found[0].open_now, found[0].late_now, found[0].alike, found[0].on_time) == (1, 0, 2, 1)
    assert (found[1].open_now, found[1].late_now) == (1, 1)
    assert found[2].away


def test_suggestion_costs_the_same_for_any_number_of_people(
    cast: Cast,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    for n in range(30):
        handle(cast, make_person(f"p{n}", f"科员{n}", unit=cast.unit("QH-NYJ")), f"第{n}件事")
    duty = duty_of(make_task(cast))
    with django_assert_max_num_queries(5):
        assert len(get_suggestion(duty, today=cast.today).candidates) == 32


def test_named_person_is_told_and_finds_it_first(cast: Cast, second: Person) -> None:
    make_task(cast, "压着的红灯", tier=1, due=date(2026, 10, 1))
    task = make_task(cast, "交给田野的小事", cadence="monthly", cadence_day=25, due=date(2026, 12, 31))
    name_handler(duty_of(task), person=second, by=cast["depthead"], now=cast.now)
    assert Notice.objects.get(person=second).text.endswith("交给田野的小事")
    titles = [row.item.title for row in get_needle(_access(cast, second), today=cast.today, policy=Policy())]
    assert titles == ["交给田野的小事", "压着的红灯"]
    others = [row.item.title for row in get_needle(cast.access("deptclerk"), today=cast.today, policy=Policy())]
    assert others == ["压着的红灯", "交给田野的小事"]
    assert Entry.objects.get(verb="name_handler").data["name"] == "田野"


def _access(cast: Cast, person: Person):  # type: ignore[no-untyped-def]
    cast.people[person.username] = person
    return cast.access(person.username)


def test_head_sees_a_colleagues_work_in_its_own_rank(cast: Cast, second: Person) -> None:
    task = make_task(cast, "急事", tier=1, due=date(2026, 10, 1))
    make_task(cast, "缓事", due=date(2026, 11, 1))
    name_handler(duty_of(task), person=second, by=cast["depthead"], now=cast.now)
    titles = [row.item.title for row in get_needle(cast.access("depthead"), today=cast.today, policy=Policy())]
    assert titles == ["急事", "缓事"]


def test_only_people_of_the_unit_are_named(cast: Cast) -> None:
    with pytest.raises(NotOfTheUnit):
        name_handler(duty_of(make_task(cast)), person=cast["otherclerk"], by=cast["depthead"], now=cast.now)


def test_name_is_taken_away_again(cast: Cast, second: Person) -> None:
    duty = duty_of(make_task(cast))
    name_handler(duty, person=second, by=cast["depthead"], now=cast.now)
    name_handler(duty, person=None, by=cast["depthead"], now=cast.now)
    duty.refresh_from_db()
    assert duty.handler is None
    assert Notice.objects.filter(person=second).count() == 2


def test_only_head_and_office_of_the_unit_name_its_handler(cast: Cast) -> None:
    task = make_task(cast, co=["QH-CZJ"])
    named = {who: list_nameable(cast.access(who), task) for who in ("depthead", "deptclerk", "otherclerk", "office")}
    assert {who: [d.unit.code for d in found] for who, found in named.items() if found} == {"depthead": ["QH-NYJ"]}


def test_page_is_for_those_who_name(cast: Cast, signed_in, second: Person) -> None:  # type: ignore[no-untyped-def]
    task = make_task(cast)
    assert signed_in("deptclerk").get(f"/tasks/{task.pk}/handler/").status_code == 403
    page = signed_in("depthead").get(f"/tasks/{task.pk}/handler/").content.decode()
    assert page.index("田野") > 0
    answer = signed_in("depthead").post(f"/tasks/{task.pk}/handler/", {"duty": duty_of(task).pk, "person": second.pk})
    assert answer.status_code == 302
    assert duty_of(task).handler == second

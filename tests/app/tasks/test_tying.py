"""Own work answers a part that was given; a task is moved under another one."""

import pytest

from luoshi.core.models import Entry
from luoshi.notices.models import Notice
from luoshi.progress.actions import recompute_standings
from luoshi.progress.models import Standing
from luoshi.tasks.actions.placing import ParentEnded, UnderItself
from luoshi.tasks.actions.tying import NotOwnWork, PartOfAnother, tie_task
from luoshi.tasks.models import Task
from luoshi.tasks.queries.tying import list_own_work, list_places
from tests.factories.orgs import Cast
from tests.factories.work import make_task


def given(cast: Cast) -> Task:
    above = make_task(cast, "改造农村户厕800座")
    return make_task(
        cast, "改造农村户厕120座", owner="QH-NYJ", lead="QH-T01", parent=above, state="dispatched", acknowledged=False
    )


def own(cast: Cast, title: str = "全镇户厕改造攻坚", **fields: object) -> Task:
    return make_task(cast, title, owner="QH-T01", lead="QH-T01", percent=40, **fields)  # type: ignore[arg-type]


def tie(cast: Cast, part: Task, work: Task) -> None:
    tie_task(part, work=work, unit=cast.unit("QH-T01"), by=cast["townclerk"], now=cast.now)


def test_progress_of_own_work_is_the_progress_of_the_part(cast: Cast) -> None:
    part, work = given(cast), own(cast)
    tie(cast, part, work)
    part.refresh_from_db()
    assert part.state == "acknowledged"
    assert {Standing.objects.get(task=t).percent for t in (part, part.parent, work)} == {40}
    assert recompute_standings(check=True) == []
    assert Entry.objects.get().verb == "tie_task"
    assert Notice.objects.filter(person=cast["deptclerk"], text__contains="全镇户厕改造攻坚").exists()


def test_own_work_is_offered_the_likest_first(cast: Cast) -> None:
    part = given(cast)
    own(cast, "环境整治")
    own(cast)
    own(cast, "别处的部分", parent=make_task(cast, "别的事", owner="QH-T01", lead="QH-T01"))
    make_task(cast, "别人的户厕", owner="QH", lead="QH-T01")
    titles = [task.title for task in list_own_work(part, unit=cast.unit("QH-T01"))]
    assert titles[0] == "全镇户厕改造攻坚"
    assert set(titles) == {"全镇户厕改造攻坚", "环境整治", "别的事"}


def test_what_others_asked_for_or_counts_elsewhere_is_not_tied(cast: Cast) -> None:
    part = given(cast)
    with pytest.raises(NotOwnWork):
        tie(cast, part, make_task(cast, lead="QH-T01"))
    with pytest.raises(PartOfAnother):
        tie(cast, part, own(cast, parent=make_task(cast, "别的事", owner="QH-T01", lead="QH-T01")))


def test_page_ties_and_tells(cast: Cast, signed_in) -> None:  # type: ignore[no-untyped-def]
    part, work = given(cast), own(cast)
    client = signed_in("townclerk")
    assert "全镇户厕改造攻坚" in client.get(f"/tasks/{part.pk}/tie/").content.decode()
    assert client.post(f"/tasks/{part.pk}/tie/", {"work": work.pk}).status_code == 302
    assert "全镇户厕改造攻坚" in signed_in("depthead").get(f"/tasks/{part.pk}/").content.decode()


def test_task_is_moved_under_one_found_by_its_words(cast: Cast, signed_in) -> None:  # type: ignore[no-untyped-def]
    task, above = make_task(cast, "清理河道", percent=50), make_task(cast, "人居环境整治", lead="QH-SLJ")
    assert list_places(cast.access("office"), task, q="") == []
    assert list_places(cast.access("office"), task, q="人居") == [above]
    client = signed_in("office")
    assert "人居环境整治" in client.get(f"/tasks/{task.pk}/place/?q=人居").content.decode()
    assert client.post(f"/tasks/{task.pk}/place/", {"under": above.pk}).status_code == 302
    task.refresh_from_db()
    assert task.parent == above
    assert Standing.objects.get(task=above).percent == 50
    assert client.post(f"/tasks/{above.pk}/place/", {"under": task.pk}).status_code == UnderItself.status
    assert client.post(f"/tasks/{task.pk}/place/", {"under": ""}).status_code == 302
    ended = make_task(cast, "已办结", state="closed")
    assert client.post(f"/tasks/{task.pk}/place/", {"under": ended.pk}).status_code == ParentEnded.status


def test_task_is_not_moved_under_one_that_others_give_down(cast: Cast, signed_in) -> None:  # type: ignore[no-untyped-def]
    mine = make_task(cast, "局里的事", owner="QH-NYJ", lead="QH-NYJ")
    other = make_task(cast, "财政局牵头", lead="QH-CZJ", co=["QH-NYJ"])
    assert signed_in("depthead").post(f"/tasks/{mine.pk}/place/", {"under": other.pk}).status_code == 403

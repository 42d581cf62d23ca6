"""The pages of clocks and nodes as the office, a leader and a clerk use them."""

import re
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from luoshi.tasks.actions.clocks import set_clocks
from luoshi.tasks.models import Clock, ClockSet, Node, Task
from luoshi.tasks.rules.clocks import PRESETS
from tests.factories.orgs import Cast
from tests.factories.work import add_milestone, make_task

pytestmark = pytest.mark.django_db
NODES = {"nodes-INITIAL_FORMS": "0", "nodes-MIN_NUM_FORMS": "0", "nodes-MAX_NUM_FORMS": "20"}


@pytest.fixture(autouse=True)
def day_of_the_cast(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    for module in ("luoshi.tasks.views.clocks", "luoshi.tasks.views.drafting"):
        monkeypatch.setattr(f"{module}.today", lambda: cast.today)


def typed(preset: str = "county", **changes: Any) -> dict[str, str]:
    """The form of a preset as a browser sends it; `remark_due_days=9` changes one field."""
    found = {}
    for matter, clock in PRESETS[preset].items():
        for name, value in asdict(clock).items():
            if value is True:
                found[f"{matter}-{name}"] = "on"
            elif value not in (None, False):
                found[f"{matter}-{name}"] = str(value)
    return {**found, **{key.replace("_", "-", 1): str(value) for key, value in changes.items()}}


def post(cast: Cast, signed_in: Any, who: str = "office", **given: Any) -> Any:
    data = {"unit": str(cast.unit("QH").pk), "version": "0", "preset": "county", **typed(), **given}
    return signed_in(who).post("/tasks/clocks/", data)


def test_office_keeps_what_it_typed_and_reads_it_again(cast: Cast, signed_in: Any) -> None:
    assert post(cast, signed_in, **{"remark-due_days": "12", "save": "1"}).status_code == 302
    assert Clock.objects.get(set__unit=cast.unit("QH"), matter="remark").due_days == 12
    html = signed_in("leader").get("/tasks/clocks/").content.decode()
    assert 'name="remark-due_days" value="12"' in html
    assert post(cast, signed_in, version="1", follow="1").status_code == 302
    assert not Clock.objects.exists()


def test_preview_says_what_would_become_late_and_keeps_nothing(cast: Cast, signed_in: Any) -> None:
    day = timezone.make_aware(datetime(2026, 11, 19, 10))
    make_task(cast, state="dispatched", acknowledged=False, dispatched_at=day, matter="meeting")
    page = post(cast, signed_in, preview="1", **{"meeting-acknowledge_days": "1"})
    figures = re.findall(r'<b class="figure">(\d+)', page.content.decode())
    assert figures == ["1", "0", "0", "0"]  # receipt late, late no more; first report late, late no more
    assert not ClockSet.objects.exists()


def test_second_editor_is_told_and_keeps_what_was_typed(cast: Cast, signed_in: Any) -> None:
    own = {m.value: replace(c, grace_days=3) for m, c in PRESETS["county"].items()}  # type: ignore[attr-defined]
    set_clocks(cast.unit("QH"), own, preset="county", version=0, by=cast["leader"], now=cast.now)
    page = post(cast, signed_in, save="1", **{"hotline-due_days": "4"})
    assert page.status_code == 409
    assert 'name="hotline-due_days" value="4"' in page.content.decode()
    assert 'name="version" value="1"' in page.content.decode()
    assert post(cast, signed_in, version="1", save="1", **{"hotline-due_days": "4"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{"remark-opens_day": "28", "remark-closes_day": "5"}, {"remark-due_days": "x"}, {"remark-due_days": "999"}],
)
def test_faulty_line_is_marked_and_nothing_is_kept(cast: Cast, signed_in: Any, wrong: dict[str, str]) -> None:
    page = post(cast, signed_in, save="1", **wrong)
    assert page.status_code == 200
    assert 'class="error"' in page.content.decode()
    assert not ClockSet.objects.exists()


def test_clerk_reads_what_holds_and_sets_nothing(cast: Cast, signed_in: Any) -> None:
    html = signed_in("deptclerk").get("/tasks/clocks/").content.decode()
    assert "<fieldset" in html
    assert 'name="save"' not in html
    assert post(cast, signed_in, who="deptclerk", save="1").status_code == 403
    assert post(cast, signed_in, who="outsider", save="1").status_code == 403


def test_office_sets_its_own_nodes_and_follows_the_template_again(cast: Cast, signed_in: Any) -> None:
    data = {"unit": str(cast.unit("QH").pk), "matter": "project", "version": "0", "nodes-TOTAL_FORMS": "3", **NODES}
    data |= {"nodes-0-name": "立项", "nodes-0-reached_by": "opened", "nodes-1-name": "", "nodes-1-reached_by": "opened"}
    data |= {"nodes-2-name": "开工", "nodes-2-reached_by": "milestone", "save": "1"}
    assert signed_in("office").post("/tasks/clocks/nodes/", data).status_code == 302
    assert list(Node.objects.values_list("number", "name")) == [(1, "立项"), (2, "开工")]
    assert signed_in("office").post("/tasks/clocks/nodes/", data).status_code == 409  # an old version
    assert signed_in("office").post("/tasks/clocks/nodes/", {**data, "version": "1", "follow": "1"}).status_code == 302
    assert not Node.objects.exists()


def test_edit_page_proposes_by_the_clock_and_takes_it_over(cast: Cast, signed_in: Any) -> None:
    bare: dict[str, Any] = {"due": None, "review_date": None, "start": None, "dispatched_at": None}
    task = make_task(cast, state="registered", matter="remark", **bare)
    client = signed_in("office")
    assert "2026-12-14" in client.get(f"/tasks/{task.pk}/edit/").content.decode()
    assert Task.objects.get(pk=task.pk).due_date is None
    assert client.post(f"/tasks/{task.pk}/clock/", {"version": "1"}).status_code == 302
    assert Task.objects.get(pk=task.pk).due_date == date(2026, 12, 14)


def test_task_page_shows_clocks_and_nodes(cast: Cast, signed_in: Any) -> None:
    task = make_task(cast, state="dispatched", acknowledged=False, dispatched_at=cast.now, matter="project")
    add_milestone(task, "可研批复", date(2026, 12, 1))
    html = signed_in("office").get(f"/tasks/{task.pk}/").content.decode()
    strip = re.findall(r'node-(done|now|next)".*?node-name">(.*?)<', html)
    assert strip[:3] == [("done", "项目立项"), ("now", "可研批复"), ("next", "用地审批")]
    card = html[html.index('id="h-clocks"') :]
    assert re.findall(r"<dd>(2026-\d\d-\d\d)", card)[:3] == ["2026-11-25", "2026-12-07", "2026-12-20"]

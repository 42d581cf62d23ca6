"""The table of lights: set by the right people, tried on the live ledger, kept with its history."""

from typing import Any

import pytest

from luoshi.core.models import Entry
from luoshi.core.policy import get_policy
from luoshi.orgs.models import Unit
from luoshi.orgs.queries import get_access
from luoshi.progress.actions.tables import NoTableReason, SameTable, SenselessTable, TableGiven, set_table
from luoshi.progress.forms.following import table_initial
from luoshi.progress.models.following import LightTable
from luoshi.progress.queries.lights import with_light
from luoshi.progress.queries.tables import believe, compare_tables, forget_table, may_set_table
from luoshi.progress.rules.palettes import LINES, PALETTES
from luoshi.tasks.models import Task
from tests.factories.orgs import NOW, TODAY, Cast, make_person
from tests.factories.work import make_county_work, make_task

pytestmark = pytest.mark.django_db
NUMBERS = {
    "near_due_days": 7, "behind_yellow": 10, "behind_red": 30, "coverage_percent": 80, "returns_in_doubt": 2,
    "mismatches_in_doubt": 1, "mismatch_healing": 1, "hollow_in_doubt": 3, "forecast_days": 90,
}  # fmt: skip


def table(
    palette: str = "traffic", *, caught_up: str = "yellow", lines: dict[str, str] | None = None, **numbers: int
) -> TableGiven:
    colours = {line.value: colour.value for line, colour in PALETTES[palette].items()} | (lines or {})
    return TableGiven(palette, colours, {**NUMBERS, **numbers}, caught_up)


def posted(given: TableGiven, **more: Any) -> dict[str, Any]:
    lines = {f"line_{line}": colour for line, colour in given.colours.items()}
    base = LightTable.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return {"palette": given.palette, "caught_up": given.caught_up, "base": base, **given.numbers, **lines, **more}


def test_a_table_holds_from_the_moment_it_is_set(cast: Cast) -> None:
    assert get_policy().palette == "traffic"
    set_table(
        table("sheets", near_due_days=3, lines={"doubt": "red"}), reason="试行", base=0, by=cast["admin"], now=NOW
    )
    policy = get_policy()
    assert (policy.palette, policy.near_due_days, policy.light_lines) == ("sheets", 3, (("doubt", "red"),))
    assert policy.critical_cap == 12
    assert Entry.objects.get(verb="set_light_table").data["reason"] == "试行"


def test_the_policy_is_read_without_asking_again(cast: Cast, django_assert_num_queries: Any) -> None:
    set_table(table("pace"), reason="试行", base=0, by=cast["admin"], now=NOW)
    with django_assert_num_queries(1):
        get_policy()
    with django_assert_num_queries(0):
        for _time in range(50):
            assert get_policy().palette == "pace"


def test_another_process_learns_of_it_when_its_memory_ends(cast: Cast) -> None:
    set_table(table("pace"), reason="试行", base=0, by=cast["admin"], now=NOW)
    believe({}, seconds=0)
    assert get_policy().palette == "pace"


def test_earlier_tables_stay_readable_and_a_second_editor_is_told(cast: Cast, signed_in: Any) -> None:
    admin = signed_in("admin")
    stale = posted(table("sheets"), reason="一", do="save")
    assert admin.post("/lights/", posted(table("pace"), reason="先改", do="save")).status_code == 302
    refused = admin.post("/lights/", stale)
    assert refused.status_code == 409
    assert LightTable.objects.count() == 1
    assert admin.post("/lights/", posted(table("sheets"), reason="再改", do="save")).status_code == 302
    assert [t.reason for t in LightTable.objects.all()] == ["再改", "先改"]


@pytest.mark.parametrize(
    ("given", "reason", "refusal"),
    [
        (table(lines={"fine": "red"}), "x", SenselessTable),
        (table(behind_yellow=40), "x", SenselessTable),
        (table("sheets"), " ", NoTableReason),
    ],
)
def test_a_senseless_table_is_refused(cast: Cast, given: TableGiven, reason: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        set_table(given, reason=reason, base=0, by=cast["admin"], now=NOW)
    assert get_policy().palette == "traffic"


def test_the_same_table_again_is_refused(cast: Cast) -> None:
    held = set_table(table("pace"), reason="一", base=0, by=cast["admin"], now=NOW)
    with pytest.raises(SameTable):
        set_table(table("pace"), reason="二", base=held.pk, by=cast["admin"], now=NOW)


def test_only_administrators_and_the_topmost_unit_set_it(cast: Cast) -> None:
    assert {name for name in cast.people if may_set_table(cast.access(name))} == {"admin"}
    city = {role: make_person(f"city{role}", "市", unit=cast.unit("YZ"), role=role) for role in ("office", "sponsor")}
    assert may_set_table(get_access(city["office"], today=TODAY))
    assert not may_set_table(get_access(city["sponsor"], today=TODAY))
    Unit.objects.filter(code="BS").update(parent=None)  # two governments share the installation
    assert not may_set_table(get_access(city["office"], today=TODAY))


@pytest.mark.parametrize("name", ["office", "townclerk"])
def test_others_read_the_table_but_do_not_set_it(cast: Cast, signed_in: Any, name: str) -> None:
    client = signed_in(name)
    assert client.get("/lights/").status_code == 200
    assert client.post("/lights/", posted(table("pace"), reason="x", do="save")).status_code == 403
    assert not LightTable.objects.exists()


@pytest.mark.parametrize("after", [{"near_due_days": 60}, {"behind_red": 12}, {"hollow_in_doubt": 0}])
@pytest.mark.parametrize("palette", ["guangyuan", "sanyuan", "kaiyuan"])
def test_the_preview_is_what_comes_of_it(cast: Cast, palette: str, after: dict[str, int]) -> None:
    make_county_work(cast)
    for n in range(12):
        make_task(cast, f"第{n}项", percent=n * 9, due=TODAY.replace(day=30))
    before = get_policy()
    was = dict(with_light(Task.objects.all(), today=TODAY, policy=before).values_list("pk", "light"))
    given = table(palette, **after)
    set_table(given, reason="试行", base=0, by=cast["admin"], now=NOW)
    policy = get_policy()
    is_now = dict(with_light(Task.objects.all(), today=TODAY, policy=policy).values_list("pk", "light"))
    counted: dict[tuple[int, int], int] = {}
    for pk, light in was.items():
        if light != 5:
            counted[light, is_now[pk]] = counted.get((light, is_now[pk]), 0) + 1
    turned = {(t.before, t.after): t.number for t in compare_tables(before=before, after=policy, today=TODAY)}
    assert turned == counted
    assert any(a != b for a, b in turned)


def test_the_preview_says_how_many_would_turn_and_shows_the_rows(cast: Cast, signed_in: Any) -> None:
    make_task(cast, "临期的任务", percent=95, due=TODAY.replace(day=30))
    make_task(cast, "逾期的任务", percent=95, due=TODAY.replace(day=2))
    client = signed_in("admin")
    given = posted(table("kaiyuan"), do="preview", cell="2-4")
    page = client.post("/lights/", given)
    text = page.content.decode()
    assert page.status_code == 200
    assert "临期的任务" in text
    assert "逾期的任务" not in text
    assert 'value="2-4"' in text
    assert not LightTable.objects.exists()
    assert client.post("/lights/", {**given, "cell": "9-x"}).status_code == 200
    assert client.post("/lights/", {**given, "behind_red": "5"}).status_code == 422


def test_the_preview_is_one_scan(cast: Cast, django_assert_num_queries: Any) -> None:
    make_county_work(cast)
    policy = get_policy()
    with django_assert_num_queries(1):
        compare_tables(before=policy, after=policy, today=TODAY)


def test_a_preset_fills_the_form_and_a_palette_of_another_version_leaves_the_preset(cast: Cast, signed_in: Any) -> None:
    page = signed_in("admin").get("/lights/?preset=guangyuan").content.decode()
    assert 'value="guangyuan" selected' in page
    LightTable.objects.create(made_at=NOW, made_by=cast["admin"], palette="unknown", thresholds={"behind_red": 1})
    forget_table()
    assert (get_policy().palette, get_policy().behind_red) == ("traffic", 30)


def test_the_form_shows_each_line_of_the_policy() -> None:
    shown = table_initial(get_policy(), base=0)
    assert {f"line_{line.value}" for line in LINES} <= set(shown)

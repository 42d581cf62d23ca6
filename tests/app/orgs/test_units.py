"""The tree of units changes without losing what was."""

from datetime import date, timedelta

import pytest

from luoshi.core.models import Entry
from luoshi.core.queries import find_journal_faults
from luoshi.orgs import actions
from luoshi.orgs.actions.units import CodeTaken, HasLowerUnits, TooDeep, UnderItself, UnitIsClosed, WrongDay
from luoshi.orgs.models import Post, Succession, Unit, UnitName
from luoshi.orgs.queries import UnknownUnit, get_access, list_people_in, list_unit_facts, parse_unit
from luoshi.orgs.rules import PATH_STEP, path_of
from tests.factories.orgs import SINCE, Cast, make_unit

pytestmark = pytest.mark.django_db


def draft(cast: Cast, code: str, name: str, parent: str = "QH", **more: object) -> actions.UnitDraft:
    values = {"level": "department", "valid_from": cast.today, **more}
    return actions.UnitDraft(code=code, name=name, parent=cast.unit(parent), **values)  # type: ignore[arg-type]


def assert_paths_right() -> None:
    for unit in Unit.objects.select_related("parent"):
        parent_path = unit.parent.path if unit.parent else ""
        assert unit.path == path_of(unit.pk, parent_path=parent_path or ""), unit.code


def last_entry() -> Entry:
    entry = Entry.objects.order_by("-seq").first()
    assert entry is not None
    return entry


def test_new_unit_stands_in_the_tree_under_all_its_names(cast: Cast) -> None:
    unit = actions.create_unit(
        draft(cast, "QH-LYJ", "青禾县林业局", short_name="县林业局", aliases=("林业局", "县林草局")),
        by=cast["office"], now=cast.now,
    )  # fmt: skip
    assert_paths_right()
    assert parse_unit("县林草局", cast.access("office")) == unit
    assert parse_unit("qh-lyj", cast.access("office")) == unit
    assert (last_entry().verb, last_entry().unit_path) == ("create_unit", unit.path)
    assert not find_journal_faults()


def test_a_unit_code_is_given_once(cast: Cast) -> None:
    with pytest.raises(CodeTaken):
        actions.create_unit(draft(cast, "qh-czj", "青禾县财政局二"), by=cast["office"], now=cast.now)
    assert Entry.objects.count() == 0


def test_the_tree_has_a_bounded_depth(cast: Cast) -> None:
    parent = cast.unit("QH")
    for number in range(15 - 2):
        parent = make_unit(f"D{number}", f"层{number}", level="team", parent=parent)
    with pytest.raises(TooDeep):
        actions.create_unit(
            actions.UnitDraft(code="D99", name="太深", level="team", parent=parent, valid_from=cast.today),
            by=cast["office"], now=cast.now,
        )  # fmt: skip
    with pytest.raises(TooDeep):
        actions.move_unit(cast.unit("QH-T01"), parent=parent, by=cast["office"], now=cast.now)


def test_renamed_unit_is_found_under_both_names_and_keeps_its_history(cast: Cast) -> None:
    unit, on = cast.unit("QH-NYJ"), date(2026, 7, 1)
    actions.rename_unit(
        unit, name="青禾县农业农村和水利局", short_name="县农水局", aliases=["农水局"], on=on,
        by=cast["office"], now=cast.now,
    )  # fmt: skip
    access = cast.access("office")
    assert parse_unit("青禾县农业农村局", access) == parse_unit("县农水局", access) == unit
    old = UnitName.objects.get(unit=unit, name="青禾县农业农村局")
    assert (old.valid_from, old.valid_to) == (SINCE, on - timedelta(days=1))
    assert UnitName.objects.get(unit=unit, name="青禾县农业农村和水利局").valid_to is None
    fact = next(fact for fact in list_unit_facts(unit.path or "") if fact.id == unit.pk)
    assert set(fact.aliases) == {"青禾县农业农村局", "县农业农村局", "农水局"}
    assert last_entry().data["before"]["name"] == "青禾县农业农村局"


def test_a_second_rename_on_the_same_day_corrects_the_first(cast: Cast) -> None:
    unit, on = cast.unit("QH-NYJ"), date(2026, 7, 1)
    for name in ("青禾县农业居", "青禾县农业局"):
        actions.rename_unit(unit, name=name, short_name="", aliases=[], on=on, by=cast["office"], now=cast.now)
        unit.refresh_from_db()
    assert sorted(unit.names.values_list("name", flat=True)) == sorted(
        ["县农业农村局", "青禾县农业农村局", "青禾县农业局"]
    )


@pytest.mark.parametrize("on", [date(2025, 1, 1), SINCE, date(2026, 11, 24)])
def test_names_change_after_the_beginning_and_not_ahead(cast: Cast, on: date) -> None:
    with pytest.raises(WrongDay):
        actions.rename_unit(
            cast.unit("QH-NYJ"), name="新名", short_name="", aliases=[], on=on, by=cast["office"], now=cast.now
        )


def test_moved_unit_takes_everything_below_along(cast: Cast) -> None:
    before = last_paths = {u.code: u.path for u in Unit.objects.all()}
    actions.move_unit(cast.unit("QH-T01"), parent=cast.unit("QH-NYJ"), by=cast["office"], now=cast.now)
    assert_paths_right()
    moved = {u.code for u in Unit.objects.all() if u.path != before[u.code]}
    assert moved == {"QH-T01", "QH-T01-V01", "QH-T01-V02"}
    assert last_paths["QH-T02"] == Unit.objects.get(code="QH-T02").path
    access = cast.access("depthead")
    assert access.oversees(Unit.objects.get(code="QH-T01-V02").path or "")


def test_no_unit_stands_below_itself(cast: Cast) -> None:
    for parent in ("QH-T01", "QH-T01-V01"):
        with pytest.raises(UnderItself):
            actions.move_unit(cast.unit("QH-T01"), parent=cast.unit(parent), by=cast["office"], now=cast.now)
    assert_paths_right()


def test_merged_units_live_on_in_their_successor(cast: Cast) -> None:
    on = date(2026, 10, 1)
    actions.merge_units(
        [cast.unit("QH-CZJ"), cast.unit("QH-T01")], into=cast.unit("QH-NYJ"), on=on, by=cast["office"], now=cast.now
    )
    assert_paths_right()
    gone = Unit.objects.get(code="QH-T01")
    assert gone.valid_to == on - timedelta(days=1)
    assert parse_unit("柳河镇", cast.access("office")) == cast.unit("QH-NYJ")
    assert Unit.objects.get(code="QH-T01-V01").parent == cast.unit("QH-NYJ")
    assert list(Succession.objects.values_list("successor__code", "kind")) == [("QH-NYJ", "merge")] * 2
    assert last_entry().data["predecessors"][0]["code"] == "QH-CZJ"


def test_people_of_a_merged_unit_sit_in_the_successor_and_keep_their_open_work(cast: Cast) -> None:
    actions.merge_units(
        [cast.unit("QH-T01")], into=cast.unit("QH-NYJ"), on=date(2026, 10, 1), by=cast["office"], now=cast.now
    )
    for name in ("townclerk", "deptclerk"):
        access = cast.access(name)
        assert access.unit_ids == {cast.unit("QH-T01").pk, cast.unit("QH-NYJ").pk}, name
    then = get_access(cast["townclerk"], today=date(2026, 9, 30))
    assert then.unit_ids == {cast.unit("QH-T01").pk}
    assert list_people_in([cast.unit("QH-NYJ").pk], ["head"], cast.today) == [cast["depthead"], cast["townhead"]]


def test_succession_is_followed_further_back(cast: Cast) -> None:
    first, second, third = cast.unit("QH-T02"), cast.unit("QH-CZJ"), cast.unit("QH-NYJ")
    actions.merge_units([first], into=second, on=date(2026, 3, 1), by=cast["office"], now=cast.now)
    actions.merge_units([second], into=third, on=date(2026, 5, 1), by=cast["office"], now=cast.now)
    assert cast.access("deptclerk").unit_ids == {first.pk, second.pk, third.pk}


def test_a_unit_is_not_merged_into_one_below_it(cast: Cast) -> None:
    with pytest.raises(UnderItself):
        actions.merge_units(
            [cast.unit("QH-T01")], into=cast.unit("QH-T01-V01"), on=date(2026, 5, 1), by=cast["office"], now=cast.now
        )


def test_split_unit_leaves_successors_and_hands_over_to_the_first(cast: Cast) -> None:
    made = actions.split_unit(
        cast.unit("QH-T01"), into=[draft(cast, "QH-T11", "柳南镇", level="township"), draft(cast, "QH-T12", "柳北镇")],
        keep=False, on=date(2026, 6, 1), by=cast["office"], now=cast.now,
    )  # fmt: skip
    assert_paths_right()
    assert {s.successor for s in Succession.objects.filter(predecessor=cast.unit("QH-T01"))} == set(made)
    assert set(Unit.objects.filter(parent=made[0]).values_list("code", flat=True)) == {"QH-T01-V01", "QH-T01-V02"}
    assert cast.access("townhead").sits_in(made[0].pk, roles=["head"])


def test_unit_kept_at_a_split_goes_on_as_before(cast: Cast) -> None:
    made = actions.split_unit(
        cast.unit("QH-T01"), into=[draft(cast, "QH-T11", "柳南镇", level="township")],
        keep=True, on=date(2026, 6, 1), by=cast["office"], now=cast.now,
    )  # fmt: skip
    assert Unit.objects.get(code="QH-T01").valid_to is None
    assert cast.access("townhead").unit_ids == {cast.unit("QH-T01").pk}
    assert made[0].parent == cast.unit("QH")


def test_closed_unit_ends_its_posts_and_is_changed_no_more(cast: Cast) -> None:
    unit = cast.unit("QH-CZJ")
    actions.close_unit(unit, last_day=date(2026, 11, 20), by=cast["office"], now=cast.now)
    assert cast.access("otherclerk").seats == ()
    assert get_access(cast["otherclerk"], today=date(2026, 11, 20)).sits_in(unit.pk)
    with pytest.raises(UnitIsClosed):
        actions.move_unit(unit, parent=cast.unit("YZ"), by=cast["office"], now=cast.now)
    with pytest.raises(UnknownUnit):
        parse_unit("县财政局", cast.access("office"))


def test_a_unit_closes_after_those_below_it(cast: Cast) -> None:
    with pytest.raises(HasLowerUnits):
        actions.close_unit(cast.unit("QH-T01"), last_day=cast.today, by=cast["office"], now=cast.now)
    assert Post.objects.filter(unit=cast.unit("QH-T01"), to_date__isnull=False).count() == 0


def test_edit_journals_only_what_changed(cast: Cast) -> None:
    actions.edit_unit(cast.unit("QH-T01"), level="township", category="hills", sort=0, by=cast["office"], now=cast.now)
    assert last_entry().data == {"before": {"category": "plain"}, "after": {"category": "hills"}}


def test_a_name_that_two_units_bear_is_asked_back(cast: Cast) -> None:
    make_unit("QH-T02-V01", "新民村", level="village", parent=cast.unit("QH-T02"))
    with pytest.raises(UnknownUnit, match="QH-T02-V01"):
        parse_unit("新民村", cast.access("office"))
    assert parse_unit("QH-T02-V01", cast.access("office")).name == "新民村"


def test_another_countys_units_cannot_be_named(cast: Cast) -> None:
    with pytest.raises(UnknownUnit, match="白石县财政局"):
        parse_unit("白石县财政局", cast.access("office"))
    assert parse_unit(" 白石县财政局 ", cast.access("outsider")) == cast.unit("BS-CZJ")


def test_unit_facts_come_in_two_queries(cast: Cast, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        facts = list_unit_facts(cast.unit("QH").path or "", today=cast.today)
    assert len(facts) == 9
    assert all(fact.path.startswith(cast.unit("QH").path or "") and len(fact.path) % PATH_STEP == 0 for fact in facts)

"""The ledger's list: who sees what, what each filter lets through, and in which order."""

import re
from datetime import date

import pytest
from django.db import connection

from luoshi.core.policy import Policy
from luoshi.ledger.queries import (
    choose,
    count_lights,
    list_children,
    list_matching,
    list_page,
    list_plain_page,
    list_tree,
)
from luoshi.ledger.queries.paging import list_window, order_of
from luoshi.ledger.rules import LIGHTS, Filter, Sort, parse_filter
from luoshi.ledger.rules.paging import read_key
from luoshi.orgs.models import Unit
from luoshi.orgs.queries.share import SMALL
from luoshi.progress.queries import with_light
from luoshi.tasks.models import Task
from luoshi.tasks.queries import list_visible
from tests.factories.orgs import TODAY
from tests.factories.work import make_county_work, make_many, make_task

POLICY = Policy()
EVERYONE = [
    "leader", "sponsor", "office", "officeclerk", "observer", "depthead", "deptclerk", "otherclerk", "townhead",
    "townclerk", "outsider", "baishi", "admin",
]  # fmt: skip


def found(cast, who="office", **params):
    """The titles a filter gives a member of the cast, sorted."""
    access = cast.access(who)
    choice = choose(parse_filter(params), access=access)
    return set(list_matching(choice, access=access, today=TODAY, policy=POLICY).values_list("title", flat=True))


@pytest.mark.parametrize("who", EVERYONE)
def test_quick_reading_shows_exactly_what_the_gate_shows(cast, who):
    made = make_county_work(cast)
    make_task(cast, "外县任务", owner="BS", lead="BS-CZJ")
    make_task(cast, "柳河镇下达到村", owner="QH-T01", lead="QH-T01-V01", parent=made["QH-T01"])
    access = cast.access(who)
    seen = set(Task.objects.visible_to(access))
    assert set(list_visible(access)) == seen
    assert set(list_visible(access, whole=True)) == seen


def test_outsider_sees_nothing_of_another_county(cast, signed_in):
    made = make_county_work(cast)
    page = signed_in("outsider").get("/ledger/?state=all")
    assert made["farmland"].title not in page.content.decode()
    assert found(cast, "outsider", state="all") == set()


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"q": "农田", "part": "owner", "unit": "QH"}, {"建成高标准农田2.5万亩"} | {
            "柳河镇建成高标准农田9000亩", "石门乡建成高标准农田8000亩", "东关街道建成高标准农田8000亩"}),
        ({"q": "坝体"}, set()),
        ({"tier": "1", "light": "red", "q": "水库"}, {"完成小型水库除险加固6座"}),
        ({"unit": "县财政局", "part": "lead"}, {
            "城镇新增就业1200人", "压减一般性支出5%", "持续优化营商环境", "推广农业信贷担保"}),
        ({"unit": "县财政局", "part": "co"}, {"建成高标准农田2.5万亩"}),
        ({"unit": "县农业农村局", "part": "owner"}, {
            "柳河镇建成高标准农田9000亩", "石门乡建成高标准农田8000亩", "东关街道建成高标准农田8000亩"}),
        ({"state": "submitted"}, {"城镇新增就业1200人"}),
        ({"state": "ended"}, {"新建农村寄宿制学校1所", "农村公路安防工程42公里"}),
        ({"kind": "hard_target"}, {"建成高标准农田2.5万亩"}),
        ({"due_from": "2026-11-01", "due_to": "2026-11-30"}, {"改造农村户厕800座"}),
        ({"due_to": "2026-11-23"}, {"完成小型水库除险加固6座"}),
        ({"light": "red"}, {"完成小型水库除险加固6座", "石门乡建成高标准农田8000亩", "建成高标准农田2.5万亩"}),
        ({"light": "grey", "state": "all"}, {
            "新建农村寄宿制学校1所", "农村公路安防工程42公里", "推广农业信贷担保"}),
        ({"unit": "没有这个局"}, set()),
    ],
)  # fmt: skip
def test_filter_lets_through_what_it_names(cast, params, expected):
    make_county_work(cast)
    assert found(cast, **params) == expected


def test_directive_filter_shows_the_tasks_that_came_from_it(cast):
    made = make_county_work(cast)
    assert found(cast, directive=str(made["farmland"].clause.directive_id)) == {"建成高标准农田2.5万亩"}
    assert found(cast, directive="999999") == set()


def test_unknown_unit_is_said_and_shows_no_rows(cast, signed_in):
    make_county_work(cast)
    page = signed_in("office").get("/ledger/", {"unit": "没有这个局"}).content.decode()
    assert "没有这个局" in page
    assert "建成高标准农田2.5万亩" not in page


def test_unreadable_parameter_is_named_and_left_out(cast, signed_in):
    make_county_work(cast)
    page = signed_in("office").get("/ledger/", {"due_to": "年底", "tier": "x"}, headers={"accept-language": "zh-CN"})
    assert "时限止" in page.content.decode()
    assert "建成高标准农田2.5万亩" in page.content.decode()


def walk(cast, chosen, *, size=3, backward=False, who="office"):
    """The keys of all rows, page by page, following the links from the first page on or from the last one back."""
    access = cast.access(who)
    choice = choose(chosen, access=access)
    tasks = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    order, pages, key = order_of(choice), [], {}
    while True:
        window = list_window([tasks], order=order, desc=chosen.desc, size=size, **key)
        pages.append(list(window.ids))
        link = window.before if backward else window.after
        if link is None:
            return pages
        key = {"before" if backward else "after": read_key(link)}


@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_every_row_once_in_a_stable_order(cast, sort, desc):
    make_county_work(cast)
    make_task(cast, "同日任务甲", due=date(2026, 12, 15))
    make_task(cast, "同日任务乙", due=None)
    make_task(cast, "同日任务丙", due=None)
    chosen = Filter(state="all", sort=sort.value, desc=desc)
    pages = walk(cast, chosen)
    seen = [pk for page in pages for pk in page]
    assert seen == walk(cast, chosen, size=100)[0]
    assert sorted(seen) == sorted(Task.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("desc", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
def test_going_back_shows_the_pages_that_were_left(cast, sort, desc):
    make_county_work(cast)
    make_task(cast, "无时限甲", due=None)
    make_task(cast, "无时限乙", due=None)
    access = cast.access("office")
    choice = choose(Filter(state="all", sort=sort.value, desc=desc), access=access)
    tasks = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    seen, window = [], list_window([tasks], order=order_of(choice), desc=desc, size=4)
    while window.after:
        seen.append(list(window.ids))
        window = list_window([tasks], order=order_of(choice), desc=desc, size=4, after=read_key(window.after))
    while window.before:
        window = list_window([tasks], order=order_of(choice), desc=desc, size=4, before=read_key(window.before))
        assert list(window.ids) == seen.pop()
    assert not seen


def test_row_entered_meanwhile_neither_repeats_nor_hides_another(cast):
    for n in range(7):
        make_task(cast, f"任务{n}", due=date(2026, 12, n + 1))
    access = cast.access("office")
    choice = choose(Filter(), access=access)
    tasks = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    first = list_window([tasks], order=order_of(choice), size=3)
    make_task(cast, "插在前面", due=date(2026, 11, 30))
    second = list_window([tasks], order=order_of(choice), size=3, after=read_key(first.after))
    titles = [Task.objects.get(pk=pk).title for pk in [*first.ids, *second.ids]]
    assert titles == [f"任务{n}" for n in range(6)]


@pytest.mark.parametrize("key", ["", "x", "12~年底", "99999999~2099-01-01", "5~nan", "1~", "9" * 30])
def test_link_that_somebody_changed_still_gives_a_page(cast, signed_in, key):
    make_county_work(cast)
    client = signed_in("office")
    for sort in ("due", "progress", "last", "tier", "title"):
        for name in ("after", "before"):
            page = client.get("/ledger/", {"sort": sort, name: key})
            assert page.status_code == 200
            assert "c-task" in page.content.decode()


def test_open_ended_work_stands_last_in_both_directions(cast):
    make_county_work(cast)
    for desc in (False, True):
        last = walk(cast, Filter(desc=desc))[-1][-1]
        assert Task.objects.get(pk=last).title == "持续优化营商环境"


def test_worst_light_comes_first_when_sorted_by_light(cast):
    make_county_work(cast)
    access = cast.access("office")
    choice = choose(Filter(sort="light"), access=access)
    tasks = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    page = list_page(tasks, choice, today=TODAY, policy=POLICY)
    codes = [LIGHTS[row.light.colour] for row in page.rows]
    assert codes == sorted(codes)
    assert codes[0] == LIGHTS["red"]


@pytest.mark.parametrize("desc", [False, True])
def test_pages_by_light_go_from_one_end_of_the_lights_to_the_other(cast, desc):
    make_county_work(cast)
    make_task(cast, "未下达任务", state="draft")
    lit = with_light(Task.objects.order_by(), today=TODAY, policy=POLICY)
    expected = sorted(lit.values_list("light", "pk"), reverse=desc)
    seen = [pk for page in walk(cast, Filter(state="all", sort="light", desc=desc)) for pk in page]
    assert seen == [pk for _light, pk in expected]


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("state", ["open", "ended"])
@pytest.mark.parametrize("number", [25, 70])
def test_plain_page_shows_what_the_page_of_any_filter_shows(cast, who, state, number):
    make_county_work(cast)
    make_many(cast, number)
    make_task(cast, "没有期限的任务", due=None)
    make_task(cast, "已办结任务", state="closed")
    access = cast.access(who)
    choice = choose(Filter(state=state), access=access)
    plain = list_plain_page(choice, access=access, today=TODAY, policy=POLICY)
    tasks = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    assert plain in (None, list_page(tasks, choice, today=TODAY, policy=POLICY))
    assert (plain is None) == (access.admin or len(access.paths) != 1)


def test_totals_by_light_agree_with_the_rows(cast):
    make_county_work(cast)
    access = cast.access("office")
    choice = choose(Filter(state="all"), access=access)
    tasks = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    page = list_page(tasks, choice, today=TODAY, policy=POLICY)
    totals = count_lights(tasks, today=TODAY, policy=POLICY)
    for colour in LIGHTS:
        assert totals[colour] == sum(row.light.colour == colour for row in page.rows)
    assert totals["all"] == len(page.rows)


TREES = ({}, {"state": "all"}, {"state": "ended"}, {"light": "yellow"}, {"q": "柳河"}, {"tier": "1", "state": "all"})


def unfold(cast, who, params):
    """Every task that the tree shows, opened to its leaves: (matching ones, those shown for what is below)."""
    access = cast.access(who)
    choice = choose(parse_filter({**params, "tree": "1"}), access=access)
    kwargs = {"access": access, "today": TODAY, "policy": POLICY}
    rows = list_tree(choice, **kwargs)
    seen, context = [row.id for row in rows.rows], set(rows.context)
    waiting = [] if rows.levels else list(seen)
    while waiting:
        below = list_children(Task.objects.get(pk=waiting.pop()), choice, **kwargs)[0]
        seen += [row.id for row in below.rows]
        context |= below.context
        waiting += [row.id for row in below.rows]
    return [pk for pk in seen if pk not in context], context


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("params", TREES)
def test_tree_shows_every_matching_task_once(cast, params, who):
    made = make_county_work(cast)
    village = make_task(cast, "柳河镇下达到村", owner="QH-T01", lead="QH-T01-V01", parent=made["QH-T01"], tier=1)
    make_task(cast, "已结束的上级", state="closed", code="Z-1")
    make_task(cast, "仍在办的下级", parent=Task.objects.get(code="Z-1"), owner="QH-NYJ", lead="QH-T01")
    city = make_task(cast, "市里的任务", owner="YZ", lead="YZ", due=None)
    make_task(cast, "市里给县里的", owner="YZ", lead="QH", parent=city)
    moved = make_task(cast, "县里移到市任务下的", owner="QH", lead="QH-NYJ", parent=city)
    make_task(cast, "移过去的下级", owner="QH-NYJ", lead="QH-T02", parent=moved)
    access = cast.access(who)
    choice = choose(parse_filter(params), access=access)
    matching = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    seen, context = unfold(cast, who, params)
    assert sorted(seen) == sorted(t.pk for t in matching)
    assert context <= set(list_visible(access).values_list("pk", flat=True))
    assert village.pk not in context


def test_page_of_a_narrowed_tree_says_what_follows_under_the_task_it_cuts(cast, signed_in):
    top = make_task(cast, "全县任务")
    middle = make_task(cast, "片区任务", owner="QH-NYJ", lead="QH-T01", parent=top)
    for n in range(62):
        make_task(cast, f"分解{n}", owner="QH-NYJ", lead="QH-T01", parent=middle)
    client = signed_in("office")
    page = client.get("/ledger/?tree=1&q=分解", headers={"accept-language": "zh-CN"}).content.decode()
    assert page.count('class="c-task') == 52
    assert page.count("is-context") == 2
    assert "“片区任务”下还有12项" in page
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(f"/ledger/{following}").content.decode()
    assert rest.count('class="c-task') == 14
    assert "片区任务" in rest


def test_tree_opens_a_parent_in_place(cast, signed_in):
    made = make_county_work(cast)
    client = signed_in("office")
    page = client.get("/ledger/?tree=1").content.decode()
    assert "建成高标准农田2.5万亩" in page
    assert "石门乡建成高标准农田8000亩" not in page
    rows = client.get(f"/ledger/{made['farmland'].pk}/under/?tree=1&level=2").content.decode()
    assert rows.count("<tr") == 3
    assert f'data-under="{made["farmland"].pk}"' in rows
    assert signed_in("outsider").get(f"/ledger/{made['farmland'].pk}/under/").status_code == 404


def test_large_family_is_loaded_in_groups_that_say_how_many_are_left(cast, signed_in):
    parent = make_task(cast, "全县任务")
    for n in range(62):
        make_task(cast, f"分解{n}", owner="QH-NYJ", lead="QH-T01", parent=parent)
    client = signed_in("office")
    page = client.get(f"/ledger/{parent.pk}/under/?tree=1", headers={"accept-language": "zh-CN"}).content.decode()
    assert page.count("data-under") == 51
    assert "此任务下还有12项" in page
    following = page.split('href="')[-1].split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(following).content.decode()
    assert rest.count("data-under") == 12
    whole = client.get(f"/tasks/{parent.pk}/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "分解任务：62项" in whole
    assert "此任务下还有12项" in whole


def test_row_says_late_lead_co_units_and_how_many_reported(cast, signed_in):
    make_county_work(cast)
    page = signed_in("office").get("/ledger/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "应反馈3家，已反馈2家" in page
    assert "柳河镇、石门乡 +1" in page
    assert "无牵头" in page
    assert "visually-hidden" in page


def test_reported_zero_is_shown_and_missing_is_a_dash(cast):
    make_task(cast, "零", percent=0)
    make_task(cast, "缺", percent=None)
    access = cast.access("office")
    choice = choose(Filter(), access=access)
    tasks = list_matching(choice, access=access, today=TODAY, policy=POLICY)
    page = list_page(tasks, choice, today=TODAY, policy=POLICY)
    assert {row.title: row.percent_text for row in page.rows} == {"零": "0%", "缺": "—"}


def test_title_is_never_markup(cast, signed_in):
    make_task(cast, "<script>alert(1)</script>", last_word='"><img src=x>')
    page = signed_in("office").get("/ledger/").content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page


BUDGETS = {  # statements of a page, sign-in and frame with it
    "/ledger/": 13,
    "/ledger/?totals=1": 15,
    "/ledger/?light=red&sort=progress&after=5~20": 13,
    "/ledger/?unit=柳河镇&owner=青禾县": 17,
    "/ledger/?tree=1": 19,
    "/ledger/?tree=1&tier=3": 20,
    "/ledger/totals/": 10,
    "/ledger/filters/": 10,
    "/ledger/shown/": 9,
    "/ledger/columns/": 9,
    "/ledger/views/": 9,
}


@pytest.mark.parametrize("number", [25, 120, 400])
def test_ledger_pages_cost_the_same_at_any_size(cast, signed_in, django_assert_max_num_queries, number):
    make_many(cast, number)
    client = signed_in("office")
    client.get("/ledger/")
    top = Task.objects.filter(children__isnull=False).first()
    is_large = Unit.objects.latest("pk").pk >= SMALL  # keys go on from test to test; then each part is looked at too
    more = (connection.vendor == "postgresql") + 3 * is_large  # PostgreSQL is asked whether it is there
    for address, most in {**BUDGETS, f"/ledger/{top.pk}/under/?tree=1": 19}.items():
        with django_assert_max_num_queries(most + more):
            assert client.get(address).status_code == 200


def test_ledger_pages_reach_every_row(cast, signed_in):
    make_many(cast, 130)
    client, address, rows = signed_in("admin"), "/ledger/?state=all", []
    for _page in range(3):
        page = client.get(address).content.decode()
        rows.append(page.count('class="c-task'))
        if 'rel="next"' in page:
            address = "/ledger/" + page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert rows == [50, 50, 30]


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("progress", "standing_by_percent"),
        ("last", "standing_by_last"),
        ("title", "task_by_phase_title"),
        ("tier", "task_by_phase_tier"),
    ],
)
def test_every_stored_order_has_an_index_of_its_own(cast, sort, index):
    make_many(cast, 300)
    access = cast.access("leader")
    choice = choose(Filter(sort=sort), access=access)
    tasks, order = list_matching(choice, access=access, today=TODAY, policy=POLICY), order_of(choice)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
        else:
            cursor.execute("ANALYZE")
    given = tasks.filter(**{f"{order.name}__isnull": False}).order_by(order.name, order.number)
    plan = given.values("pk")[:51].explain()
    assert index in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


def test_open_list_is_served_by_an_index_and_not_sorted(cast):
    make_many(cast, 300)
    access = cast.access("office")
    tasks = list_matching(choose(Filter(), access=access), access=access, today=TODAY, policy=POLICY)
    if connection.vendor == "postgresql":  # so few rows it would rather sort; what counts is that it need not
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
    plan = tasks.filter(due_date__isnull=False).order_by("due_date", "pk").values("pk")[:51].explain()
    assert "task_by_phase" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan
    assert "due_date" not in " ".join(re.findall(r"Sort Key: .*", plan))

"""Finding tasks by words: Chinese inside words, document numbers, codes, units and initials of pinyin."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from luoshi.orgs.actions import rename_unit
from luoshi.orgs.models import Unit
from luoshi.tasks.actions import cascade_task, create_task, edit_task
from luoshi.tasks.actions.searching import reindex
from luoshi.tasks.models import TASK, SearchLine, SearchText, Task
from luoshi.tasks.queries import list_tasks, says, searching
from luoshi.tasks.rules.cascade import Share
from tests.factories.orgs import NOW, TODAY
from tests.factories.work import make_directive, make_task

TASKS = {  # title: (requirement, number)
    "城镇新增就业1.2万人": ("全年城镇新增就业1.2万人，其中“十四五”规划内项目带动3000人。", "QH-2026-0012"),
    "建成高标准农田2.5万亩": ("道路、桥梁配套到位；GDP贡献5.5％。", "QH-2026-0128"),
    "水库除险加固": ("完成３座小型水库除险加固，功率100MW。", "BS-2025-0012"),
    "重庆来访接待": ("按《接待办法》办理。", "QH-2026-0300"),
    "𠮷祥村饮水安全": ("解决〇号井供水。", "QH-2026-0301"),
}
JOBS, FIELDS, WATER, GUESTS, RARE = TASKS
CASES = [  # what is typed, what is found: the same on both databases
    ("就业", {JOBS}),
    ("新增就", {JOBS}),
    ("城镇新增就业", {JOBS}),
    ("业新", set()),
    ("业", set(TASKS) - {GUESTS}),  # also in 农业农村局
    ("田", {FIELDS}),
    ("号", {RARE, FIELDS}),  # also in 青政发〔2026〕3号
    ("人", {JOBS, FIELDS}),  # also in 青禾县人民政府, who issued the paper
    ("十四五 规划", {JOBS}),
    ("规划　十四五", {JOBS}),
    ("十四五规划", {JOBS}),
    ("“十四五”规划", {JOBS}),
    ("就业 农田", set()),
    ("道路桥梁", {FIELDS}),
    ("道路、桥梁", {FIELDS}),
    ("接待办法", {GUESTS}),
    ("《接待办法》", {GUESTS}),
    ("1.2万人", {JOBS}),
    ("１．２万人", {JOBS}),
    ("就业1", {JOBS}),
    ("3座小型", {WATER}),
    ("３座", {WATER}),
    ("mw", {WATER}),
    ("100MW", {WATER}),
    ("gdp", {FIELDS}),
    ("ＧＤＰ", {FIELDS}),
    ("QH-2026-0012", {JOBS}),
    ("qh-2026-0012", {JOBS}),
    ("ＱＨ－2026－0012", {JOBS}),
    ("2026-0012", {JOBS}),
    ("0012", {JOBS, WATER}),
    ("0128", {FIELDS}),
    ("QH-2026-03", {GUESTS, RARE}),
    ("czxzjy", {JOBS}),
    ("xzjy", {JOBS}),
    ("xz", {JOBS}),
    ("CZXZ", {JOBS}),
    ("cqlf", {GUESTS}),
    ("jybgb", set()),
    ("jcgbznt", {FIELDS}),
    ("sk 水库", {WATER}),
    ("𠮷祥", {RARE}),
    ("〇号井", {RARE}),
    ("县财政局", {GUESTS}),
    ("财政局 接待", {GUESTS}),
    ("QH-CZJ", {GUESTS}),
    ("青政发〔2026〕3号", {FIELDS}),
    ("青政发[2026]3号", {FIELDS}),
    ("青政发（2026）3号", {FIELDS}),
    ("青政发2026 3号", {FIELDS}),
    ("青政发20263号", {FIELDS}),
    ("政发〔2026〕", {FIELDS}),
    ("青政发〔2026〕4号", set()),
    ("", set()),
    ("   ", set()),
    ("。，！", set()),
    ("%", set()),
    ("_", set()),
    ("' OR 1=1 --", set()),
    ('"就业" OR "农田"', set()),
    ("就业*", {JOBS}),
    ("NEAR(就业 农田)", set()),
    ("words : 就业", set()),
    ("就业 & !农田", set()),
    ("就业:*", {JOBS}),
    ("\\", set()),
    ("0x0", set()),
    ("人 按", set()),
    ("人全年", set()),
]


@pytest.fixture
def ledger(cast):
    clause = make_directive(cast)
    for title, (requirement, code) in TASKS.items():
        lead = "QH-CZJ" if title == GUESTS else "QH-NYJ"
        make_task(
            cast, title, requirement=requirement, code=code, lead=lead, clause=clause if title == FIELDS else None
        )
    return cast


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_what_is_typed_finds_what_holds_it(ledger, typed, expected):
    assert set(Task.objects.filter(says(typed)).values_list("title", flat=True)) == expected


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_what_many_hold_is_tested_row_by_row_with_the_same_answer(ledger, monkeypatch, typed, expected):
    monkeypatch.setattr(searching, "FEW", -1)
    monkeypatch.setattr(searching, "MANY", -1)
    assert set(Task.objects.filter(says(typed)).values_list("title", flat=True)) == expected


@pytest.mark.parametrize(("typed", "expected"), CASES[::4])
def test_middle_way_gives_the_same_answer(ledger, monkeypatch, typed, expected):
    monkeypatch.setattr(searching, "FEW", -1)
    assert set(Task.objects.filter(says(typed)).values_list("title", flat=True)) == expected


def test_search_goes_through_the_gate(ledger):
    assert not list_tasks(ledger.access("outsider"), q="就业").exists()
    assert list_tasks(ledger.access("office"), q="就业").count() == 1


def test_drafted_and_edited_task_is_found_by_its_present_words(cast):
    office = cast["office"]
    task = create_task(cast.unit("QH"), title="修建乡村公路", requirement="修路。", kind="measure", tier=3,
                       due_date=None, duties=[], by=office, now=NOW)  # fmt: skip
    assert list(Task.objects.filter(says("xcgl"))) == [task]
    edit_task(task, version=task.version, by=office, now=NOW, title="修建乡村学校", requirement="建校。")
    assert not Task.objects.filter(says("公路")).exists()
    assert list(Task.objects.filter(says("xcxx 建校"))) == [task]
    assert not reindex(check=True).tasks


def test_cascade_stores_its_words_once(cast):
    task = make_task(cast, "新增就业岗位", lead="QH", due=TODAY.replace(month=12))
    units = [cast.unit(code).pk for code in ("QH-T01", "QH-T02", "QH-T03")]
    cascade_task(task, shares=[Share(pk, standard="到位") for pk in units], owner=cast.unit("QH"), by=cast["office"],
                 now=NOW)  # fmt: skip
    assert SearchText.objects.filter(kind=TASK).count() == 1
    assert SearchLine.objects.count() == 4
    assert Task.objects.filter(says("岗位 柳河镇")).get().parent == task
    own = [Share(cast.unit("QH-T01-V01").pk, requirement="只给新民村的话", standard="到位")]
    part = Task.objects.filter(says("岗位 柳河镇")).get()
    cascade_task(part, shares=own, owner=cast.unit("QH-T01"), by=cast["townhead"], now=NOW)
    assert Task.objects.filter(says("新民村的话")).get().parent == part


def test_task_is_found_by_the_new_and_the_former_name_of_its_unit(cast):
    task = make_task(cast, "整修塘坝", lead="QH-SLJ")
    unit = cast.unit("QH-SLJ")
    rename_unit(unit, name="青禾县水务局", short_name="县水务局", aliases=[], on=TODAY, by=cast["office"], now=NOW)
    assert list(Task.objects.filter(says("水务局"))) == [task]
    assert list(Task.objects.filter(says("县水利局 塘坝"))) == [task]


def test_reindex_finds_what_was_written_past_the_actions(ledger):
    Task.objects.filter(title=GUESTS).update(title="国庆假期值守")
    Unit.objects.filter(code="QH-T02").update(short_name="石门新区")
    SearchText.objects.create(kind=TASK, key=5, words="空 空", initials="")
    with pytest.raises(CommandError, match="tasks 1, units 1, directives 0, left over 1"):
        call_command("ledger", "reindex", "--check")
    assert not Task.objects.filter(says("值守")).exists()
    call_command("ledger", "reindex")
    assert Task.objects.filter(says("值守")).exists()
    assert not reindex(check=True)

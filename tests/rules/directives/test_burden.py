"""A paper of one's own is noted when it is long, asks for reports or for papers to match it; a plain one is not."""

import pytest

from luoshi.directives.rules.burden import Limits, count_units, find_burdens, is_own

LIMITS = Limits(general=5000, special=4000)


def codes(text: str, *, title: str = "关于抓好重点工作的通知", units: int = 1) -> list[str]:
    return [note.code for note in find_burdens(text, title=title, units=units, limits=LIMITS)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("各乡镇每月5日前报送进展情况。", ["asks_report"]),
        ("请各部门将贯彻落实情况于12月10日前报县政府。", ["asks_report"]),
        ("每季度向县政府报告工作进展。", ["asks_report"]),
        ("各单位要结合实际制定实施方案。", ["asks_document"]),
        ("有关部门要抓紧出台配套政策，并将情况报县政府办公室。", ["asks_report", "asks_document"]),
        ("完成12座病险水库除险加固。（县水利局负责，11月底前完成）", []),
        ("建立通报制度，加强工作汇报和统计报表管理。", []),
        ("县发展改革局制定低空经济实施方案。", []),  # the task itself is to write one plan
        ("精简材料报送，不得要求各单位报送情况。", []),
        ("各乡镇要将整改情况于每月25日前反馈县政府办公室。", ["asks_report"]),
        ("有关部门要及时反馈工作进展。", ["asks_report"]),
        ("工作台账反馈至县专班。", ["asks_report"]),
        ("抓好中央生态环境保护督察反馈问题整改，建立整改台账。", []),
        ("对照督察反馈意见，逐项梳理整改情况。", []),
        ("巡视反馈的问题清单全部销号，办理情况公开。", []),
        ("做好群众反馈情况的办理。", []),
        ("落实《督察报告反馈情况整改方案》和《关于报送工作情况的通知》。", []),
        ("各部门贯彻《关于印发具体措施、上报情况的通知》要求，管好资金。", []),
        ("各部门按《关于做好督查工作的通知》要求报送情况。", ["asks_report"]),
        ("加强报刊亭建设，做好气象预报和报名工作。", []),
    ],
)
def test_demands_for_paper_are_found_and_plain_work_is_not(text: str, found: list[str]) -> None:
    assert codes(text) == found


def test_long_paper_is_noted_and_a_special_one_sooner() -> None:
    text = "抓落实。" * 1100
    assert codes(text) == []
    assert codes(text, title="关于开展安全生产专项整治的通知") == ["long"]
    assert codes("抓落实。" * 1300) == ["long"]


def test_returns_are_those_of_all_units_or_of_the_ones_that_are_named() -> None:
    text = "各乡镇每月5日前报送进展情况。县水利局、县财政局每季度报送资金情况。"
    places = [text.index("县水利局"), text.index("县财政局")]
    returns = find_burdens(text, title="通知", units=12, limits=LIMITS, mentions=places)[-1]
    assert (returns.code, returns.count) == ("returns", 12 * 12 + 2 * 4)


def test_quotes_stand_in_the_text() -> None:
    text = "一、总体要求\n各乡镇每月5日前报送进展情况。其他略。"
    [note] = find_burdens(text, title="通知", units=1, limits=LIMITS)
    assert [text[q.start : q.end] for q in note.quotes] == ["各乡镇每月5日前报送进展情况。"]


@pytest.mark.parametrize(
    ("issuer", "own"),
    [
        ("青禾县人民政府", True), ("青禾县人民政府办公室", True), ("青禾县水利局", False), ("云山市人民政府", False),
        ("", False),
    ],
)  # fmt: skip
def test_own_paper_is_one_of_the_unit_or_its_office(issuer: str, own: bool) -> None:
    assert is_own(issuer, names=("青禾县", "县")) is own


def test_units_are_counted_once_and_groups_by_their_size() -> None:
    assert count_units([(1, ""), (1, ""), (2, ""), (0, "level=township")], sizes={"level=township": 12}) == 14

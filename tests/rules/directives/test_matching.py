"""Which unit a written name means, and which units a selector stands for."""

import re

import pytest

from luoshi.directives.rules import Match, UnitFact, UnitIndex, elided_prefixes, expand_selector, match_name
from luoshi.directives.rules.selectors import parse_selector, selector_for
from luoshi.directives.rules.units import read_units

ROWS: list[tuple[int, str, str, str, int | None, str]] = [
    (1, "云泽市人民政府", "云泽市", "city", None, ""),
    (2, "青禾县人民政府", "青禾县", "county", 1, ""),
    (3, "白石县人民政府", "白石县", "county", 1, ""),
    (10, "青禾县发展和改革局", "", "department", 2, ""),
    (11, "青禾县财政局", "", "department", 2, ""),
    (12, "青禾县自然资源和规划局", "", "department", 2, ""),
    (13, "青禾县市场监督管理局", "", "department", 2, "县知识产权局"),
    (14, "青禾县住房和城乡建设局", "", "department", 2, ""),
    (15, "青禾县委组织部", "", "department", 2, ""),
    (16, "青禾县委宣传部", "", "department", 2, ""),
    (17, "云泽市生态环境局青禾分局", "县生态环境分局", "department", 2, ""),
    (18, "青禾县农业农村局", "", "department", 2, ""),
    (19, "青禾县工业和信息化局", "", "department", 2, ""),
    (20, "云泽市发展和改革委员会", "", "department", 1, ""),
    (30, "白石县财政局", "", "department", 3, ""),
    (40, "青禾县柳河镇人民政府", "柳河镇", "township", 2, ""),
    (41, "青禾县茶山乡人民政府", "茶山乡", "township", 2, ""),
    (42, "青禾县城关街道办事处", "城关街道", "township", 2, ""),
    (43, "白石县盘石乡人民政府", "盘石乡", "township", 3, ""),
    (50, "柳河镇东柳村", "东柳村", "village", 40, ""),
    (51, "茶山乡云顶村", "云顶村", "village", 41, ""),
]


def tree() -> UnitIndex:
    paths: dict[int, str] = {}
    units = []
    for key, name, short, level, parent, aliases in ROWS:
        paths[key] = (paths[parent] if parent else "") + f"{key:08d}"
        known = tuple(a for a in aliases.split(";") if a)
        category = {"柳河镇": "平原", "茶山乡": "山区"}.get(short, "")
        units.append(UnitFact(key, name, short or name, known, level, category, parent, paths[key]))
    return UnitIndex.build(units)


INDEX = tree()
CITY, COUNTY = "00000001", "0000000100000002"


def match(name: str, *, hint: str = "", scope: str = COUNTY) -> Match:
    return match_name(name, index=INDEX, scope_path=scope, prefix_hint=hint)


NAMES = [
    ("青禾县财政局", "", 11, "name"),
    ("县财政局", "", 11, "elided"),
    ("财政局", "县", 11, "elided"),
    ("县发改局", "", 10, "abbreviation"),
    ("县发改委", "", 10, "abbreviation"),
    ("县发展改革局", "", 10, "abbreviation"),
    ("县自规局", "", 12, "abbreviation"),
    ("县自然资源局", "", 12, "abbreviation"),
    ("县住建局", "", 14, "abbreviation"),
    ("住房城乡建设局", "县", 14, "abbreviation"),
    ("县市场监管局", "", 13, "abbreviation"),
    ("县知识产权局", "", 13, "alias"),
    ("县市场监督管理局（县知识产权局）", "", 13, "dual_name"),
    ("宣传部", "县委", 16, "elided"),
    ("县生态环境分局", "", 17, "short_name"),
    ("市生态环境局青禾分局", "", 17, "elided"),
    ("工业和信息化局", "县", 19, "elided"),
    ("柳河镇", "", 40, "short_name"),
    ("柳河镇政府", "", 40, "government"),
    ("城关街道", "县", 42, "short_name"),
    ("青禾县", "", 2, "short_name"),
    ("县政府", "", 2, "government"),
    ("县人民政府", "", 2, "government"),
    ("东柳村", "", 50, "short_name"),
    ("市发展改革委", "", 20, "abbreviation"),
    ("白石县财政局", "", 30, "name"),
]


@pytest.mark.parametrize(("name", "hint", "unit", "how"), NAMES, ids=[f"{r[0]}-{r[1]}" for r in NAMES])
def test_name_as_a_clerk_writes_it_finds_its_unit(name: str, hint: str, unit: int, how: str) -> None:
    found = match(name, hint=hint)
    assert (found.unit_id, found.how) == (unit, how)


def test_short_name_never_reaches_into_another_county() -> None:
    assert match("县财政局", scope="0000000100000003").unit_id == 30
    assert match("盘石乡").unit_id is None


def test_bureau_of_a_higher_tier_is_not_taken_for_the_county_s_own() -> None:
    found = match("省财政厅")
    assert found.unit_id is None
    assert 11 in [unit for unit, _score in found.candidates]


def test_department_s_scope_is_its_government_s() -> None:
    assert match("县财政局", scope=COUNTY + "00000010").unit_id == 11


@pytest.mark.parametrize(
    "name", ["县优化营商环境领导小组办公室", "县低空经济专班", "县防汛抗旱指挥部", "县河长制办公室"]
)
def test_temporary_body_is_no_unit(name: str) -> None:
    assert match(name) == Match(None, None, (), "temporary_body")


def test_unknown_name_gets_ranked_candidates() -> None:
    found = match("县农业局农村科")
    assert found.unit_id is None
    assert found.candidates[0][0] == 18
    assert len(found.candidates) <= 5
    assert [s for _u, s in found.candidates] == sorted((s for _u, s in found.candidates), reverse=True)


def test_two_units_of_one_name_are_left_to_a_person() -> None:
    twins = [UnitFact(1, "甲县人民政府", "甲县", (), "county", "", None, "00000001")]
    twins += [UnitFact(i, f"甲县第{i}小学", "实验小学", (), "department", "", 1, f"00000001{i:08d}") for i in (2, 3)]
    found = match_name("实验小学", index=UnitIndex.build(twins), scope_path="00000001")
    assert (found.unit_id, found.how) == (None, "ambiguous")
    assert [unit for unit, _score in found.candidates] == [2, 3]


SELECTORS = [
    ("各乡镇", "level=township"),
    ("各乡镇（街道）", "level=township"),
    ("各镇（街道）", "level=township"),
    ("各乡镇人民政府、街道办事处", "level=township"),
    ("各有关乡镇", "level=township"),
    ("各街道", "level=township;ending=街道"),
    ("各乡", "level=township;ending=乡"),
    ("县直各部门", "level=department"),
    ("县直有关单位", "level=department"),
    ("县政府各部门", "level=department"),
    ("各有关部门和单位", "level=department"),
    ("有关部门", "level=department"),
    ("各乡镇和县直部门", "level=department,township"),
    ("各村", "level=village"),
    ("各村（社区）", "level=village"),
    ("各县（市、区）", "level=county"),
    ("各县（市、区）人民政府", "level=county"),
    ("各县市区政府", "level=county"),
    ("各设区市人民政府", "level=city"),
    ("各市（州）", "level=city"),
    ("各市、县〔市、区〕政府", "level=county,city"),
    ("各省级人民政府", "level=province"),
    ("各省（区、市）人民政府", "level=province"),
    ("各专班", None),
    ("各有关企业", None),
]


@pytest.mark.parametrize(("name", "stored"), SELECTORS, ids=[r[0] for r in SELECTORS])
def test_collective_name_becomes_a_selector(name: str, stored: str | None) -> None:
    assert selector_for(name) == stored
    found = match(name)
    assert (found.unit_id, found.selector) == (None, stored)
    assert found.how == ("selector" if stored else "vague_selector")


EXPANSIONS = [
    ("level=township", COUNTY, (40, 41, 42)),
    ("level=township;ending=街道", COUNTY, (42,)),
    ("level=township;category=山区", COUNTY, (41,)),
    ("level=village", COUNTY, (50, 51)),
    ("level=county", CITY, (2, 3)),
    ("level=department", CITY, (20,)),
    ("level=department", COUNTY, (10, 11, 12, 13, 14, 15, 16, 17, 18, 19)),
    ("level=village", COUNTY + "00000040", (50,)),
    ("level=township", COUNTY + "00000010", (40, 41, 42)),
]


@pytest.mark.parametrize(("stored", "scope", "units"), EXPANSIONS)
def test_selector_expands_within_the_scope_only(stored: str, scope: str, units: tuple[int, ...]) -> None:
    assert expand_selector(stored, index=INDEX, scope_path=scope) == units


@pytest.mark.parametrize("stored", ["township", "level=", "tier=county", "category=山区", "level=township;drop=1"])
def test_selector_of_another_grammar_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match=re.escape(stored)):
        parse_selector(stored)


def test_selector_survives_being_stored() -> None:
    assert str(parse_selector("level=township,village;category=山区")) == "level=township,village;category=山区"


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        ("县科技局、工业和信息化局", ("", "县")),
        ("省科技厅、商务厅，税务局", ("", "省", "")),
        ("县委组织部、宣传部，县财政局、水利局", ("", "县委", "", "县")),
        ("市场监管局、县公安局、司法局", ("", "", "县")),
        ("县财政局、各乡镇、水利局", ("", "", "县")),
    ],
)
def test_elided_prefix_is_inherited_until_a_full_comma(words: str, hints: tuple[str, ...]) -> None:
    assert elided_prefixes(read_units(words).mentions, text=words) == hints

"""The demo county holds together: its tree, its people, and the words of its papers."""

import io
import re
import zipfile
from collections import Counter

import pytest
from docx import Document

from luoshi.demo import county
from luoshi.demo.docx import write_docx

CAST = {
    "leader": ("QH", "head"),
    "sponsor": ("QH", "sponsor"),
    "office": ("QH", "office"),
    "officeclerk": ("QH", "office"),
    "observer": ("QH", "observer"),
    "depthead": ("QH-NYJ", "head"),
    "deptclerk": ("QH-NYJ", "handler"),
    "otherclerk": ("QH-CZJ", "handler"),
    "townhead": ("QH-T01", "head"),
    "towndeputy": ("QH-T01", "sponsor"),
    "townclerk": ("QH-T01", "handler"),
    "baishi": ("BS", "head"),
    "outsider": ("BS", "office"),
}
TEXTS = ("fengong.txt", "jiyao.txt", "jiyao19.txt", "zhenggai.txt")
PAIRS = {"）": "（", "〕": "〔", "》": "《", "”": "“"}


def read(name: str) -> str:
    return county.paper(name).decode("utf-8")


def in_county(code: str) -> bool:
    return code == "QH" or code.startswith("QH-")


def first_stray_bracket(text: str) -> str | None:
    waiting: list[str] = []
    for sign in text:
        if sign in PAIRS.values():
            waiting.append(sign)
        elif sign in PAIRS and (not waiting or waiting.pop() != PAIRS[sign]):
            return sign
    return waiting[-1] if waiting else None


def test_codes_are_unique() -> None:
    assert [code for code, n in Counter(unit.code for unit in county.units()).items() if n > 1] == []


def test_official_names_are_unique() -> None:
    assert [name for name, n in Counter(unit.name for unit in county.units()).items() if n > 1] == []


def test_there_is_one_root() -> None:
    assert [unit.short_name for unit in county.units() if not unit.parent_code] == ["云泽市"]


def test_every_unit_follows_its_parent() -> None:
    seen = {""}
    for unit in county.units():
        assert unit.parent_code in seen, unit.code
        seen.add(unit.code)


@pytest.mark.parametrize(
    ("level", "least", "most"), [("department", 38, 45), ("township", 14, 14), ("village", 140, 160)]
)
def test_the_county_has_the_size_of_a_county(level: str, least: int, most: int) -> None:
    assert least <= sum(unit.level == level and in_county(unit.code) for unit in county.units()) <= most


def test_every_township_has_eight_to_thirteen_villages() -> None:
    villages = Counter(unit.parent_code for unit in county.units() if unit.level == "village")
    assert len(villages) == 14
    assert all(8 <= n <= 13 for n in villages.values())


def test_no_two_siblings_share_a_name_or_alias() -> None:
    units = [unit for unit in county.units() if unit.level not in {"city", "county"}]
    spoken = Counter((u.parent_code, name) for u in units for name in {u.name, u.short_name, *u.aliases})
    assert [key for key, n in spoken.items() if n > 1] == []


def test_usernames_and_names_are_unique() -> None:
    people = county.people()
    assert 110 <= len(people) <= 140
    assert len({person.username for person in people}) == len({person.name for person in people}) == len(people)
    assert all(re.fullmatch(r"[a-z]+(\.[a-z]+)?", person.username) for person in people)


def test_every_post_joins_a_known_person_and_unit() -> None:
    units, people = {unit.code for unit in county.units()}, {person.username for person in county.people()}
    for post in county.posts():
        assert (post.unit_code in units, post.username in people) == (True, True), post
        assert post.role in {"head", "sponsor", "office", "handler", "observer"}


def test_the_cast_holds_its_posts() -> None:
    held = {(post.username, post.unit_code, post.role) for post in county.posts()}
    assert {(name, *post) for name, post in CAST.items()} <= held


def test_the_administrator_has_an_account_and_no_post() -> None:
    assert "admin" in {person.username for person in county.people()}
    assert "admin" not in {post.username for post in county.posts()}


def test_everyone_but_the_administrator_has_a_post() -> None:
    held = {post.username for post in county.posts()}
    assert [person.username for person in county.people() if person.username not in held] == ["admin"]


def test_every_department_and_township_has_a_head_and_a_handler() -> None:
    held = {(post.unit_code, post.role) for post in county.posts()}
    for unit in county.units():
        if unit.level in {"department", "township"}:
            assert {(unit.code, "head"), (unit.code, "handler")} <= held, unit.code


def test_some_people_hold_two_posts() -> None:
    posts = Counter(post.username for post in county.posts())
    assert posts["townclerk"] == 2
    assert sum(n > 1 for n in posts.values()) >= 6


@pytest.mark.parametrize("name", TEXTS)
def test_brackets_of_a_paper_are_balanced(name: str) -> None:
    for line in read(name).splitlines():
        assert first_stray_bracket(line) is None, line


def test_a_stray_bracket_is_noticed() -> None:
    assert first_stray_bracket("（县财政局〕负责）") == "〕"
    assert first_stray_bracket("（县财政局负责") == "（"


def test_items_of_the_plan_run_on_through_the_document() -> None:
    numbers = [int(n) for n in re.findall(r"(?m)^(\d+)\.", read("fengong.txt"))]
    assert numbers == list(range(1, 37))


def test_every_item_of_the_plan_ends_in_a_duty_bracket() -> None:
    for line in re.findall(r"(?m)^\d+\..*$", read("fengong.txt")):
        assert re.search(r"(负责|牵头|配合|责任单位|督导单位|协办单位|办理|指导)[^。]*）$", line), line


def test_the_first_and_last_sections_of_the_plan_carry_no_duty_bracket() -> None:
    sections = re.split(r"(?m)^[一二三四五六七八]、", read("fengong.txt"))
    assert not re.search("（[^）]*(负责|牵头)", sections[1] + sections[8])


def test_the_list_labels_ten_problems() -> None:
    text = read("zhenggai.txt")
    for label in ("问题描述：", "整改目标：", "整改措施：", "责任单位：", "责任人：", "督导单位：", "整改时限："):
        assert text.count("\n" + label) == 10, label


def test_people_answerable_in_the_list_are_people_of_the_county() -> None:
    names = {person.name for person in county.people()}
    for line in re.findall(r"(?m)^责任人：(.+)$", read("zhenggai.txt")):
        assert set(line.split("、")) <= names


def test_the_word_file_says_what_the_text_says() -> None:
    document = Document(io.BytesIO(county.paper("fengong.docx")))
    assert [p.text for p in document.paragraphs] == read("fengong.txt").splitlines()


def test_the_word_file_is_the_one_the_writer_makes() -> None:
    made, kept = (Document(io.BytesIO(b)) for b in (write_docx(read("fengong.txt")), county.paper("fengong.docx")))
    assert made.element.xml == kept.element.xml


def test_a_word_file_keeps_no_trace_of_the_hour_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(write_docx(read("jiyao.txt")))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("line", "font"),
    [
        ("青禾县2026年重点工作任务分工方案", "方正小标宋简体"),
        ("一、分工原则", "黑体"),
        ("（一）扩大有效投资", "楷体_GB2312"),
        ("青禾县人民政府", "仿宋_GB2312"),
    ],
)
def test_a_line_is_set_in_the_face_of_its_level(line: str, font: str) -> None:
    document = Document(io.BytesIO(county.paper("fengong.docx")))
    paragraph = next(p for p in document.paragraphs if p.text == line)
    assert f'w:eastAsia="{font}"' in paragraph._p.xml

"""Letters' rules: numbers, marks, what paper shows, who may do what, and templates judged by their words."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from luoshi.letters.rules import (
    KINDS,
    Sort,
    address,
    asked_of,
    clean_fields,
    date_words,
    default_form,
    fields_missing,
    fields_of,
    is_mark,
    known_to,
    may_approve,
    may_draft,
    may_keep,
    number_of,
    required_tags,
    sample_fields,
    usual_mark,
    values_of,
)
from luoshi.letters.rules.forms import FORMS, Facts, Listing
from luoshi.orgs.rules import Access, Role, Seat
from luoshi.papers.writing import check_template

COUNTY, BUREAU = "00000002", "0000000200000003"


def seat(role: Role, path: str = COUNTY) -> Access:
    return Access(person_id=1, seats=(Seat(role=role.value, unit_id=int(path[-8:]), path=path, home=COUNTY),))


def test_number_has_six_cornered_brackets_and_no_leading_zeros() -> None:
    assert number_of("青政督", year=2026, number=7) == "青政督〔2026〕7号"


@pytest.mark.parametrize(
    ("mark", "good"),
    [
        ("青政督", True),
        ("青政办（督）", True),
        ("", False),
        ("青 政", False),
        ("青〔2026〕", False),
        ("字" * 31, False),
    ],
)
def test_mark_is_words_without_brackets_of_a_year(mark: str, good: bool) -> None:
    assert is_mark(mark) is good


def test_usual_mark_is_the_short_name_and_the_kind() -> None:
    assert usual_mark("青禾县", "督办") == "青禾县督办"
    assert len(usual_mark("长" * 60, "督办")) == 30


def test_dates_have_no_leading_zeros() -> None:
    assert date_words(date(2026, 3, 1)) == "2026年3月1日"


def test_every_kind_has_a_form_that_names_its_required_fields() -> None:
    assert set(FORMS) == set(KINDS)
    for kind in KINDS:
        found = check_template(
            default_form(kind, issuer="青禾县人民政府"), known=known_to(kind), required=required_tags(kind)
        )
        assert found.faults == (), kind


def test_every_field_of_a_kind_stands_in_its_form() -> None:
    for kind in KINDS:
        named = set(check_template(default_form(kind, issuer="甲"), known=known_to(kind)).names)
        unsaid = {field.tag for field in KINDS[kind].fields} - named
        assert unsaid <= {"期号"}, kind


def test_tags_and_names_of_a_kind_are_unique_and_listings_fit_their_columns() -> None:
    for kind, blocks in FORMS.items():
        tags = [field.tag for field in fields_of(kind)]
        assert len(set(tags)) == len(tags)
        columns = {field.tag: field.columns for field in fields_of(kind) if field.sort == Sort.ROWS}
        for block in blocks:
            if isinstance(block, Listing):
                assert len(block.shares) == len(columns[block.tag])
            if isinstance(block, Facts):
                assert set(block.tags) <= set(tags)


def test_missing_values_are_dashes_and_count_as_empty() -> None:
    values = values_of("order", {}, {})
    assert values["批示原文"] == values["remark"] == "——"
    assert not values["批示原文"]
    assert values["附件"] == "——"


def test_several_attachments_are_numbered_one_is_not() -> None:
    assert values_of("order", {"attachments": "台账。"}, {})["附件"] == "附件：台账"
    assert values_of("order", {"attachments": "台账\n名单"}, {})["附件"] == "附件：1. 台账\n　　　2. 名单"


def test_rows_are_numbered_and_short_rows_are_filled_with_dashes() -> None:
    rows = values_of("circular", {"good": [["县水利局"], ["县财政局", "拨款"]]}, {})["做得好的"]
    assert rows == [{"序号": "1", "单位": "县水利局", "事例": "——"}, {"序号": "2", "单位": "县财政局", "事例": "拨款"}]


def test_fields_that_a_kind_does_not_have_are_not_kept() -> None:
    kept = clean_fields("order", {"matter": " 修渠 ", "due_date": date(2026, 12, 1), "verdict": "通过", "leader": None})
    assert kept == {"matter": "修渠", "due_date": "2026-12-01"}


def test_required_fields_are_asked_for() -> None:
    assert [field.tag for field in fields_missing("reminder", {"title": "提醒", "matter": "修渠"})] == ["牵头单位"]
    for kind in KINDS:
        assert not fields_missing(kind, sample_fields(kind))
        assert asked_of(kind)[0].name == "title"


def test_drafter_never_approves() -> None:
    assert may_approve(seat(Role.OFFICE), path=BUREAU, drafter_id=2)
    assert not may_approve(seat(Role.OFFICE), path=BUREAU, drafter_id=1)
    assert not may_approve(seat(Role.HANDLER), path=COUNTY, drafter_id=2)
    assert not may_approve(seat(Role.HEAD, BUREAU), path=COUNTY, drafter_id=2)


@pytest.mark.parametrize(
    ("role", "path", "drafts", "keeps"),
    [
        (Role.HANDLER, BUREAU, True, False), (Role.HEAD, BUREAU, True, True), (Role.OFFICE, COUNTY, True, True),
        (Role.SPONSOR, COUNTY, False, False), (Role.OBSERVER, BUREAU, False, False),
    ],
)  # fmt: skip
def test_posts_decide_who_drafts_and_who_keeps_forms(role: Role, path: str, drafts: bool, keeps: bool) -> None:
    assert may_draft(seat(role, path), unit_id=3, path=BUREAU) is drafts
    assert may_keep(seat(role, path), path=BUREAU) is keeps


@pytest.mark.parametrize(
    ("towns", "bureaus", "words"),
    [
        (2, 1, "镇1、镇2、局1"),
        (9, 0, "各乡镇（街道）"),
        (8, 3, "有关乡镇（街道），各部门"),
        (7, 2, "有关乡镇（街道），局1、局2"),
    ],
)
def test_many_addressees_are_named_together(towns: int, bureaus: int, words: str) -> None:
    parties = [(f"镇{n}", "township") for n in range(1, towns + 1)]
    parties += [(f"局{n}", "department") for n in range(1, bureaus + 1)]
    assert address(parties, below={"township": 9, "department": 3}) == words


def test_paper_is_in_the_chinese_of_the_mainland() -> None:
    parts = ZipFile(BytesIO(default_form("order", issuer="青禾县人民政府")))
    assert 'w:eastAsia="zh-CN"' in parts.read("word/styles.xml").decode()
    assert "ja-JP" not in parts.read("word/settings.xml").decode()

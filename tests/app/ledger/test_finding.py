"""One box for everything: only what the reader may see, and what is recent first."""

import pytest

from luoshi.ledger.queries.finding import find
from luoshi.tasks.actions import edit_task
from tests.factories.orgs import NOW, TODAY
from tests.factories.work import make_directive, make_many, make_task


def found(cast, text, who="office"):
    return {group.kind: [hit.label for hit in group.hits] for group in find(cast.access(who), text, today=TODAY)}


def test_each_kind_is_found_by_its_words_number_or_initials(cast):
    make_directive(cast)
    make_task(cast, "整修柳河镇塘坝", code="QH-2026-0777")
    assert found(cast, "塘坝")["task"] == ["整修柳河镇塘坝"]
    assert found(cast, "qh-2026-0777")["task"] == ["整修柳河镇塘坝"]
    assert found(cast, "青政发[2026]3号")["directive"] == ["青禾县2026年重点工作任务分工方案"]
    assert found(cast, "lhz")["unit"][0] == "柳河镇人民政府"
    assert found(cast, "丁禾")["person"] == ["丁禾"]
    assert found(cast, "台账")["page"] == ["台账"]
    assert found(cast, "tz")["page"] == ["台账"]
    assert found(cast, "新建任务") or found(cast, "任务")


def test_nothing_of_another_county_is_found(cast):
    make_directive(cast)
    make_task(cast, "整修塘坝")
    assert set(found(cast, "塘坝", "outsider")) == set()
    assert "青禾县水利局" not in str(found(cast, "水利局", "outsider"))
    assert "丁禾" not in str(found(cast, "丁禾", "outsider"))


def test_what_the_reader_did_last_comes_first(cast):
    first, *_rest = [make_task(cast, f"整修塘坝{n}", state="draft") for n in range(9)]
    assert found(cast, "塘坝")["task"] == [f"整修塘坝{n}" for n in (8, 7, 6, 5, 4)]
    edit_task(first, version=first.version, by=cast["office"], now=NOW, standard="到位")
    assert found(cast, "塘坝")["task"][0] == "整修塘坝0"
    assert found(cast, "塘坝", "leader")["task"][0] == "整修塘坝8"
    assert found(cast, "")["task"] == ["整修塘坝0"]


def test_words_in_the_title_come_before_words_in_the_text(cast):
    make_task(cast, "整修塘坝")
    make_task(cast, "别的事", requirement="先整修塘坝。")
    assert found(cast, "整修塘坝")["task"] == ["整修塘坝", "别的事"]


def test_pages_where_work_is_entered_are_offered_to_who_has_work(cast):
    assert "新建任务" in found(cast, "xjrw").get("page", [])
    assert "新建任务" not in found(cast, "xjrw", "observer").get("page", [])


def test_box_stays_within_its_statements(cast, django_assert_max_num_queries):
    make_many(cast, 500)
    make_directive(cast)
    access = cast.access("office")
    find(access, "柳河", today=TODAY)
    with django_assert_max_num_queries(9):  # one of them only where keys of units are high: is this a small part?
        groups = find(access, "柳河", today=TODAY)
    assert all(len(group.hits) <= 5 for group in groups)


@pytest.mark.parametrize("typed", ["", "塘坝", "%", "'; DROP TABLE", "长" * 3000, "<script>", "０"])
def test_page_and_list_take_whatever_is_typed(cast, signed_in, typed):
    make_task(cast, "整修塘坝")
    client = signed_in("office")
    page = client.get("/search/", {"q": typed})
    part = client.get("/search/", {"q": typed}, headers={"hx-request": "true"})
    assert page.status_code == part.status_code == 200
    assert "<script>" not in part.content.decode()
    assert "<html" not in part.content.decode()


def test_words_outside_a_title_are_shown_where_they_stand(cast, signed_in):
    make_task(cast, "做好防汛抗旱减灾", requirement="汛前完成水库除险加固并逐座销号")
    office = signed_in("office")
    assert "完成<mark>水库</mark>除险" in office.get("/search/?q=水库").content.decode()
    assert "<mark>" not in office.get("/search/?q=防汛").content.decode()

"""The original beside the proposals, why each field is believed, vouching for it, and what a person adds by hand."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.directives.actions import accept_sure, confirm_fields, edit_proposal, ready, undo_step
from luoshi.directives.actions.reading import drop_pictures
from luoshi.directives.models import Directive, Proposal
from luoshi.directives.queries import list_proposals
from tests.factories.directives import PAPER, make_directive, make_scan
from tests.factories.orgs import Cast

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def scan(cast: Cast) -> Directive:
    """A scanned paper whose first proposal was surely read but for its date, which recognition read."""
    directive = make_scan(cast)
    Proposal.objects.filter(directive=directive).update(is_sure=False)
    first = list_proposals(directive)[0]
    first.evidence = [
        {"field": "work", "value": first.title, "kind": "explicit", "sure": True},
        {"field": "lead", "value": "县农业农村局", "kind": "document_rule", "sure": True},
        {"field": "due", "value": first.due_raw, "kind": "ocr", "sure": False},
    ]
    first.save()
    return directive


def first_of(directive: Directive) -> Proposal:
    return list_proposals(directive)[0]


def test_original_is_shown_with_the_words_of_each_proposal_boxed(scan: Directive, signed_in: Any) -> None:
    client: Client = signed_in("office")
    text = client.get(f"/directives/{scan.pk}/").content.decode()
    assert "view=original" in text
    page = client.get(f"/directives/{scan.pk}/?view=original").content.decode()
    assert f'src="/directives/{scan.pk}/pages/1/"' in page
    assert 'loading="lazy"' in page
    pk = first_of(scan).pk
    for kind in ("span", "unit", "due", "target"):
        assert f'class="k k-{kind}"' in page
    assert page.count(f'data-p="{pk}"') > 5
    picture = client.get(f"/directives/{scan.pk}/pages/1/")
    assert picture["Content-Type"] == "image/jpeg"
    assert "sandbox" in picture["Content-Security-Policy"]
    assert "private" in picture["Cache-Control"]
    assert client.get(f"/directives/{scan.pk}/pages/2/").status_code == 404


def test_word_document_and_pasted_text_have_no_pages(cast: Cast, signed_in: Any) -> None:
    directive = make_directive(cast, name="分工.txt")
    page = signed_in("office").get(f"/directives/{directive.pk}/?view=original").content.decode()
    assert "view=original" not in page
    assert "第8段" in page


def test_card_says_why_a_field_is_believed_and_nothing_of_what_is_stated(scan: Directive, signed_in: Any) -> None:
    page = signed_in("office").get(f"/directives/{scan.pk}/").content.decode()
    card = page[page.index(f'id="p-{first_of(scan).pk}"') :].split("</article>")[0]
    assert card.count('class="trust trust-doubt"') == 1
    assert card.count('class="trust trust-told"') == 1
    assert "请核对" in card
    assert "全文规则" in card


def test_vouching_makes_the_proposal_sure_and_can_be_taken_back(scan: Directive, cast: Cast, signed_in: Any) -> None:
    first = first_of(scan)
    assert not ready(first)
    assert accept_sure(scan, by=cast["office"], now=cast.now) == 0
    at = f"/directives/{scan.pk}/proposals/{first.pk}/"
    signed_in("office").post(at, {"do": "check", "version": first.version}, **HTMX)
    checked = first_of(scan)
    assert ready(checked)
    assert Entry.objects.latest("seq").data["after"] == {"checked": [f"due {first.due_raw}"]}
    undo_step(checked, version=checked.version, by=cast["office"], now=cast.now)
    assert not ready(first_of(scan))


def test_writing_a_field_vouches_for_it(scan: Directive, cast: Cast) -> None:
    first = first_of(scan)
    edit_proposal(first, version=first.version, by=cast["office"], now=cast.now, due_date=cast.today)
    entry = Entry.objects.latest("seq")
    assert set(entry.data["after"]) == {"due_date"}
    assert ready(first_of(scan))


def test_second_person_s_vouching_is_a_conflict(scan: Directive, cast: Cast, signed_in: Any) -> None:
    first = first_of(scan)
    confirm_fields(first_of(scan), version=first.version, by=cast["officeclerk"], now=cast.now)
    at = f"/directives/{scan.pk}/proposals/{first.pk}/"
    page = signed_in("office").post(at, {"do": "check", "version": first.version}, **HTMX).content.decode()
    assert 'role="alert"' in page


def test_missed_clause_becomes_a_proposal_without_script(cast: Cast, signed_in: Any) -> None:
    directive = make_directive(cast)
    client: Client = signed_in("office")
    page = client.get(f"/directives/{directive.pk}/").content.decode()
    clause = directive.clauses.get(title__startswith="压实责任")
    assert f'name="clause" value="{clause.pk}">＋任务' in page
    answer = client.post(f"/directives/{directive.pk}/add/", {"clause": clause.pk})
    added = Proposal.objects.get(directive=directive, origin="person")
    assert answer["Location"] == f"/directives/{directive.pk}/#p-{added.pk}"
    assert directive.text[added.start : added.end] == "压实责任。各单位要把任务分解到人。"
    assert added.title == "压实责任"
    assert [p.pk for p in list_proposals(directive)][-1] == added.pk
    assert "人工补充" in client.get(f"/directives/{directive.pk}/").content.decode()


def test_marked_words_become_a_proposal_and_the_source_is_marked_anew(cast: Cast, signed_in: Any) -> None:
    directive = make_directive(cast, text=PAPER + "三、其他事项\n请县财政局于6月30日前拨付到位，并做好审计。\n")
    clause = directive.clauses.latest("position")
    client: Client = signed_in("office")
    data = {"picked": clause.pk, "words": "请县财政局于6月30日前\n拨付到位"}
    page = client.post(f"/directives/{directive.pk}/add/", data, **HTMX).content.decode()
    added = Proposal.objects.get(directive=directive, origin="person")
    assert added.requirement.endswith("拨付到位")
    assert (str(added.due_date), added.state) == ("2026-06-30", "proposed")
    assert 'id="source"' in page
    assert f'data-chosen="p-{added.pk}"' in page
    refused = client.post(f"/directives/{directive.pk}/add/", data | {"words": "没有写过的话"}, **HTMX)
    assert 'role="alert"' in refused.content.decode()
    assert Proposal.objects.filter(directive=directive, origin="person").count() == 1


def test_rereading_a_scan_still_doubts_what_was_recognised(cast: Cast, signed_in: Any) -> None:
    scan = make_scan(cast)
    signed_in("office").post(f"/directives/{scan.pk}/reread/")
    kinds = {(row["field"], row["kind"], row["sure"]) for p in list_proposals(scan) for row in p.evidence}
    assert ("due", "ocr", False) in kinds
    assert ("lead", "ocr", True) in kinds


def test_original_keeps_its_query_budget(scan: Directive, signed_in: Any, django_assert_max_num_queries: Any) -> None:
    client: Client = signed_in("office")
    client.get(f"/directives/{scan.pk}/")
    with django_assert_max_num_queries(22):
        client.get(f"/directives/{scan.pk}/?view=original")


def test_paper_is_marked_internal_afterwards_too(cast: Cast, signed_in: Any) -> None:
    directive = make_directive(cast)
    data = {"title": directive.title, "received_date": "2026-11-23", "is_internal": "on", "version": 1}
    client: Client = signed_in("office")
    assert client.post(f"/directives/{directive.pk}/head/", data).status_code == 302
    directive.refresh_from_db()
    assert directive.is_internal
    assert "内部文件" in client.get(f"/directives/{directive.pk}/").content.decode()


def test_pictures_that_nobody_looks_at_are_dropped_and_drawn_again(
    scan: Directive, signed_in: Any, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR, client, day = tmp_path, signed_in("office"), timedelta(days=1)
    picture = client.get(f"/directives/{scan.pk}/pages/1/").content
    [kept] = (tmp_path / "pages").glob("*/*")
    drawn = datetime.fromtimestamp(kept.stat().st_mtime, UTC)
    assert drop_pictures(drawn + 59 * day) == 0
    assert kept.exists()
    os.utime(kept, (0, 0))
    assert client.get(f"/directives/{scan.pk}/pages/1/").content == picture  # whoever looks keeps it
    assert drop_pictures(drawn + 59 * day) == 0
    assert drop_pictures(drawn + 61 * day) == 1
    assert client.get(f"/directives/{scan.pk}/pages/1/").content == picture

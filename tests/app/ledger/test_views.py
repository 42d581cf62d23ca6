"""Saved views: kept, shared with a unit, and dropped by their maker only."""

import pytest
from django.http import QueryDict

from luoshi.core.models import Entry
from luoshi.ledger.actions import TooManyViews, save_view
from luoshi.ledger.models import SavedView
from luoshi.ledger.rules import Filter


def save(client, name, query, unit=""):
    return client.post("/ledger/views/", {"name": name, "query": query, "unit": unit}, follow=True)


def test_view_is_kept_with_its_filter_and_journaled_once(cast, signed_in):
    client = signed_in("office")
    response = save(client, "红灯", "light=red&tier=1&junk=1")
    view = SavedView.objects.get()
    assert (view.person, view.unit, view.query) == (cast["office"], None, "tier=1&light=red")
    assert response.redirect_chain[-1][0].endswith("tier=1&light=red")
    assert Entry.objects.filter(verb="save_view").count() == 1
    assert "红灯" in client.get("/ledger/views/").content.decode()


def test_shared_view_is_seen_by_the_unit_and_all_below_and_by_nobody_else(cast, signed_in):
    save(signed_in("office"), "督查室常用", "state=submitted", unit=cast.unit("QH").pk)
    assert "督查室常用" in signed_in("leader").get("/ledger/views/").content.decode()
    assert "督查室常用" in signed_in("townclerk").get("/ledger/views/").content.decode()
    assert "督查室常用" not in signed_in("outsider").get("/ledger/views/").content.decode()


def test_view_is_not_shared_with_a_unit_of_others(cast, signed_in):
    save(signed_in("townclerk"), "偷看", "state=all", unit=cast.unit("BS").pk)
    assert not SavedView.objects.exists()


def test_only_its_maker_deletes_a_view(cast, signed_in):
    save(signed_in("office"), "共享", "tier=1", unit=cast.unit("QH").pk)
    pk = SavedView.objects.get().pk
    assert signed_in("leader").post(f"/ledger/views/{pk}/delete/").status_code == 403
    assert signed_in("outsider").post(f"/ledger/views/{pk}/delete/").status_code == 404
    assert signed_in("office").get(f"/ledger/views/{pk}/delete/").status_code == 405
    signed_in("office").post(f"/ledger/views/{pk}/delete/")
    assert not SavedView.objects.exists()
    assert Entry.objects.filter(verb="delete_view").count() == 1


def test_same_name_replaces_the_view(cast, signed_in):
    save(signed_in("office"), "常用", "tier=1")
    save(signed_in("office"), "常用", "tier=2")
    assert list(SavedView.objects.values_list("query", flat=True)) == ["tier=2"]


def test_nameless_view_is_refused_with_a_word(cast, signed_in):
    page = save(signed_in("office"), "  ", "tier=1").content.decode()
    assert not SavedView.objects.exists()
    assert "note-error" in page


def test_views_are_bounded(cast):
    for n in range(30):
        save_view(name=str(n), chosen=Filter(), unit=None, by=cast["office"], now=cast.now)
    with pytest.raises(TooManyViews):
        save_view(name="31", chosen=Filter(), unit=None, by=cast["office"], now=cast.now)


def test_view_keeps_filters_columns_order_and_tree(cast, signed_in):
    query = "tier=1,2&cols=due,owner&sort=title&desc=1&tree=1&mark=problem"
    save(signed_in("office"), "全", query)
    kept = QueryDict(SavedView.objects.get().query)
    assert kept.dict() == QueryDict(query).dict()

"""The ledger's address: read, written back, and forgiving."""

from datetime import date

import pytest

from luoshi.ledger.rules import Filter, filter_params, levels, parse_filter, safe_cell


def test_empty_address_shows_open_tasks_by_due_date():
    assert parse_filter({}) == Filter(state="open", sort="due")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"q": "  高标准  农田 "}, Filter(q="高标准 农田")),
        ({"tier": "1"}, Filter(tier="1")),
        ({"tier": "3,1"}, Filter(tier="1,3")),
        ({"tier": "1,9"}, Filter(tier="1", problems=("tier",))),
        ({"state": "returned,submitted"}, Filter(state="submitted,returned")),
        ({"state": "open,ended"}, Filter(state="all")),
        ({"state": "open,submitted"}, Filter(state="open")),
        ({"mark": "missing"}, Filter(mark="missing")),
        ({"c12": "张"}, Filter(own=((12, "张"),))),
        ({"c7_to": "9", "c7_from": "5"}, Filter(own=((7, "5..9"),))),
        ({"cols": "due,light,c12,nothing"}, Filter(cols="light,due,c12")),
        ({"sort": "c12"}, Filter(sort="c12")),
        ({"tier": "4"}, Filter(problems=("tier",))),
        ({"tier": "١"}, Filter(problems=("tier",))),
        ({"light": "red"}, Filter(light="red")),
        ({"light": "pink"}, Filter(problems=("light",))),
        ({"state": "ended"}, Filter(state="ended")),
        ({"state": "submitted"}, Filter(state="submitted")),
        ({"state": "lost"}, Filter(problems=("state",))),
        ({"kind": "hard_target"}, Filter(kind="hard_target")),
        ({"due_from": "2026-11-01"}, Filter(due_from=date(2026, 11, 1))),
        ({"due_to": "2026-11-30"}, Filter(due_to=date(2026, 11, 30))),
        ({"due_to": "11月30日"}, Filter(problems=("due_to",))),
        ({"directive": "7"}, Filter(directive=7)),
        ({"directive": "9" * 40}, Filter(problems=("directive",))),
        ({"sort": "title", "desc": "1"}, Filter(sort="title", desc=True)),
        ({"sort": "id; drop"}, Filter(problems=("sort",))),
        ({"tree": "1"}, Filter(tree=True)),
        ({"part": "lead", "unit": "县财政局"}, Filter(part="lead", unit="县财政局")),
        ({"q": "字" * 500}, Filter(q="字" * 100)),
        ({"q": "a\x00b"}, Filter(q="ab")),
    ],
)  # fmt: skip
def test_address_is_read_as_written_and_faults_are_named(params, expected):
    assert parse_filter(params) == expected


def test_filter_survives_its_own_address():
    chosen = Filter(
        q="农田", unit="县财政局", part="co", tier="2", owner="青禾县", sponsor=7, cadence="weekly", mark="problem",
        own=((3, "a"),), cols="light,c3", clause=5, urgency="1", light="yellow", state="all", kind="project",
        due_from=date(2026, 1, 1), due_to=date(2026, 3, 31), directive=3, sort="last", desc=True, tree=True,
    )  # fmt: skip
    assert parse_filter(filter_params(chosen)) == chosen
    assert filter_params(Filter()) == {}


def test_order_alone_narrows_nothing():
    assert not Filter(sort="title", desc=True, tree=True).is_narrowed
    assert Filter(light="red").is_narrowed


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], []),
        (["01", "0102", "0103", "010304", "05"], [1, 2, 2, 3, 1]),
        (["0102", "010203", "0104"], [1, 2, 1]),  # the parent of both is not listed
        (["01", "010203"], [1, 2]),  # a generation is left out
    ],
)
def test_depth_counts_only_listed_ancestors(paths, expected):
    assert list(levels(paths)) == expected


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@sum", "\tx", "\rx"])
def test_text_is_never_a_formula(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "农田=好", "3-5", "'already"])
def test_harmless_text_stays_as_it_is(text):
    assert safe_cell(text) == text

"""Figures of units: typed, pasted, imported; a missing one is never zero."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from luoshi.core.models import Entry
from luoshi.orgs.actions import NoFigures, apply_sheet, set_figures, upload_sheet
from luoshi.orgs.models import UnitFigure
from luoshi.orgs.queries import get_figures
from luoshi.orgs.queries.sheets import list_export
from luoshi.orgs.rules.figures import Figure, FigureRow
from tests.factories.orgs import Cast

SignIn = Callable[[str], Client]
PEOPLE = "户籍人口"


def keep(cast: Cast, **values: str | None) -> None:
    rows = [
        FigureRow(cast.unit(code.replace("_", "-")).pk, PEOPLE, 2025, None if value is None else Decimal(value))
        for code, value in values.items()
    ]
    set_figures(rows, by=cast["office"], now=cast.now)


def kept(name: str = PEOPLE) -> dict[tuple[str, int], Decimal]:
    rows = UnitFigure.objects.filter(name=name).values_list("unit__code", "year", "value")
    return {(code, year): value for code, year, value in rows}


def test_figures_are_kept_changed_and_removed_in_one_entry_each(cast: Cast) -> None:
    keep(cast, QH_T01="38200", QH_T02="0")
    keep(cast, QH_T01="38300.5", QH_T02=None, QH_T03=None)
    assert kept() == {("QH-T01", 2025): Decimal("38300.5")}
    entries = list(Entry.objects.filter(verb="set_figures").order_by("seq"))
    assert [entry.data["count"] for entry in entries] == [2, 2]
    assert ["柳河镇", PEOPLE, "2025", "38200"] in entries[1].data["before"]["figures"]


def test_saving_what_stands_there_already_is_refused(cast: Cast) -> None:
    keep(cast, QH_T01="5")
    with pytest.raises(NoFigures):
        keep(cast, QH_T01="5.0")


def test_latest_earlier_year_stands_in_and_a_missing_figure_is_left_out(cast: Cast) -> None:
    keep(cast, QH_T01="38200", QH_T02="0")
    first, second, third = (cast.unit(code).pk for code in ("QH-T01", "QH-T02", "QH-T03"))
    found = get_figures([first, second, third], names=[PEOPLE], year=2026)
    assert found == {first: {PEOPLE: Figure(Decimal(38200), 2025)}, second: {PEOPLE: Figure(Decimal(0), 2025)}}
    assert get_figures([first], names=[PEOPLE], year=2024) == {}


def test_table_takes_typed_and_pasted_figures_together(cast: Cast, signed_in: SignIn) -> None:
    keep(cast, QH_T01="100")
    towns = {code: cast.unit(code).pk for code in ("QH-T01", "QH-T02")}
    answer = signed_in("office").post(
        "/orgs/figures/",
        {
            "level": "township", "year": "2025", "column": [PEOPLE], "new_column": "耕地面积", "source": "统计年鉴",
            f"f{towns['QH-T01']}-{PEOPLE}": "1,200", f"f{towns['QH-T02']}-{PEOPLE}": "",
            f"f{towns['QH-T02']}-new": "3.5", "pasted": f"单位\t{PEOPLE}\t学校数\n东关街道\t900\t4\n",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert kept() == {("QH-T01", 2025): 1200, ("QH-T03", 2025): 900}
    assert kept("耕地面积") == {("QH-T02", 2025): Decimal("3.5")}
    assert kept("学校数") == {("QH-T03", 2025): 4}
    assert UnitFigure.objects.get(name="学校数").source == "统计年鉴"


def test_what_cannot_be_read_is_named_and_nothing_is_saved(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in("office").post(
        "/orgs/figures/",
        {"level": "township", "year": "2025", "pasted": f"单位\t{PEOPLE}\n柳河镇\t很多\n某某镇\t5\n石门乡\t7"},
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "很多" in text
    assert "某某镇" in text
    assert kept() == {}


def test_township_keeps_its_own_figures_only(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("townhead")
    other = {"level": "township", "year": "2025", "pasted": f"单位\t{PEOPLE}\n石门乡\t7"}
    assert client.post("/orgs/figures/", other).status_code == 422
    own = other | {"pasted": f"单位\t{PEOPLE}\n柳河镇\t7"}
    assert client.post("/orgs/figures/", own).status_code == 302
    assert kept() == {("QH-T01", 2025): 7}


def test_unit_s_own_page_changes_a_figure_and_adds_one(cast: Cast, signed_in: SignIn) -> None:
    keep(cast, QH_T01="100")
    figure, town = UnitFigure.objects.get(), cast.unit("QH-T01").pk
    client = signed_in("office")
    form = {f"value-{figure.pk}": "110", "name": "学校数", "year": "2024", "value": "3", "source": ""}
    assert client.post(f"/orgs/units/{town}/figures/", form).status_code == 302
    assert kept() == {("QH-T01", 2025): 110}
    assert kept("学校数") == {("QH-T01", 2024): 3}
    assert client.post(f"/orgs/units/{town}/figures/", {"name": "x", "value": ""}).status_code == 422


def test_sheet_of_figures_is_previewed_and_applied(cast: Cast) -> None:
    keep(cast, QH_T01="100", QH_T02="50")
    text = (
        f'单位代码,数据项,年份,数值\nQH-T01,{PEOPLE},2025年,"1,100"\nQH-T02,{PEOPLE},2025,\nQH-T03,{PEOPLE},2025,60\n'
    )
    access, moment = cast.access("office"), {"now": cast.now, "today": cast.today}
    sheet = upload_sheet("figures", data=text.encode(), name="a.csv", access=access, by=cast["office"], **moment)  # type: ignore[arg-type]
    assert [row["state"] for row in sheet.rows] == ["changed", "changed", "created"]
    apply_sheet(sheet, access=access, by=cast["office"], **moment)  # type: ignore[arg-type]
    assert kept() == {("QH-T01", 2025): 1100, ("QH-T03", 2025): 60}
    assert list(list_export("figures", access=access, today=cast.today)) == [
        ["QH-T01", PEOPLE, "2025", "1100", ""],
        ["QH-T03", PEOPLE, "2025", "60", ""],
    ]


def test_sheet_names_what_is_wrong_with_a_figure(cast: Cast) -> None:
    rows = [f"QH-T01,{PEOPLE},去年,1", f"XX,{PEOPLE},2025,多", f"QH-T02,{PEOPLE},2025,1", f"QH-T02,{PEOPLE},2025,2"]
    text = "\n".join(["单位代码,数据项,年份,数值", *rows])
    sheet = upload_sheet(
        "figures", data=text.encode(), name="a.csv", access=cast.access("office"), by=cast["office"], now=cast.now,
        today=cast.today,
    )  # fmt: skip
    codes = [[fault[1] for fault in row["faults"]] for row in sheet.rows]
    assert codes == [["no_year"], ["no_figure", "no_unit"], ["repeated"], ["repeated"]]


def test_table_of_figures_keeps_its_query_budget(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    keep(cast, QH_T01="100", QH_T02="50")
    client = signed_in("office")
    client.get("/orgs/figures/")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = client.get("/orgs/figures/?level=township&year=2025")
    assert "50" in page.content.decode()

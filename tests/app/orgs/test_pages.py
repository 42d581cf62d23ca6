"""The organisation's pages: who may open them, what they cost, and what a form does."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.orgs.models import ApiToken, Person, Post, Sheet, Unit
from luoshi.orgs.rules import path_of
from luoshi.papers.tables import read_table, write_xlsx
from tests.factories.orgs import Cast, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the entry points stands on the cast's day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: cast.now)


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


PAGES = {  # path: who gets it, of office, townhead, townclerk, outsider, admin
    "/orgs/": (200, 200, 200, 200, 200),
    "/orgs/?q=新民": (200, 200, 200, 200, 200),
    "/orgs/units/{town}/": (200, 200, 200, 404, 200),
    "/orgs/units/{town}/names/": (200, 200, 403, 404, 200),
    "/orgs/units/{town}/edit/": (200, 200, 403, 404, 200),
    "/orgs/units/{town}/reorganise/": (200, 200, 403, 404, 200),
    "/orgs/units/{county}/edit/": (200, 403, 403, 404, 200),
    "/orgs/units/new/": (200, 200, 403, 200, 200),
    "/orgs/people/": (200, 200, 200, 200, 200),
    "/orgs/people/new/": (200, 200, 403, 200, 200),
    "/orgs/people/{clerk}/": (200, 200, 200, 404, 200),
    "/orgs/people/{clerk}/edit/": (200, 200, 403, 404, 200),
    "/orgs/people/{leader}/edit/": (200, 403, 403, 404, 200),
    "/orgs/posts/new/": (200, 200, 403, 200, 200),
    "/orgs/posts/{post}/end/": (200, 200, 403, 404, 200),
    "/orgs/sheets/": (200, 200, 403, 200, 200),
    "/orgs/sheets/units.xlsx": (200, 200, 403, 200, 200),
    "/orgs/sheets/people.csv": (200, 200, 403, 200, 200),
    "/orgs/sheets/posts-template.xlsx": (200, 200, 403, 200, 200),
    "/orgs/sheets/cats.xlsx": (404, 404, 403, 404, 404),
    "/orgs/sheets/1/": (404, 404, 404, 404, 404),
    "/orgs/me/": (200, 200, 200, 200, 200),
    "/admin/orgs/unit/": (302, 302, 302, 302, 200),
    "/admin/auth/group/": (302, 302, 302, 302, 404),
    "/admin/core/entry/": (302, 302, 302, 302, 200),
}


def test_every_page_opens_for_whom_it_should_and_for_nobody_else(cast: Cast, signed_in: object) -> None:
    names = {
        "town": cast.unit("QH-T01").pk, "county": cast.unit("QH").pk, "clerk": cast["townclerk"].pk,
        "leader": cast["leader"].pk, "post": Post.objects.get(person=cast["townclerk"]).pk,
    }  # fmt: skip
    for place, who in enumerate(("office", "townhead", "townclerk", "outsider", "admin")):
        client = signed_in(who)  # type: ignore[operator]
        found = {path: status(client, path.format(**names)) for path in PAGES}
        assert found == {path: expected[place] for path, expected in PAGES.items()}, who


@pytest.mark.parametrize(
    ("path", "budget"),
    [("/orgs/", 12), ("/orgs/?q=镇", 9), ("/orgs/units/{town}/", 15), ("/orgs/people/", 9), ("/orgs/me/", 10)],
)
def test_pages_keep_their_budget_of_queries(
    cast: Cast, signed_in: object, django_assert_max_num_queries: object, path: str, budget: int
) -> None:
    for number in range(60):
        make_unit(f"V{number}", f"村{number}", level="village", parent=cast.unit("QH-T01"))
    client = signed_in("office")  # type: ignore[operator]
    with django_assert_max_num_queries(budget):  # type: ignore[operator]
        assert status(client, path.format(town=cast.unit("QH-T01").pk)) == 200


def test_tree_opens_branch_by_branch_and_without_javascript_by_page(cast: Cast, signed_in: object) -> None:
    client = signed_in("office")  # type: ignore[operator]
    page = client.get("/orgs/").content.decode()
    assert "柳河镇人民政府" in page
    assert "新民村" not in page
    branch = f"/orgs/units/{cast.unit('QH-T01').pk}/children/"
    assert "新民村" in client.get(branch, headers={"HX-Request": "true"}).content.decode()
    assert client.get(branch).headers["Location"] == f"/orgs/units/{cast.unit('QH-T01').pk}/"


def test_unit_is_added_through_its_form_and_a_fault_keeps_what_was_typed(cast: Cast, signed_in: object) -> None:
    client = signed_in("townhead")  # type: ignore[operator]
    data = {
        "parent": "柳河镇",
        "code": "QH-T01-V03",
        "name": "柳河镇柳湾村",
        "level": "village",
        "valid_from": "2026-11-01",
    }
    wrong = client.post("/orgs/units/new/", {**data, "parent": "石门乡"})
    assert wrong.status_code == 422
    assert "柳河镇柳湾村" in wrong.content.decode()
    made = client.post("/orgs/units/new/", data)
    unit = Unit.objects.get(code="QH-T01-V03")
    assert made.headers["Location"] == f"/orgs/units/{unit.pk}/"
    assert unit.path == path_of(unit.pk, parent_path=cast.unit("QH-T01").path or "")
    assert client.post("/orgs/units/new/", data).status_code == 422


def test_administrator_adds_the_first_unit_below_none(cast: Cast, signed_in: object) -> None:
    data = {"code": "LS", "name": "灵山县人民政府", "level": "county", "valid_from": "2026-11-01"}
    client = signed_in("admin")  # type: ignore[operator]
    assert client.post("/orgs/units/new/", data).status_code == 422
    empty_out()
    page = client.get("/orgs/").content.decode()
    assert 'href="/orgs/units/new/?level=county"' in page
    form = client.get("/orgs/units/new/?level=county").content.decode()
    assert 'name="parent"' not in form
    assert '<option value="county" selected>' in form
    assert client.post("/orgs/units/new/", data).status_code == 302
    unit = Unit.objects.get()
    assert (unit.parent, unit.path) == (None, path_of(unit.pk))
    assert 'name="parent"' in client.get("/orgs/units/new/").content.decode()


def empty_out() -> None:
    """Take every unit away, as on the day after installation."""
    Post.objects.all().delete()
    for unit in Unit.objects.order_by("-path"):
        unit.names.all().delete()
        unit.delete()


def test_history_of_names_stands_on_the_units_page(cast: Cast, signed_in: object) -> None:
    client, pk = signed_in("office"), cast.unit("QH-T01").pk  # type: ignore[operator]
    client.post(f"/orgs/units/{pk}/names/", {"name": "柳河街道办事处", "short_name": "柳河街道", "on": "2026-11-01"})
    page = client.get(f"/orgs/units/{pk}/").content.decode()
    assert "柳河街道办事处" in page
    assert "2026-01-01 至 2026-10-31" in page


def test_reorganising_is_done_by_the_form_of_the_step(cast: Cast, signed_in: object) -> None:
    client = signed_in("office")  # type: ignore[operator]
    path = f"/orgs/units/{cast.unit('QH-T02').pk}/reorganise/"
    assert client.post(path, {"step": "move", "parent": "石门乡"}).status_code == 422
    assert client.post(path, {"step": "merge", "merge-into": "县水利局", "merge-on": "2026-11-20"}).status_code == 302
    assert Unit.objects.get(code="QH-T02").valid_to == date(2026, 11, 19)
    page = client.get(f"/orgs/units/{cast.unit('QH-SLJ').pk}/").content.decode()
    assert "石门乡人民政府" in page
    assert client.post(path, {"step": "close", "close-last_day": "2026-11-20"}).status_code == 422
    split = f"/orgs/units/{cast.unit('QH-T03').pk}/reorganise/"
    data = {
        "step": "split",
        "split-code_1": "QH-T31",
        "split-name_1": "东关南街道办事处",
        "split-on": "2026-11-20",
        "split-keep": "on",
    }
    assert client.post(split, {**data, "split-code_2": "QH-T31"}).status_code == 422
    assert client.post(split, data).status_code == 302
    assert Unit.objects.get(code="QH-T31").parent == cast.unit("QH")


def test_person_is_added_gets_a_password_a_second_post_and_leaves(cast: Cast, signed_in: object) -> None:
    client = signed_in("townhead")  # type: ignore[operator]
    data = {
        "username": "xin.ren",
        "name": "辛仁",
        "unit": "柳河镇",
        "role": "handler",
        "title": "科员",
        "from_date": "2026-11-01",
    }
    assert client.post("/orgs/people/new/", {**data, "unit": "青禾县"}).status_code == 422
    client.post("/orgs/people/new/", data)
    person = Person.objects.get(username="xin.ren")
    page = client.post("/orgs/people/passwords/", {"person": [person.pk]}).content.decode()
    secret = re.search(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", page)
    assert secret is not None
    fresh = Client()
    assert fresh.post("/accounts/login/", {"login": "xin.ren", "password": secret[1]}).status_code == 302
    client.post("/orgs/posts/new/", {"person": "辛仁", "unit": "新民村", "role": "observer", "from_date": "2026-11-01"})
    assert Post.objects.filter(person=person).count() == 2
    first = Post.objects.filter(person=person).first()
    assert first is not None
    assert client.post(f"/orgs/posts/{first.pk}/end/", {"last_day": "2026-11-20"}).status_code == 302
    first.refresh_from_db()
    assert first.to_date == date(2026, 11, 20)


def test_passwords_are_issued_only_to_people_one_administers(cast: Cast, signed_in: object) -> None:
    before = Person.objects.get(pk=cast["leader"].pk).password
    picked = {"person": [cast["townclerk"].pk, cast["leader"].pk]}
    assert signed_in("townhead").post("/orgs/people/passwords/", picked).status_code == 403  # type: ignore[operator]
    assert signed_in("outsider").post("/orgs/people/passwords/", picked).status_code == 302  # type: ignore[operator]
    assert Person.objects.get(pk=cast["leader"].pk).password == before


def test_key_is_shown_once_on_my_page_and_revoked_there(cast: Cast, signed_in: object) -> None:
    client = signed_in("townclerk")  # type: ignore[operator]
    page = client.post("/orgs/me/", {"name": "统计表"}).content.decode()
    assert re.search(r">ls_[\w-]{43}<", page)
    assert "ls_" not in client.get("/orgs/me/").content.decode()
    token = ApiToken.objects.get()
    assert signed_in("office").post(f"/orgs/me/tokens/{token.pk}/revoke/").status_code == 404  # type: ignore[operator]
    client.post(f"/orgs/me/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at == cast.now


def upload(client: Client, data: bytes, name: str = "单位.xlsx", kind: str = "units") -> object:
    return client.post("/orgs/sheets/", {"kind": kind, "file": SimpleUploadedFile(name, data)})


def test_table_goes_from_template_through_preview_to_the_tree(cast: Cast, signed_in: object) -> None:
    client = signed_in("office")  # type: ignore[operator]
    template = client.get("/orgs/sheets/units-template.xlsx").content
    heading = [cell.rstrip(" *") for cell in read_table(template, name="t.xlsx")[0].cells]
    assert heading[:2] == ["单位代码", "单位名称"]
    good = ["QH-LYJ", "青禾县林业局", "县林业局", "", "部门", "", "QH", "", ""]
    bad = upload(client, write_xlsx([("表", [heading, good, ["QH-X", "", "", "", "部门", "", "QH", "", ""]], [])]))
    page = client.get(bad.headers["Location"]).content.decode()  # type: ignore[attr-defined]
    assert re.search(r'<td class="num">3</td>', page)
    assert "单位名称 为空：请填写" in page
    assert "apply" not in page
    fine = upload(client, write_xlsx([("表", [heading, good], [])]))
    place = fine.headers["Location"]  # type: ignore[attr-defined]
    assert "导入 1 行" in client.get(place).content.decode()
    assert client.post(place + "apply/", follow=True).status_code == 200
    assert Unit.objects.filter(code="QH-LYJ").exists()
    assert signed_in("leader").get(place).status_code == 404  # type: ignore[operator]


def test_unreadable_upload_says_what_to_do_and_stores_nothing(cast: Cast, signed_in: object, settings: object) -> None:
    client = signed_in("office")  # type: ignore[operator]
    refused = upload(client, b"MZ\x90\x00" * 100)
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "另存为 .xlsx" in refused.content.decode()  # type: ignore[attr-defined]
    assert upload(client, write_xlsx([("表", [["甲"], ["乙"]], [])])).status_code == 422  # type: ignore[attr-defined]
    settings.UPLOAD_MAX_MB = 0  # type: ignore[attr-defined]
    assert "超过" in upload(client, b"a,b").content.decode()  # type: ignore[attr-defined]
    assert Sheet.objects.count() == 0


def test_export_is_a_table_of_text(cast: Cast, signed_in: object) -> None:
    Unit.objects.filter(code="QH-T01").update(short_name="=1+1")
    client = signed_in("office")  # type: ignore[operator]
    rows = read_table(client.get("/orgs/sheets/units.xlsx").content, name="a.xlsx")
    assert len(rows) == 10
    assert any("=1+1" in row.cells for row in rows)
    assert ",'=1+1," in client.get("/orgs/sheets/units.csv").content.decode()


def test_pages_are_whole_in_english(cast: Cast, signed_in: object) -> None:
    client = signed_in("office")  # type: ignore[operator]
    for path in ("/orgs/", "/orgs/people/", "/orgs/sheets/", "/orgs/me/", "/notices/suggestions/", "/orgs/units/new/"):
        page = client.get(path, headers={"accept-language": "en"}).content.decode()
        words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page)
        known = {unit.name for unit in Unit.objects.all()} | {unit.short_name for unit in Unit.objects.all()}
        known |= {person.name for person in Person.objects.all()} | set(Post.objects.values_list("title", flat=True))
        for name in sorted(filter(None, known), key=len, reverse=True):
            words = words.replace(name, "")
        assert set(re.findall(r"[\u4e00-\u9fff]+", words)) <= {"落", "落实", "中文", "县长", "副县长"}, path

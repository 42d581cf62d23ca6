"""Directives over the API: through the same gate, with what they propose."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.demo.ofd import write_ofd
from luoshi.directives.models import Directive, Intake
from luoshi.orgs.actions import create_api_token
from tests.factories.directives import PAPER, make_directive, make_intake, make_scan, picture
from tests.factories.orgs import Cast


def client_of(cast: Cast, who: str) -> Client:
    _token, secret = create_api_token(cast[who], name="test", now=cast.now)
    return Client(headers={"authorization": f"Bearer {secret}"})


def test_directive_is_listed_and_read_with_its_proposals(cast: Cast) -> None:
    directive = make_directive(cast)
    client = client_of(cast, "office")
    assert [d["number"] for d in client.get("/api/directives?state=review").json()["directives"]] == [
        "青政发〔2026〕3号"
    ]
    body = client.get(f"/api/directives/{directive.pk}").json()
    first = body["proposals"][0]
    assert body["text"] == PAPER.rstrip("\n")
    assert body["text"][first["start"] : first["end"]].startswith("稳定粮食生产。")
    assert {"name": "各乡镇（街道）", "role": "co", "unit": "", "selector": "level=township"} in first["units"]
    assert next(u["unit"] for u in first["units"] if u["role"] == "lead") == "QH-NYJ"
    assert (first["due_date"], first["targets"][0]["value"]) == ("2026-10-31", "42.6")


def test_directive_in_review_is_nothing_to_a_township_or_another_county(cast: Cast) -> None:
    directive = make_directive(cast)
    for who in ("townclerk", "outsider"):
        assert client_of(cast, who).get("/api/directives").json()["total"] == 0
        assert client_of(cast, who).get(f"/api/directives/{directive.pk}").status_code == 404


def proposals_of(client: Client, pk: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get(f"/api/directives/{pk}").json()["proposals"]
    return found


def test_text_is_registered_reviewed_and_told_apart_by_version(cast: Cast) -> None:
    client = client_of(cast, "office")
    made = client.post("/api/directives", {"text": PAPER, "unit": "QH", "is_internal": "true"})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert (made.json()["is_internal"], Directive.objects.get().created_by) == (True, cast["office"])
    assert client.post("/api/directives", {"text": PAPER}).status_code == 409
    sure = [p for p in made.json()["proposals"] if p["is_ready"]]
    assert client.post(f"/api/directives/{pk}/accept-sure").json() == {"accepted": len(sure)}
    third = proposals_of(client, pk)[2]
    at = f"/api/directives/{pk}/proposals/{third['id']}"
    body = {"lead": ["县水利局"], "due_date": "2026-12-01", "is_open_ended": False, "review_date": None}
    edited = client.patch(at, body | {"version": third["version"]}, content_type="application/json").json()
    assert [(u["name"], u["unit"]) for u in edited["units"] if u["role"] == "lead"] == [("县水利局", "QH-SLJ")]
    assert [u["name"] for u in edited["units"] if u["role"] == "co"] == ["县财政局"]
    stale = client.post(f"{at}/accept", {"version": third["version"]}, content_type="application/json")
    assert stale.status_code == 409
    assert client.post(f"{at}/accept", {}, content_type="application/json").json()["state"] == "accepted"
    assert client.post(f"{at}/undo", {}, content_type="application/json").json()["state"] == "proposed"


def test_words_that_were_missed_become_a_proposal_with_their_units(cast: Cast) -> None:
    directive = make_directive(cast, text=PAPER + "三、其他事项\n请县财政局于6月30日前拨付到位。\n")
    client = client_of(cast, "office")
    clause = client.get(f"/api/directives/{directive.pk}").json()["clauses"][-1]
    at = f"/api/directives/{directive.pk}/proposals"
    body = {"clause": clause["position"], "words": "县财政局于6月30日前 拨付到位"}
    made = client.post(at, body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert (made.json()["origin"], made.json()["due_date"]) == ("person", "2026-06-30")
    wrong = client.post(at, body | {"words": "原文里没有的话"}, content_type="application/json")
    assert wrong.status_code == 422


def test_long_paper_is_waited_for_at_its_intake(
    cast: Cast, settings: pytest.FixtureRequest, django_capture_on_commit_callbacks: object
) -> None:
    settings.READING = {**settings.READING, "AT_ONCE_PAGES": 0}  # type: ignore[attr-defined]
    client = client_of(cast, "office")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        sent = client.post("/api/directives", {"file": SimpleUploadedFile("长.ofd", write_ofd(PAPER))})
    assert sent.status_code == 202, sent.content
    intake = client.get(f"/api/intakes/{sent.json()['id']}").json()
    assert (intake["state"], intake["directive"]) == ("done", Directive.objects.get().pk)
    assert client.post(f"/api/intakes/{intake['id']}/cancel").status_code == 409
    pages = client.get(f"/api/directives/{intake['directive']}/pages").json()
    drawn = client.get(pages[0]["picture"])
    assert drawn["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawn.content


def test_refused_paper_says_why(cast: Cast) -> None:
    client = client_of(cast, "office")
    answer = client.post("/api/directives", {"file": SimpleUploadedFile("a.docx", b"MZ\x90")})
    assert answer.status_code == 422
    assert answer.json()["detail"]
    intake = make_intake(cast, state="refused")
    assert client.get(f"/api/intakes/{intake.pk}").json()["detail"]
    assert client.post(f"/api/intakes/{intake.pk}/retry").json()["state"] == "waiting"
    assert client.post(f"/api/intakes/{intake.pk}/cancel").json()["state"] == "cancelled"
    assert Intake.objects.get().file.name == ""


def test_original_and_its_pages_are_fetched(cast: Cast) -> None:
    scan = make_scan(cast)
    client = client_of(cast, "office")
    assert b"".join(client.get(f"/api/directives/{scan.pk}/original")) == picture()
    assert client.get(f"/api/directives/{scan.pk}/pages").json()[0]["number"] == 1
    drawn = client.get(f"/api/directives/{scan.pk}/pages/1")
    assert drawn["Content-Type"] == "image/jpeg"
    assert "sandbox" in drawn["Content-Security-Policy"]
    assert client.get(f"/api/directives/{scan.pk}/pages/2").status_code == 404

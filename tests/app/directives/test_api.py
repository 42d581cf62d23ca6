"""Directives over the API: through the same gate, with what they propose."""

from django.test import Client

from luoshi.orgs.actions import create_api_token
from tests.factories.directives import PAPER, make_directive
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

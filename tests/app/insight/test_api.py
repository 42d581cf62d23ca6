"""The needle through the API: the same list as the page, for the person behind the key."""

from luoshi.orgs.actions import create_api_token
from tests.factories.work import make_county_work


def ask(client, cast, who):
    _token, secret = create_api_token(cast[who], name="测试", now=cast.now)
    return client.get("/api/needle", headers={"authorization": f"Bearer {secret}", "accept-language": "zh-CN"})


def test_needle_is_read_with_a_key_in_its_order_and_with_its_reasons(cast, client):
    made = make_county_work(cast)
    rows = ask(client, cast, "deptclerk").json()
    assert [row["place"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["task"] == made["farmland"].pk
    assert rows[0]["why"] == "红灯、重中之重、急件、县长交办、1个乡镇等您"
    assert rows[0]["reasons"][:2] == ["red", "critical"]


def test_outsider_s_key_reads_an_empty_needle(cast, client):
    make_county_work(cast)
    assert ask(client, cast, "outsider").json() == []


def test_needle_is_not_read_without_a_key(cast, client):
    assert client.get("/api/needle").status_code == 401

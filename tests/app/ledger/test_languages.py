"""Pages of the ledger, the matrix and the needle stand in both languages, for everybody in the cast."""

import pytest

from luoshi.tasks.models import Task
from tests.factories.work import make_county_work

pytestmark = pytest.mark.one_database

PEOPLE = ["office", "leader", "sponsor", "deptclerk", "townclerk", "observer", "outsider", "admin"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("who", PEOPLE)
def test_pages_stand_in_both_languages_for_everybody(cast, signed_in, who, language):
    made = make_county_work(cast)
    client = signed_in(who)
    addresses = [
        "/", "/ledger/?state=all", "/ledger/?tree=1&totals=1", "/ledger/?q=无此任务", "/ledger/views/",
        "/ledger/totals/", "/ledger/units/", "/calendar/?parts=1", "/calendar/?print=1",
    ]  # fmt: skip
    for address in addresses:
        assert client.get(address, headers={"accept-language": language}).status_code == 200, address
    for name, task in made.items():
        seen = Task.objects.visible_to(cast.access(who)).filter(pk=task.pk).exists()
        status = client.get(f"/tasks/{task.pk}/", headers={"accept-language": language}).status_code
        assert status == (200 if seen else 404), name

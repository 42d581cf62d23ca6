"""Messages about tasks from internal papers are known as such, by their page or by their words."""

import pytest

from luoshi.directives.models import Clause, Directive
from luoshi.tasks.queries.discretion import list_internal
from tests.factories.directives import make_directive
from tests.factories.orgs import Cast
from tests.factories.work import make_task

pytestmark = pytest.mark.django_db


def test_tasks_from_internal_papers_and_their_parts_are_internal(cast: Cast) -> None:
    directive = make_directive(cast)
    Directive.objects.filter(pk=directive.pk).update(is_internal=True)
    clause = Clause.objects.filter(directive=directive).latest("position")
    secret = make_task(cast, "专项排查重点区域的隐患点", clause=clause)
    part = make_task(cast, "某镇的一份", parent=secret)
    plain = make_task(cast, "修渠")
    lines = {
        ("一", f"/tasks/{secret.pk}/"), ("二", f"/tasks/{part.pk}/report/"), ("三", f"/tasks/{plain.pk}/"),
        ("四", f"/directives/{directive.pk}/review/"), ("3 项：专项排查重点区域的隐患点", "/"), ("3 项：修渠", "/"),
    }  # fmt: skip
    assert {line[0] for line in list_internal(lines)} == {"一", "二", "四", "3 项：专项排查重点区域的隐患点"}

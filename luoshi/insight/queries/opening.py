"""What a person's digest begins with: the first rows of the needle."""

from datetime import datetime

from django.utils import timezone

from luoshi.core.policy import get_policy
from luoshi.core.shell import url
from luoshi.insight.queries.needle import get_needle
from luoshi.insight.queries.sentences import NEED_WORDS
from luoshi.orgs.models import Person
from luoshi.orgs.queries import get_access

FIRST = 3


def list_opening(person_id: int, now: datetime) -> list[tuple[str, str]]:
    """What comes first for the person, each with the path of its page."""
    today = timezone.localtime(now).date()
    access = get_access(Person.objects.get(pk=person_id), today=today)
    rows = get_needle(access, today=today, policy=get_policy())[:FIRST]
    return [
        (
            f"{NEED_WORDS[row.item.need]} · {row.item.title}",
            url("ledger:task", row.item.task_id) if row.item.task_id else url("insight:needle"),
        )
        for row in rows
    ]

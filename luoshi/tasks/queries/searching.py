"""Finding by words: the same answers on both databases, each from its own full-text index."""

from collections.abc import Sequence
from functools import reduce
from operator import and_

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from luoshi.tasks.models import DIRECTIVE, TASK, UNIT, Duty, SearchLine, SearchText, Task
from luoshi.tasks.rules.searching import Phrase, match_expression, parse_query, tsquery
from luoshi.tasks.rules.states import DOING

ANY_DOER = tuple(role.value for role in DOING)


def says(text: str) -> Q:
    """Which tasks hold all that is typed, in their words or number, the names of their doers or of their paper."""
    phrases = parse_query(text)
    if not phrases:
        return Q(pk__in=[])
    return reduce(and_, (Q(pk__in=_list_holders(phrase)) for phrase in phrases))


def _list_holders(phrase: Phrase) -> QuerySet[Task, dict[str, int]]:
    """The keys of the tasks that hold a phrase."""
    texts = list_texts(phrase)
    tasks = Task.objects.order_by()
    papers = texts.filter(kind=DIRECTIVE).values("key")
    named = Duty.objects.filter(unit__in=texts.filter(kind=UNIT).values("key"), role__in=ANY_DOER).order_by()
    found = [tasks.filter(clause__directive__in=papers).values("pk"), named.values("task")]
    if phrase.code:
        numbered = Q(code__startswith=phrase.code) | Q(code__contains=f"-{phrase.code}")
        found.append(tasks.filter(numbered).values("pk"))
    return SearchLine.objects.filter(text__in=texts.filter(kind=TASK).values("pk")).values("task").union(*found)


def list_texts(phrase: Phrase) -> QuerySet[SearchText]:
    """The texts of every kind in which a phrase stands."""
    return SearchText.objects.filter(pk__in=_match(phrase)).order_by()


def _match(phrase: Phrase) -> RawSQL:
    if connection.vendor == "sqlite":
        sql = "SELECT rowid FROM tasks_searchindex WHERE tasks_searchindex MATCH %s"
        return RawSQL(sql, [match_expression(phrase)])  # noqa: S611 - only pieces of letters, digits and Han
    found, given = ["to_tsvector('simple', words) @@ to_tsquery('simple', %s)"], [
        tsquery(phrase.words, is_open=phrase.is_open)]  # fmt: skip
    if phrase.initials:
        found.append("to_tsvector('simple', initials) @@ to_tsquery('simple', %s)")
        given.append(tsquery(phrase.initials, is_open=phrase.are_initials_open))
    sql = f"SELECT id FROM tasks_searchtext WHERE {' OR '.join(found)}"  # noqa: S608 - conditions above
    return RawSQL(sql, given)  # noqa: S611


def holding(kind: int, text: str) -> Q:
    """Which units or directives (`kind`) bear all that is typed in their names."""
    phrases: Sequence[Phrase] = parse_query(text)
    if not phrases:
        return Q(pk__in=[])
    return reduce(and_, (Q(pk__in=list_texts(p).filter(kind=kind).values("key")) for p in phrases))

"""Finding by words: the same answers on both databases, each from its own full-text index.

What few tasks hold is gathered from the index first; for what many hold each row is tested as it comes in the order of
the ledger, so that a page is filled soon.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, StrIndex
from django.db.models.lookups import GreaterThan

from luoshi.tasks.models import DIRECTIVE, TASK, UNIT, Duty, SearchLine, SearchText, Task
from luoshi.tasks.rules.searching import (
    Phrase,
    any_expression,
    any_tsquery,
    match_expression,
    parse_query,
    tsquery,
)
from luoshi.tasks.rules.states import DOING

ANY_DOER = tuple(role.value for role in DOING)
FEW = 500  # texts whose keys are sent along
MANY = 20_000  # texts or tasks that are no longer gathered
LAST = "\uffff"  # after every letter there is


def says(text: str) -> Q:
    """Which tasks hold all that is typed, in their words or number, the names of their doers or of their paper."""
    phrases = parse_query(text)
    if not phrases:
        return Q(pk__in=[])
    return reduce(and_, (_holds(phrase) for phrase in phrases))


def _holds(phrase: Phrase) -> Q:
    """Which tasks hold a phrase."""
    few = list(list_texts(phrase).values_list("kind", "key", "pk")[: FEW + 1])
    if len(few) <= FEW:
        keys = {kind: [(row[1], row[2]) for row in rows] for kind, rows in groupby(sorted(few), lambda row: row[0])}
        found = _gather(
            phrase,
            texts=[pk for _key, pk in keys.get(TASK, ())],
            units=[key for key, _pk in keys.get(UNIT, ())],
            papers=[key for key, _pk in keys.get(DIRECTIVE, ())],
        )
        if not found.is_large:
            return found.as_q()
    elif len(list_texts(phrase).filter(kind=TASK).values_list("pk")[: MANY + 1]) <= MANY:
        texts = list_texts(phrase)
        found = _gather(
            phrase,
            texts=texts.filter(kind=TASK).values("pk"),
            units=texts.filter(kind=UNIT).values("key"),
            papers=texts.filter(kind=DIRECTIVE).values("key"),
        )
        if not found.is_large:
            return found.as_q()
    return _test_each(phrase)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Sets of keys of tasks; their union is what is meant."""

    sets: tuple[QuerySet[Any, Any], ...]

    @property
    def is_large(self) -> bool:
        """Are there too many in the sets to be gathered?"""
        if not self.sets:
            return False
        return len(self.sets[0].union(*self.sets[1:], all=True)[: MANY + 1]) > MANY

    def as_q(self) -> Q:
        return Q(pk__in=self.sets[0].union(*self.sets[1:])) if self.sets else Q(pk__in=[])


def _gather(phrase: Phrase, *, texts: Any, units: Any, papers: Any) -> _Gathered:
    found: list[QuerySet[Any, Any]] = []
    if _is_some(texts):
        found.append(SearchLine.objects.filter(text__in=texts).values_list("task"))
    if _is_some(units):
        found.append(Duty.objects.filter(unit__in=units, role__in=ANY_DOER).order_by().values_list("task"))
    if _is_some(papers):
        found.append(Task.objects.filter(clause__directive__in=papers).order_by().values_list("pk"))
    if phrase.code:
        found.append(Task.objects.filter(_is_number(phrase)).order_by().values_list("pk"))
    return _Gathered(tuple(found))


def _is_some(keys: Any) -> bool:
    return bool(keys) if isinstance(keys, list) else True


def _is_number(phrase: Phrase) -> Q:
    """The beginning of a task's number, or with a digit of a part of it."""
    begins = Q(code__startswith=phrase.code)
    if connection.vendor == "sqlite":  # where the beginning of a text is found in an index only so
        begins = Q(code__gte=phrase.code, code__lt=phrase.code + LAST)
    return begins | Q(code__contains=f"-{phrase.code}") if any(map(str.isdigit, phrase.code)) else begins


def _test_each(phrase: Phrase) -> Q:
    """The test of one task: its own keys lead to each text that could hold the phrase."""
    texts = SearchText.objects.filter(_stands(phrase))
    names = texts.filter(kind=UNIT, key=OuterRef("unit_id"))
    papers = texts.filter(kind=DIRECTIVE, key=OuterRef("clause__directive_id"))
    tests: Iterable[Q] = (
        Q(Exists(texts.filter(lines__task=OuterRef("pk")))),
        Q(Exists(Duty.objects.filter(Exists(names), task=OuterRef("pk"), role__in=ANY_DOER).order_by())),
        Q(Exists(papers)),
        *([_is_number(phrase)] if phrase.code else []),
    )
    return reduce(or_, tests)


def _stands(phrase: Phrase) -> Q:
    """Does the phrase stand in a text? Pieces are stored with blanks between, so it is a part of it."""
    found = Q(_is_part("words", phrase.words, is_open=phrase.is_open))
    return (
        found | Q(_is_part("initials", phrase.initials, is_open=phrase.are_initials_open)) if phrase.initials else found
    )


def _is_part(column: str, pieces: tuple[str, ...], *, is_open: bool) -> GreaterThan:
    whole = Concat(Value(" "), column, Value(" "), output_field=TextField())
    return GreaterThan(StrIndex(whole, Value(f" {' '.join(pieces)}" + ("" if is_open else " "))), 0)


def list_texts(phrase: Phrase) -> QuerySet[SearchText]:
    """The texts of every kind in which a phrase stands."""
    return SearchText.objects.filter(pk__in=_match(phrase)).order_by()


def _match(phrase: Phrase) -> RawSQL:
    if connection.vendor == "sqlite":
        sql = "SELECT rowid FROM tasks_searchindex WHERE tasks_searchindex MATCH %s"
        return RawSQL(sql, [match_expression(phrase)])  # noqa: S611 - only pieces of letters, digits and Han
    condition, words = _conditions(phrase)
    return RawSQL(f"SELECT id FROM tasks_searchtext WHERE {condition}", words)  # noqa: S608, S611


def list_sharing(phrases: Sequence[tuple[str, ...]]) -> QuerySet[SearchText]:
    """The texts of tasks that hold one of these phrases (rules.searching.sample_phrases)."""
    if not phrases:
        return SearchText.objects.none()
    if connection.vendor == "sqlite":
        sql, words = "SELECT rowid FROM tasks_searchindex WHERE tasks_searchindex MATCH %s", any_expression(phrases)
    else:
        sql = "SELECT id FROM tasks_searchtext WHERE to_tsvector('simple', words) @@ to_tsquery('simple', %s)"
        words = any_tsquery(phrases)
    found = RawSQL(sql, [words])  # noqa: S611 - only pieces of Han
    return SearchText.objects.filter(pk__in=found, kind=TASK).order_by()


def _conditions(phrase: Phrase) -> tuple[str, list[str]]:
    """PostgreSQL's test of one text, and its parameters."""
    found, words = ["to_tsvector('simple', words) @@ to_tsquery('simple', %s)"], [
        tsquery(phrase.words, is_open=phrase.is_open)]  # fmt: skip
    if phrase.initials:
        found.append("to_tsvector('simple', initials) @@ to_tsquery('simple', %s)")
        words.append(tsquery(phrase.initials, is_open=phrase.are_initials_open))
    return " OR ".join(found), words


def holding(kind: int, text: str) -> Q:
    """Which units or directives (`kind`) bear all that is typed in their names."""
    phrases = parse_query(text)
    if not phrases:
        return Q(pk__in=[])
    return reduce(and_, (Q(pk__in=list_texts(phrase).filter(kind=kind).values("key")) for phrase in phrases))

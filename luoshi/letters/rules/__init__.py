"""Deciding about letters: kinds and their fields, numbers, who may do what."""

from luoshi.letters.rules.access import APPROVERS, DRAFTERS, KEEPERS, may_approve, may_draft, may_keep
from luoshi.letters.rules.addressees import MOST_NAMED, address
from luoshi.letters.rules.forms import default_form
from luoshi.letters.rules.kinds import (
    KINDS,
    MISSING,
    OBJECTION,
    Field,
    Kind,
    LetterKind,
    LetterState,
    Sort,
    asked_of,
    fields_missing,
    fields_of,
)
from luoshi.letters.rules.numbers import is_mark, number_of, usual_mark
from luoshi.letters.rules.values import (
    UNDATED,
    UNNUMBERED,
    clean_fields,
    date_words,
    known_to,
    required_tags,
    sample_fields,
    values_of,
)

__all__ = [
    "APPROVERS",
    "DRAFTERS",
    "KEEPERS",
    "KINDS",
    "MISSING",
    "MOST_NAMED",
    "OBJECTION",
    "UNDATED",
    "UNNUMBERED",
    "Field",
    "Kind",
    "LetterKind",
    "LetterState",
    "Sort",
    "address",
    "asked_of",
    "clean_fields",
    "date_words",
    "default_form",
    "fields_missing",
    "fields_of",
    "is_mark",
    "known_to",
    "may_approve",
    "may_draft",
    "may_keep",
    "number_of",
    "required_tags",
    "sample_fields",
    "usual_mark",
    "values_of",
]

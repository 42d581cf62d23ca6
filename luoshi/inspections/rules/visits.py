"""Answers given on site: what may be answered, what is still open, and whether two copies say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
CHOICES = (YES, NO, NOT_APPLICABLE)
NUMERIC = ("number", "reported")
LONGEST = 2000
Answers = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its number on the list, how it is answered (yes_no, number, text, reported), may it stay open."""

    number: int
    answer: str
    is_optional: bool = False


def read_answers(given: object, asked: Sequence[Asked]) -> tuple[Answers, list[int]]:
    """The answers of known questions in their plain form `{number: {"a": answer, "n": note}}`, and which do not fit.

    An answer and a note that are both empty are left out; what is not understood is named and not kept.
    """
    found: Answers = {}
    wrong: list[int] = []
    rows: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    for question in asked:
        row = rows.get(str(question.number))
        if not isinstance(row, Mapping):
            continue
        answer, note = (str(row.get(key) or "").strip()[:LONGEST] for key in ("a", "n"))
        if answer and not fits(question, answer):
            wrong.append(question.number)
            answer = ""
        if answer or note:
            found[str(question.number)] = {"a": answer, "n": note}
    return found, wrong


def fits(question: Asked, answer: str) -> bool:
    """Is this an answer to the question?"""
    if question.answer == "yes_no":
        return answer in CHOICES
    if question.answer in NUMERIC:
        return number_of(answer) is not None
    return True


def number_of(text: str) -> Decimal | None:
    """The number of an answer, within what the tables hold; None where it is none."""
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return round(value, 4) if value.is_finite() and abs(value) < Decimal(10) ** 14 else None


def still_open(asked: Sequence[Asked], answers: Answers) -> list[int]:
    """The questions that want an answer and have none, by number."""
    return [q.number for q in asked if not q.is_optional and not answers.get(str(q.number), {}).get("a")]


def failed(asked: Sequence[Asked], answers: Answers) -> list[int]:
    """The questions answered with no: what a finding is noted about."""
    return [q.number for q in asked if q.answer == "yes_no" and answers.get(str(q.number), {}).get("a") == NO]

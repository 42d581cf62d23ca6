"""A small language to reckon a unit's base, floor or ceiling from its figures: numbers, names, + - * / ( ) and %."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, DecimalException

LONGEST, DEEPEST = 200, 20
LIKE = str.maketrans("（）＋－×÷＊／％．０１２３４５６７８９", "()+-*/*/%.0123456789")
TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|\[([^\[\]]+)\]|([^\W\d]\w*)|([-+*/()%]))")
Figures = Mapping[str, Decimal]
Value = Callable[[Figures], Decimal]


class BadFormula(ValueError):
    """The formula cannot be read: `code` (empty, too_long, too_deep, unexpected, unclosed, unfinished) at a place."""

    def __init__(self, code: str, *, text: str = "", place: int = 0) -> None:
        self.code, self.text, self.place = code, text, place
        super().__init__(f"{code} at {place}: {text}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as read: the names that it asks for, and its value for a unit's figures."""

    text: str
    names: tuple[str, ...]
    _value: Value

    def value(self, figures: Figures) -> Decimal | None:
        """The value; None where a figure is missing, it divides by zero, or it grows beyond measure."""
        if any(name not in figures for name in self.names):
            return None
        try:
            found = self._value(figures)
        except DecimalException:
            return None
        return found if found.is_finite() and abs(found) < Decimal(10) ** 14 else None


def read_formula(text: str) -> Formula:
    """Read `0.7*人口 + 0.3*上年`; a name of several words stands in [ ]. Raises BadFormula."""
    reader = _Reader(text.translate(LIKE))
    value = reader.sum(0)
    if reader.token:
        raise BadFormula("unexpected", text=reader.token[1], place=reader.token[2])
    return Formula(text.strip(), tuple(dict.fromkeys(reader.names)), value)


class _Reader:
    """Recursive descent over the tokens; nothing is ever evaluated as code."""

    def __init__(self, text: str) -> None:
        if not text.strip():
            raise BadFormula("empty")
        if len(text) > LONGEST:
            raise BadFormula("too_long", place=LONGEST)
        self.tokens = list(_tokens(text.rstrip()))
        self.names: list[str] = []

    @property
    def token(self) -> tuple[str, str, int] | None:
        return self.tokens[0] if self.tokens else None

    def take(self, *signs: str) -> str:
        """The next sign, if it is one of these."""
        if self.token and self.token[0] == "sign" and self.token[1] in signs:
            return self.tokens.pop(0)[1]
        return ""

    def sum(self, depth: int) -> Value:
        value = self.product(depth)
        while sign := self.take("+", "-"):
            value = _joined(sign, value, self.product(depth))
        return value

    def product(self, depth: int) -> Value:
        value = self.single(depth)
        while sign := self.take("*", "/"):
            value = _joined(sign, value, self.single(depth))
        return value

    def single(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise BadFormula("too_deep")
        if self.take("-"):
            inner = self.single(depth + 1)
            return lambda figures: -inner(figures)
        if self.take("("):
            value = self.sum(depth + 1)
            if not self.take(")"):
                raise BadFormula("unclosed")
        else:
            value = self.leaf()
        return _joined("/", value, lambda _figures: Decimal(100)) if self.take("%") else value

    def leaf(self) -> Value:
        if self.token is None:
            raise BadFormula("unfinished")
        kind, text, place = self.tokens.pop(0)
        if kind == "number":
            number = Decimal(text)
            return lambda _figures: number
        if kind == "name":
            self.names.append(text)
            return lambda figures: figures[text]
        raise BadFormula("unexpected", text=text, place=place)


def _joined(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "+":
            return lambda figures: left(figures) + right(figures)
        case "-":
            return lambda figures: left(figures) - right(figures)
        case "*":
            return lambda figures: left(figures) * right(figures)
        case _:
            return lambda figures: left(figures) / right(figures)


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found, place = [], 0
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None:
            raise BadFormula("unexpected", text=text[place:].strip()[:1], place=place)
        number, quoted, name, sign = token.groups()
        kind = "number" if number else "sign" if sign else "name"
        found.append((kind, (number or quoted or name or sign).strip(), token.start() + 1))
        place = token.end()
    return found

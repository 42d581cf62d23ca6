"""The key from which a page of the ledger goes on: a row's value in the order and its number, as links carry them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

SortValue = str | int | Decimal | date | datetime | None
MAX_KEY = 700
BIGGEST = 10**18


@dataclass(frozen=True, slots=True)
class Key:
    """One row's place: `value` as text, None where the row has none and so stands last."""

    id: int
    value: str | None = None


def write_key(id: int, value: SortValue) -> str:
    """A row's place as one parameter of an address."""
    if value is None:
        return str(id)
    return f"{id}~{value.isoformat() if isinstance(value, date) else value}"


def read_key(text: str) -> Key | None:
    """The place that a link names; None for what is no place."""
    number, has_value, value = text.partition("~")
    if not (number.isascii() and number.isdecimal() and len(number) < 17) or len(text) > MAX_KEY or "\x00" in text:
        return None
    return Key(int(number), value if has_value else None)


def read_place(text: str, *, like: type) -> SortValue:
    """A key's value in the type of its column; None for what cannot be that."""
    try:
        if like is datetime:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else None
        if like is date:
            return date.fromisoformat(text)
        if like is Decimal:
            number = Decimal(text)
            return number if number.is_finite() and abs(number) < BIGGEST else None
        return (int(text) if len(text) < 10 else None) if like is int else text
    except (ValueError, InvalidOperation):
        return None

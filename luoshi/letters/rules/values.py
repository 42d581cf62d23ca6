"""Values as paper shows them: dates without leading zeros, rows with numbers, a dash for what is not there."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from luoshi.letters.rules.kinds import KINDS, MISSING, Field, Sort, asked_of, fields_of
from luoshi.papers.writing import Known, Missing

SERIAL = "序号"
ATTACHMENT = "附件："
MOST_ROWS = 400
MOST_WORDS = 20_000
UNNUMBERED, UNDATED = "〔　　〕　号", "　　年　月　日"


def known_to(kind: str) -> Known:
    """What a template of the kind may name: each field by its tag or by its name in data."""
    single: set[str] = set()
    rows: dict[str, frozenset[str]] = {}
    for field in fields_of(kind):
        if field.sort == Sort.ROWS:
            rows |= dict.fromkeys((field.tag, field.name), frozenset((SERIAL, *field.columns)))
        else:
            single |= {field.tag, field.name}
    return Known(frozenset(single), rows)


def required_tags(kind: str) -> tuple[str, ...]:
    """The tags without which a template of the kind is not whole: its required fields, number, issuer and date."""
    return ("发文机关", "发文字号", "成文日期", *(field.tag for field in asked_of(kind) if field.required))


def date_words(day: date) -> str:
    """A date as official paper writes it (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def values_of(kind: str, fields: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The values of a letter under the tags and the names of its fields; `given` is what is known at issue."""
    values: dict[str, Any] = {}
    for field in fields_of(kind):
        kept = given.get(field.name, fields.get(field.name))
        values[field.tag] = values[field.name] = _shown(field, kept)
    return values


def _shown(field: Field, kept: Any) -> Any:
    if field.sort == Sort.ROWS:
        return [_row(field, n, cells) for n, cells in enumerate(kept or (), 1)]
    if not kept:
        return Missing(MISSING)
    if field.name == "attachments":
        return _listed(str(kept))
    if field.sort == Sort.DATE:
        return date_words(date.fromisoformat(str(kept)[:10]))
    return str(kept)


def _row(field: Field, number: int, cells: Sequence[Any]) -> dict[str, str]:
    words = [str(cell) if cell not in (None, "") else MISSING for cell in cells]
    words += [MISSING] * (len(field.columns) - len(words))
    return {SERIAL: str(number), **dict(zip(field.columns, words, strict=False))}


def _listed(names: str) -> str:
    """附件说明: numbered when there are several, each below the other, without a mark at the end (7.3.4)."""
    lines = [line.strip().rstrip("。；;") for line in names.splitlines() if line.strip()]
    if len(lines) == 1:
        return ATTACHMENT + lines[0]
    indent = "　" * len(ATTACHMENT)
    return "\n".join(f"{indent if n > 1 else ATTACHMENT}{n}. {line}" for n, line in enumerate(lines, 1))


def clean_fields(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a kind as they are kept: text, ISO dates and rows of text; what is of no use is left out."""
    kept: dict[str, Any] = {}
    for field in asked_of(kind):
        value = fields.get(field.name)
        if value in (None, "", [], ()):
            continue
        if field.sort == Sort.ROWS:
            kept[field.name] = [[_text(cell) for cell in row] for row in value][:MOST_ROWS]
        elif field.sort == Sort.DATE:
            kept[field.name] = (
                value.isoformat() if isinstance(value, date) else date.fromisoformat(str(value)).isoformat()
            )
        else:
            kept[field.name] = _text(value)[:MOST_WORDS]
    return {name: value for name, value in kept.items() if value}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return date_words(value) if isinstance(value, date) else str(value).strip()


def sample_fields(kind: str) -> dict[str, Any]:
    """Words to show a template with: what each field is called stands where its value would."""
    sample: dict[str, Any] = {}
    for field in asked_of(kind):
        if field.sort == Sort.ROWS:
            sample[field.name] = [list(field.columns), list(field.columns)]
        elif field.sort == Sort.DATE:
            sample[field.name] = "2026-06-30"
        else:
            sample[field.name] = f"（{field.tag}）"
    return {**sample, "title": f"{KINDS[kind].title}（样例）"}

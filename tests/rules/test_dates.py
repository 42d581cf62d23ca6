"""A date that somebody types or sends is refused where it lies beyond all plans, wherever it comes in."""

import ast
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from annotated_types import Ge
from pydantic import BaseModel

from config.urls import api

ROOMS = Path(__file__).parents[2] / "luoshi"


def test_forms_take_days_within_the_years_of_plans() -> None:
    files = [file for file in sorted(ROOMS.rglob("*.py")) if file != ROOMS / "core/forms.py"]
    calls = [
        f"{file.relative_to(ROOMS)}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "forms.DateField"
    ]
    assert calls == []


def test_the_api_takes_days_within_the_years_of_plans() -> None:
    found = {
        f"{operation.view_func.__name__}: {name}"
        for _prefix, router in api._routers
        for path in router.path_operations.values()
        for operation in path.operations
        for model in operation.models
        for name in unbounded(model)
    }
    assert found == set()


def unbounded(model: type[BaseModel], seen: frozenset[type] = frozenset()) -> Iterator[str]:
    """The names of fields that take any date."""
    for name, field in model.model_fields.items():
        bounded = any(isinstance(m, Ge) for m in field.metadata)
        for kind, within in kinds(field.annotation, bounded=bounded):
            if kind is date and not within:
                yield name
            elif isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in seen:
                yield from (f"{name}.{inner}" for inner in unbounded(kind, seen | {kind}))


def kinds(annotation: Any, *, bounded: bool) -> Iterator[tuple[Any, bool]]:
    """The types within an annotation, and whether a date among them has a lower bound."""
    metadata = getattr(annotation, "__metadata__", ())
    bounded = bounded or any(isinstance(part, Ge) for m in metadata for part in (m, *getattr(m, "metadata", ())))
    arguments = get_args(annotation)
    if not arguments or metadata:
        kind = arguments[0] if metadata else annotation
        yield kind if kind is not datetime else None, bounded
        return
    for argument in arguments:
        yield from kinds(argument, bounded=bounded)

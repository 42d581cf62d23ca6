"""Rows are locked so that others may still refer to them."""

import ast
from pathlib import Path

ROOMS = Path(__file__).parents[2] / "luoshi"


def test_rows_are_locked_without_their_keys() -> None:
    """A transaction that refers to a row asks for the row's key when it commits, holding the journal: who locked the
    key too and waits for the journal would wait for ever. Only the journal's own row is locked whole.
    """
    calls = [
        (f"{file.relative_to(ROOMS)}:{node.lineno}", ast.unparse(node.func), {k.arg for k in node.keywords})
        for file in sorted(ROOMS.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".select_for_update")
    ]
    found = [(place, given) for place, words, given in calls if not words.startswith("ChainHead.")]
    assert len(found) > 30
    assert [place for place, given in found if "no_key" not in given] == []

"""What is collected for translation: every text that code marks, wherever it stands."""

from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Message

from luoshi.core.management.commands.messages import KEYWORDS, _fits, extract_python

SOURCE = """
said = f"{words} {_('The units were told.')}"
many = ngettext("%(n)s task", "%(n)s " "tasks", n)
other = str("not marked")
"""


def test_texts_inside_f_strings_and_joined_texts_are_collected() -> None:
    found = extract_python(BytesIO(SOURCE.encode()), KEYWORDS, ())
    assert {texts for _line, _name, texts, _comments in found} == {
        ("The units were told.",),
        ("%(n)s task", "%(n)s tasks", None),
    }


@pytest.mark.parametrize(
    ("text", "translation", "fits"),
    [
        ("%(n)s tasks", "%(n)s项任务", True),
        (("%(n)s task", "%(n)s tasks"), ("%(n)s项任务",), True),
        ("%(n)s tasks", "%(m)s项任务", False),
        ("%(n)s tasks", "任务", False),
        ("%(n)s tasks", "%(n)s%项", False),
        ("100% done", "完成100%", True),
    ],
)
def test_translation_names_the_values_of_its_text(text: Any, translation: Any, *, fits: bool) -> None:
    assert _fits(Message(text, translation)) is fits

"""What is collected for translation: every text that code marks, wherever it stands."""

from io import BytesIO

from luoshi.core.management.commands.messages import KEYWORDS, extract_python

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

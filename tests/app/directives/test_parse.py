"""`luoshi parse`: readable words, or JSON of the agreed shape; one clear line for a file that cannot be read."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.directives import PAPER


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "分工.txt"
    file.write_bytes(PAPER.encode("gb18030"))
    return file


def test_json_holds_one_item_per_duty_without_touching_the_database(paper: Path) -> None:
    out = StringIO()
    call_command("parse", str(paper), "--json", stdout=out)
    items = json.loads(out.getvalue())["items"]
    assert [(i["outline"], i["due"]) for i in items][:2] == [("一/（一）", "2026-10-31"), ("一/（二）", "2026-11-30")]
    assert items[0]["lead"] == ["县农业农村局"]
    assert items[0]["targets"][0] | {"name": ""} == {"name": "", "op": ">=", "value": 42.6, "unit": "万亩"}


def test_words_for_people_name_the_roles(paper: Path) -> None:
    out = StringIO()
    call_command("parse", str(paper), stdout=out)
    assert "牵头单位：县农业农村局" in out.getvalue()
    assert "2026-10-31 10月底前" in out.getvalue()


def test_unreadable_file_gives_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ")
    with pytest.raises(CommandError, match=r"a\.exe: .+") as refusal:
        call_command("parse", str(tmp_path / "a.exe"))
    assert "\n" not in str(refusal.value)
    with pytest.raises(CommandError):
        call_command("parse", str(tmp_path / "none.txt"))

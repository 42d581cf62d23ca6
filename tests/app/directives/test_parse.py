"""`luoshi parse`: readable words, or JSON of the agreed shape; one clear line for a file that cannot be read."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from luoshi.demo.ofd import write_ofd
from tests.factories.directives import PAPER

pytestmark = pytest.mark.one_database


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
    target = items[0]["targets"][0]
    assert (target["op"], target["value"], target["unit"]) == (">=", 42.6, "万亩")


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


def test_text_comes_with_its_places_from_paper_of_any_kind(tmp_path: Path) -> None:
    file = tmp_path / "分工.ofd"
    file.write_bytes(write_ofd(PAPER))
    out = StringIO()
    call_command("parse", str(file), "--text", stdout=out)
    lines = [line.split("\t", 1) for line in out.getvalue().splitlines()]
    assert all(place.startswith("p") for place, _words in lines)
    assert "".join(words for _place, words in lines).replace(" ", "") == PAPER.replace("\n", "").replace(" ", "")

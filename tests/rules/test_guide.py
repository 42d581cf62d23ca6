"""The user guide is whole: links and pictures exist, and every code that a reader may meet is explained twice."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from luoshi.core.policy import Policy
from luoshi.core.rules import chain
from luoshi.insight.rules import Need
from luoshi.notices.rules.answers import Trouble
from luoshi.progress.rules.lights import PALETTES, Condition
from luoshi.tasks.models import LINT_TEXTS
from luoshi.tasks.rules.linter import LINT_RULES, Severity
from tests.rules.test_documents import ROOT, read, tracked

GUIDE = ROOT / "docs" / "guide"
LANGUAGES = ("zh", "en")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PAGES = sorted(path.stem for path in (GUIDE / "zh").glob("*.md"))


def page(language: str, name: str) -> str:
    return (GUIDE / language / f"{name}.md").read_text(encoding="utf-8")


def first_column(text: str) -> set[str]:
    """The codes that stand alone at the head of a table's row."""
    return set(re.findall(r"^\| `(\w+)`(?: ●)? \|", text, re.MULTILINE))


def tree(name: str) -> ast.Module:
    return ast.parse(read(name))


def strings(node: ast.AST) -> Iterator[str]:
    """The strings that an expression may come to: of a conditional both branches, of a dict its values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from strings(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for item in node.elts:
            yield from strings(item)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        yield from strings(node.func.value)


def note_codes() -> set[str]:
    """Every code that the reading of a paper may leave on a proposal."""
    found: set[str] = set()
    for path in (ROOT / "luoshi" / "directives" / "rules").glob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        tables = {ast.unparse(n.targets[0]): n.value for n in module.body if isinstance(n, ast.Assign)}
        for node in ast.walk(module):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
                if name == "note" or (name == "append" and owner == "codes"):
                    found |= {s for arg in node.args for s in strings(arg)}
                for keyword in node.keywords:
                    if keyword.arg in ("note", "notes", "extra"):
                        value = keyword.value  # or a row of a table of codes
                        row = isinstance(value, ast.Subscript) and tables.get(ast.unparse(value.value))
                        found |= set(strings(row or value))
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "extra":
                found |= set(strings(node.value))
    return found - {""}


def labelled_notes() -> set[str]:
    """The notes that the review page has a sentence for."""
    for node in tree("luoshi/directives/models.py").body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "NOTE_LABELS":
            assert isinstance(node.value, ast.Dict)
            return {s for key in node.value.keys if key is not None for s in strings(key)}
    raise AssertionError("NOTE_LABELS is gone")


def commands() -> set[str]:
    found = (ROOT / "luoshi").glob("*/management/commands/*.py")
    return {path.stem for path in found if path.stem != "__init__"}


def chain_faults() -> set[str]:
    nodes = ast.walk(ast.parse(Path(chain.__file__).read_text(encoding="utf-8")))
    named = (c for c in nodes if isinstance(c, ast.Call) and ast.unparse(c.func) == "Fault")
    return {s for call in named for arg in call.args for s in strings(arg)}


def documents() -> list[Path]:
    return [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted(GUIDE.rglob("*.md"))]


def test_every_link_and_picture_leads_to_a_tracked_file() -> None:
    known = set(tracked())
    missing = []
    for document in documents():
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            if "://" in target or target.startswith("#"):
                continue
            path = (document.parent / target.partition("#")[0]).resolve()
            name = path.relative_to(ROOT).as_posix()
            if name not in known and not (path.is_dir() and any(k.startswith(f"{name}/") for k in known)):
                missing.append(f"{document.relative_to(ROOT)} → {target}")
    assert not missing


def test_index_names_every_page_in_both_languages() -> None:
    text = read("docs/guide/README.md")
    for language in LANGUAGES:
        linked = set(re.findall(rf"\({language}/(\w+)\.md\)", text))
        written = {path.stem for path in (GUIDE / language).glob("*.md")}
        assert linked == written
    assert sorted(path.stem for path in (GUIDE / "en").glob("*.md")) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_say_the_same_in_the_same_order(name: str) -> None:
    chinese, english = page("zh", name), page("en", name)
    assert re.findall(r"^#+", chinese, re.MULTILINE) == re.findall(r"^#+", english, re.MULTILINE)
    assert re.findall(r"pictures/[\w-]+\.png", chinese) == re.findall(r"pictures/[\w-]+\.png", english)
    assert first_column(chinese) == first_column(english)
    assert f"(../en/{name}.md)" in chinese
    assert f"(../zh/{name}.md)" in english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_of_the_linter_is_explained(language: str) -> None:
    assert first_column(page(language, "linter")) == {rule.code for rule in LINT_RULES} == set(LINT_TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_marked_as_blocking_are_those_of_the_preset(language: str) -> None:
    marked = set(re.findall(r"^\| `(\w+)` ●", page(language, "linter"), re.MULTILINE))
    assert marked == {rule.code for rule in LINT_RULES if rule.severity == Severity.STOP} == set(Policy().lint_blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_and_palette_of_a_light_is_explained(language: str) -> None:
    assert first_column(page(language, "lights")) == {c.value for c in Condition} | set(PALETTES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_remark_on_a_proposal_is_explained(language: str) -> None:
    codes = note_codes()
    assert labelled_notes() <= codes
    assert first_column(page(language, "reading")) == codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_need_of_the_needle_is_explained_in_its_order(language: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", page(language, "needle"), re.MULTILINE)
    assert rows == [need.value for need in Need]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_of_a_delivery_is_explained(language: str) -> None:
    assert first_column(page(language, "notices")) == {trouble.value for trouble in Trouble}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_the_journal_is_explained(language: str) -> None:
    assert first_column(page(language, "journal")) == chain_faults()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_ours_is_documented(language: str) -> None:
    text = page(language, "admin")
    assert {"serve", "journal", "parse"} <= commands()
    assert not [name for name in commands() if not re.search(rf"^\| `luoshi {name}\b", text, re.MULTILINE)]
    assert set(re.findall(r"luoshi (\w+)", text)) <= commands() | {"migrate", "createsuperuser"}

"""`luoshi messages`: collect user-facing strings from Python and Jinja2, and compile the translations."""

import ast
import io
import re
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def extract_python(
    file: IO[bytes], keywords: Collection[str], _comments: object, **_options: object
) -> Iterator[tuple[int, str, tuple[Any, ...], list[str]]]:
    """The texts of a Python file, also those inside f-strings, which Babel's reader of tokens does not see."""
    for call in ast.walk(ast.parse(file.read())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in keywords:
            texts = tuple(text.value if isinstance(text, ast.Constant) else None for text in call.args)
            if texts and isinstance(texts[0], str):
                yield call.lineno, call.func.id, texts, []


NAMED = re.compile(r"%\((\w+)\)")
METHODS = [("**/tests/**", "ignore"), ("**.py", f"{__name__}:extract_python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {
    "**/templates/**.html": {
        "extensions": "jinja2.ext.i18n,jinja2.ext.loopcontrols",
        "newstyle_gettext": "true",
        "trimmed": "true",
        "silent": "false",
    }
}


class Command(BaseCommand):
    help = "Collect user-facing strings into locale/ and compile them; --check fails on an untranslated one."

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--check", action="store_true", help="change nothing in locale/*.po; fail when it is not complete"
        )
        how.add_argument("--compile", action="store_true", help="only compile what is translated")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.LOCALE_PATHS[0]) / "zh_Hans/LC_MESSAGES/django.po"
        catalog = _read(path)
        if options["compile"]:
            _write_mo(path, catalog)
            return
        catalog.update(_extract(Path(settings.BASE_DIR) / "luoshi"), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        missing = [message for message in catalog if message.id and not _is_translated(message)]
        if not options["check"]:
            _write_po(path, catalog)
        _write_mo(path, catalog)
        for message in missing[:40]:
            where = ", ".join(f"{file}:{line}" for file, line in message.locations[:2])
            self.stderr.write(f"untranslated: {message.id!r} ({where})")
        broken = [message for message in catalog if message.id and message.string and not _fits(message)]
        for message in broken[:40]:
            self.stderr.write(f"names other values than the text it translates: {message.id!r}")
        if broken:
            raise CommandError(f"{len(broken)} translations name other values than their texts")
        if missing:
            raise CommandError(f"{len(missing)} strings have no Chinese in locale/zh_Hans/LC_MESSAGES/django.po")
        self.stdout.write(f"{len(catalog)} strings, all translated")


def _read(path: Path) -> Catalog:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return Catalog(locale="zh_Hans", project="Luoshi", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", charset="utf-8")


def _extract(root: Path) -> Catalog:
    found = Catalog(charset="utf-8")
    for name, line, message, comments, context in extract_from_dir(
        str(root), method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS
    ):
        found.add(message, None, [(f"luoshi/{name}", line)], auto_comments=comments, context=context)
    return found


def _is_translated(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(strings) and not message.fuzzy


def _fits(message: Any) -> bool:
    """Does each translation name the values that its text names, and can it be filled with them?"""
    texts = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    named = [set(NAMED.findall(text)) for text in texts]
    if not any(named):
        return True
    try:
        return all(string % defaultdict(int) and set(NAMED.findall(string)) in named for string in strings if string)
    except (TypeError, ValueError):
        return False


def _write_mo(path: Path, catalog: Catalog) -> None:
    with path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalog)


def _write_po(path: Path, catalog: Catalog) -> None:
    """Write without line numbers and dates, so that a change of strings is all that a diff shows."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, no_location=True, omit_header=False, sort_output=True, width=0)
    lines = [line for line in buffer.getvalue().splitlines(keepends=True) if b"-Date:" not in line]
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.writelines(lines)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(path)

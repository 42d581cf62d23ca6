"""Words as they are searched: pairs of Han characters, runs of letters or digits, initials of pinyin.

A text and what somebody types are cut alike, and each piece keeps its place, so that a phrase is found wherever it
stands. Punctuation and white space inside a text part nothing but runs of letters and of digits.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

BREAK = "0x0"  # between fields: nothing that is typed is cut so, and no phrase reaches across
MOST_TEXT = 8_000  # characters of one field that are searched
MOST_PHRASES = 6
LONGEST_RUN = 40
PAIRS = 3  # of neighbouring characters in a sampled phrase
_RUN = re.compile(r"[㐀-鿿豈-﫿〇𠀀-𲎯]+|[^\W\d_㐀-鿿豈-﫿〇𠀀-𲎯]+|\d+")
_NUMBERED = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d{1,4})(?=号)")  # 国发20265号, typed without brackets
_CODE = re.compile(r"[^0-9A-Z]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Pieces that stand one after the other; the last may be only the beginning of one. `code` reads it as a number.

    `initials` are the pieces of the same letters taken for pinyin; without any it can only be words.
    """

    words: tuple[str, ...]
    is_open: bool
    code: str = ""
    initials: tuple[str, ...] = ()
    are_initials_open: bool = False


def plain(text: str) -> str:
    """Full-width and compatibility forms as plain ones, in small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def cut(text: str) -> list[str]:
    """The pieces of one field, in their places."""
    return list(_cut(plain(text[:MOST_TEXT])))


def _cut(text: str) -> Iterator[str]:
    """Each Han character with the next one, also across punctuation; runs of letters and of digits as they are."""
    before = ""
    for run in _RUN.findall(text):
        if is_han(run[0]):
            for char in run:
                if before:
                    yield before + char
                before = char
            continue
        if before:
            yield before
            before = ""
        yield from (run[n : n + LONGEST_RUN] for n in range(0, len(run), LONGEST_RUN))
    if before:
        yield before


def is_han(char: str) -> bool:
    """Is this a Chinese character?"""
    return "\u3400" <= char <= "\u9fff" or char == "〇" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000"


def words_of(*fields: str) -> str:
    """What is searched of a text of several fields, pieces parted by blanks."""
    return f" {BREAK} ".join(" ".join(cut(field)) for field in fields if field)


def initials_of(title: str) -> str:
    """The initials of the pinyin of a title in overlapping threes: 城镇新增就业 gives czx zxz xzj zjy jy y."""
    letters = "".join(char if is_han(char) else " " for char in plain(title) if is_han(char) or char.isalnum())
    return " ".join(_threes(run) for run in letters.split())


@lru_cache(maxsize=20_000)
def _threes(run: str) -> str:
    from pypinyin import Style, lazy_pinyin

    letters = "".join(_first(lazy_pinyin(run, style=Style.FIRST_LETTER)))
    return " ".join(letters[n : n + 3] for n in range(len(letters)))


def _first(letters: list[str]) -> Iterator[str]:
    """One letter of each; a character without a reading stands as a mark that nobody types."""
    return (letter[0] if letter and "a" <= letter[0] <= "z" else "0" for letter in letters)


def parse_query(text: str) -> list[Phrase]:
    """What is looked for: everything that was typed between two blanks must be there, each as a phrase."""
    found = [_phrase(_NUMBERED.sub(r"\1-\2", part)) for part in plain(text[:200]).split()]
    return [phrase for phrase in found if phrase.words][:MOST_PHRASES]


def _phrase(text: str) -> Phrase:
    words = list(_cut(text))
    tail = words[-1] if words else ""
    is_pair = len(tail) > 1 and is_han(tail[0])
    if not is_pair and len(words) > 1 and is_han(tail[0]) and len(words[-2]) > 1 and is_han(words[-2][0]):
        words.pop()  # the pair before it holds the character already, and what follows is not known
        is_pair = True
    code = _CODE.sub("-", text.upper()).strip("-")
    letters = text if re.fullmatch(r"[a-z]{2,20}", text) else ""
    threes = tuple(letters[n : n + 3] for n in range(max(1, len(letters) - 2))) if letters else ()
    return Phrase(
        tuple(words), not is_pair, code if text.isascii() and len(code) > 1 else "", threes, len(letters) == 2
    )


def sample_phrases(text: str, *, most: int) -> list[tuple[str, ...]]:
    """Phrases of four Han characters, evenly over a text: one that is much like it holds at least one of them."""
    pieces = cut(text)
    runs = [tuple(pieces[n : n + PAIRS]) for n in range(len(pieces) - PAIRS + 1)]
    found = list(dict.fromkeys(run for run in runs if all(len(pair) > 1 and is_han(pair[0]) for pair in run)))
    return [found[n * len(found) // most] for n in range(most)] if len(found) > most else found


def stands_in(phrase: Phrase, *, words: str, initials: str = "") -> bool:
    """Does the phrase stand in a text of `words_of` and `initials_of`?"""
    found = _is_part(words, phrase.words, is_open=phrase.is_open)
    return found or (bool(phrase.initials) and _is_part(initials, phrase.initials, is_open=phrase.are_initials_open))


def _is_part(text: str, pieces: tuple[str, ...], *, is_open: bool) -> bool:
    return f" {' '.join(pieces)}{'' if is_open else ' '}" in f" {text} "


def excerpt(text: str, typed: str, *, reach: int = 18) -> tuple[str, str, str] | None:
    """The first place of a text that holds something typed: what stands before it, itself, and what stands after."""
    low = text.lower()
    for part in typed.lower().split():
        at = low.find(part)
        if at >= 0 and len(low) == len(text):
            start, end = max(0, at - reach), at + len(part) + reach
            before = ("…" if start else "") + text[start:at]
            return before, text[at : at + len(part)], text[at + len(part) : end] + ("…" if end < len(text) else "")
    return None


def key_of(*fields: str) -> int:
    """A number that stands for a text: the same text always has the same one."""
    digest = hashlib.blake2b("\0".join(fields).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def match_expression(phrase: Phrase) -> str:
    """The phrase as SQLite's full-text search reads it."""
    found = f"words : {_quoted(phrase.words, is_open=phrase.is_open)}"
    if not phrase.initials:
        return found
    return f"({found}) OR (initials : {_quoted(phrase.initials, is_open=phrase.are_initials_open)})"


def _quoted(words: tuple[str, ...], *, is_open: bool) -> str:
    return '"' + " ".join(words) + '"' + (" *" if is_open else "")


def any_expression(phrases: Sequence[tuple[str, ...]]) -> str:
    """Texts that hold one of the phrases, as SQLite's full-text search reads it."""
    return f"words : ({' OR '.join(_quoted(words, is_open=False) for words in phrases)})"


def any_tsquery(phrases: Sequence[tuple[str, ...]]) -> str:
    """Texts that hold one of the phrases, as PostgreSQL's full-text search reads it."""
    return " | ".join(f"({tsquery(words, is_open=False)})" for words in phrases)


def tsquery(words: tuple[str, ...], *, is_open: bool) -> str:
    """The pieces as PostgreSQL's full-text search reads them."""
    return " <-> ".join(f"'{word}'" for word in words) + (":*" if is_open else "")

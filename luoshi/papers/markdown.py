"""Takes the marks of Markdown off a paper that was pasted with them: ## headings and **bold** words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from luoshi.papers.facts import Paragraph

HEADING = re.compile(r"#{1,6}\s+(?=\S)")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
RULE = re.compile(r"(-{3,}|\*{3,}|_{3,})")
ENOUGH = 3


def without_marks(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs without the marks, where there are enough of them to be no accident."""
    marked = sum(bool(HEADING.match(p.text) or BOLD.search(p.text)) for p in paragraphs)
    if marked < ENOUGH:
        return list(paragraphs)
    kept = (replace(p, text=_plain(p.text)) for p in paragraphs if not RULE.fullmatch(p.text))
    return [p for p in kept if p.text]


def _plain(text: str) -> str:
    return BOLD.sub(r"\1", HEADING.sub("", text, count=1) if HEADING.match(text) else text)

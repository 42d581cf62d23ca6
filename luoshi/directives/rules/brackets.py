"""Brackets of every kind that official paper uses, matched in one pass."""

from collections.abc import Iterator

OPEN = "（(〔[［【〈"
CLOSE = "）)〕]］】〉"
DEPTH = 6


def unclosed(text: str) -> bool:
    """Tell whether a bracket is still open at the end of a text."""
    depth = 0
    for char in text:
        if char in OPEN:
            depth += 1
        elif char in CLOSE and depth:
            depth -= 1
    return depth > 0


def depth_of(text: str) -> int:
    """Return how many brackets a text leaves open, negative where it closes more."""
    return sum(c in OPEN for c in text) - sum(c in CLOSE for c in text)


def closes(text: str) -> bool:
    """Tell whether a text closes a bracket that was opened before it."""
    depth = 1
    for char in text:
        depth += (char in OPEN) - (char in CLOSE)
        if not depth:
            return True
    return False


def pairs(text: str, *, limit: int) -> list[tuple[int, int]]:
    """Return (start, end) of each bracket up to `limit` long and six deep, outer before inner, brackets included."""
    opened: list[int] = []
    found: list[tuple[int, int]] = []
    for index, char in enumerate(text):
        if char in OPEN:
            opened.append(index)
        elif char in CLOSE and opened:
            begin = opened.pop()
            if index - begin < limit and len(opened) < DEPTH:
                found.append((begin, index + 1))
    return sorted(found)


def without_unclosed(text: str) -> str:
    """Return a text with a semicolon for each bracket that nothing closes, as a poor copy leaves it."""
    opened: list[int] = []
    for index, char in enumerate(text):
        if char in OPEN:
            opened.append(index)
        elif char in CLOSE and opened:
            opened.pop()
    chars = list(text)
    for index in opened:
        chars[index] = "；"
    return "".join(chars)


def split_outside(text: str, separators: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the parts between separators that stand outside brackets."""
    depth, start = 0, 0
    for index, char in enumerate(text):
        if char in OPEN:
            depth += 1
        elif char in CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and char in separators:
            yield start, index
            start = index + 1
    yield start, len(text)

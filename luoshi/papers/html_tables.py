"""Turns a web page's table into rows, each cell in its column: what a merged cell covers stays empty."""

from collections.abc import Callable, Iterator

from lxml import etree

from luoshi.papers.facts import Paragraph

MOST_COLUMNS = 100
MOST_ROWS_COVERED = 1000
LONG_CELL = 3000

Lines = Callable[["etree._Element"], list[str]]


def is_laid_out(table: "etree._Element") -> bool:
    """Tell whether a table only places blocks of the page: it has one column, tables inside, or very long cells."""
    rows = list(_rows(table))
    if not any(len(list(_cells(row))) > 1 for row in rows) or table.find(".//table") is not None:
        return True
    return any(sum(map(len, cell.itertext())) > LONG_CELL for row in rows for cell in _cells(row))


def as_rows(table: "etree._Element", source: str, lines: Lines) -> Iterator[Paragraph]:
    """Yield a table's caption and rows; cells between tabs."""
    for caption in table.iterfind("caption"):
        yield from (Paragraph(line, source) for line in lines(caption))
    covered: dict[int, int] = {}  # column → rows that a cell above still covers
    for number, row in enumerate(_rows(table), start=1):
        merged = any(covered.values())
        columns = _columns(row, covered, lines)
        filled = [(i, found) for i, found in enumerate(columns, start=1) if found]
        if len(filled) == 1 and not merged:
            yield from (Paragraph(line, f"{source}r{number}c{filled[0][0]}") for line in filled[0][1])
        elif filled:
            yield Paragraph("\t".join(" ".join(found) for found in columns), f"{source}r{number}")


def _columns(row: "etree._Element", covered: dict[int, int], lines: Lines) -> list[list[str]]:
    found: list[list[str]] = []

    def skip() -> None:
        while covered.get(len(found), 0) and len(found) < MOST_COLUMNS:
            covered[len(found)] -= 1
            found.append([])

    for cell in _cells(row):
        skip()
        across = _span(cell.get("colspan"), MOST_COLUMNS - len(found))
        down = _span(cell.get("rowspan"), MOST_ROWS_COVERED) - 1
        words = lines(cell)
        for offset in range(across):
            if down:
                covered[len(found)] = down
            found.append([] if offset else words)
    skip()
    return found


def _span(words: str | None, most: int) -> int:
    number = int(words) if words and words.isdecimal() and len(words) < 6 else 1
    return max(1, min(number or 1, most))


def _rows(table: "etree._Element") -> Iterator["etree._Element"]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from child.iterfind("tr")


def _cells(row: "etree._Element") -> Iterator["etree._Element"]:
    return (child for child in row if child.tag in ("td", "th"))

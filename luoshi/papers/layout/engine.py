"""Understands the pages of a paper: tables apart, furniture dropped, lines joined into paragraphs."""

from collections.abc import Iterator, Sequence

from luoshi.papers.facts import Limits, Paragraph
from luoshi.papers.layout.aligned import Columns, columns_of, take_aligned
from luoshi.papers.layout.columns import in_columns
from luoshi.papers.layout.facts import PageContent
from luoshi.papers.layout.flow import Measures, measure_pages, paragraphs_of
from luoshi.papers.layout.furniture import without_furniture
from luoshi.papers.layout.lines import Line, read_lines
from luoshi.papers.layout.tables import Table, join_tables, take_tables, write_table
from luoshi.papers.layout.turning import turned_back
from luoshi.papers.layout.writing import Writer, page_sizes
from luoshi.papers.refusals import UnreadablePaper


def lay_out(pages: Sequence[PageContent], *, limits: Limits) -> list[Paragraph]:
    """Turn placed characters and ruling lines into paragraphs and table rows. Raises UnreadablePaper."""
    if sum(len(page.glyphs) for page in pages) > limits.max_characters:
        raise UnreadablePaper("too_large")
    tables: dict[int, list[Table]] = {}
    lines: dict[int, list[Line]] = {}
    for page in pages:
        tables[page.number], rest = take_tables(page)
        lines[page.number] = read_lines(rest, page=page)
    lines = without_furniture(pages, lines)
    _take_aligned(pages, lines, tables)
    lines = {n: in_columns(rows) if not tables[n] else rows for n, rows in lines.items()}
    measures = measure_pages(row for rows in lines.values() for row in rows)
    writer = Writer(page_sizes(pages))
    by_number = {page.number: page for page in pages}
    found: list[Paragraph] = []
    for paragraph in _written(_blocks(pages, lines, tables), measures, writer):
        if len(found) >= limits.max_paragraphs:
            raise UnreadablePaper("too_large")
        found.append(turned_back(paragraph, by_number))
    return found


def _take_aligned(pages: Sequence[PageContent], lines: dict[int, list[Line]], tables: dict[int, list[Table]]) -> None:
    """Move the lines of tables that nothing rules from a page's lines to its tables."""
    going_on: Columns | None = None
    for page in pages:
        found, rest = take_aligned(lines[page.number], page, going_on=going_on)
        going_on = columns_of(found, rest)
        lines[page.number] = rest
        tables[page.number] = sorted([*tables[page.number], *found], key=lambda table: table.top)


def _blocks(
    pages: Sequence[PageContent], lines: dict[int, list[Line]], tables: dict[int, list[Table]]
) -> Iterator[list[Line] | Table]:
    """Yield stretches of lines and whole tables in reading order, over all pages."""
    held: list[Line] | Table = []
    for page in pages:
        here: list[Line | Table] = [*lines[page.number], *tables[page.number]]
        if tables[page.number]:
            here.sort(key=lambda b: b.top if isinstance(b, Table) else b.middle)
        for block in here:
            if isinstance(block, Line) and isinstance(held, list):
                held.append(block)
            elif not (isinstance(block, Table) and isinstance(held, Table) and join_tables(held, block)):
                yield held
                held = block if isinstance(block, Table) else [block]
    yield held


def _written(blocks: Iterator[list[Line] | Table], measures: Measures, writer: Writer) -> Iterator[Paragraph]:
    count = tables = 0
    for block in blocks:
        if isinstance(block, Table):
            tables += 1
            yield from write_table(block, writer, number=tables)
            continue
        for group in paragraphs_of(block, measures):
            count += 1
            writer.add_lines(group)
            yield writer.paragraph(f"p{count}")
